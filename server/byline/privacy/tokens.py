"""Tokens that tell by their own shape what they are: the prefixes that providers give them.

A known prefix with 16 characters behind it is a secret whatever they are; more are asked for where the prefix is short
or an ordinary word.
"""

from __future__ import annotations

from byline.privacy.pattern import Pattern

# Nothing of a longer word stands before it; an escape sequence is no word: `\n`, `\x3d`, `\u003d`, `%3D`, a colour.
_START = (
    r"(?:^|[^0-9A-Za-z]|\\(?:[nrt]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2}"
    r"|\x1b\[[0-9;]{0,12}m|\[[0-9;]{1,12}m)"
)


def _prefixed(kind: str, prefix: str, characters: str = "0-9A-Za-z_-", least: int = 16, words: str = "") -> Pattern:
    """A token that begins with `prefix` (a regex) and `least` or more `characters`; `words` if it is not plain text."""
    needles = tuple(words.split()) or (prefix.replace("\\", "").lower(),)
    return Pattern(kind, needles, f"{_START}(?P<secret>{prefix}[{characters}]{{{least},}})")


TOKENS = (
    _prefixed("anthropic", "sk-ant-"),
    _prefixed("openrouter", "sk-or-"),
    _prefixed("openai", "sk-(?:proj|svcacct|admin|None)-", words="sk-"),
    _prefixed("openai", "sk-", "0-9A-Za-z"),
    _prefixed("github", "gh[opusr]_", words="gho_ ghp_ ghu_ ghs_ ghr_"),
    _prefixed("github", "github_pat_"),
    _prefixed("gitlab", "gl(?:pat|dt|cbt|ptt|ft|imt|agent|oas|soat|rt|ffct)-", "0-9A-Za-z_.-", words="gl"),
    _prefixed("gitlab", "GR1348941"),
    _prefixed("aws-key-id", "A(?:KIA|SIA)", "0-9A-Za-z", words="akia asia"),
    _prefixed("aws-key-id", "A(?:BIA|CCA)", "0-9A-Z", words="abia acca"),
    _prefixed("google-api-key", "AIza"),
    _prefixed("google-oauth", r"(?:ya29\.|GOCSPX-)", "0-9A-Za-z_.-", words="ya29. gocspx-"),
    _prefixed("google-refresh-token", "1//0", least=30),
    _prefixed("slack", "xox[abceoprs]-", "0-9A-Za-z.-", words="xox"),
    _prefixed("slack", "xapp-"),
    _prefixed("stripe", "[rs]k_(?:live|test)_", words="k_live_ k_test_"),
    _prefixed("stripe", "whsec_", "0-9A-Za-z+/="),
    _prefixed("npm", "npm_", "0-9A-Za-z"),
    _prefixed("pypi", "pypi-(?:Ag[0-9A-Za-z_-]{2})?", "0-9A-Za-z_", words="pypi-"),
    _prefixed("pypi", "pypi-Ag"),
    _prefixed("hugging-face", "(?:hf|api_org)_", "0-9A-Za-z", words="hf_ api_org_"),
    _prefixed("sendgrid", r"SG\.", "0-9A-Za-z_.-"),
    _prefixed("twilio", "SK", "0-9a-f", 32),
    _prefixed("mailgun", "(?:pub)?key-", "0-9a-f", 32, words="key-"),
    _prefixed("mailchimp", "[0-9a-f]{32}-us", "0-9", 1, words="-us"),
    _prefixed("brevo", "x(?:keysib|smtpsib)-", words="xkeysib- xsmtpsib-"),
    _prefixed("digitalocean", "do[oprt]_v1_", "0-9A-Za-z", words="_v1_"),
    _prefixed("azure-ad", "[0-9A-Za-z_~.]{3}[78]Q~", "0-9A-Za-z_~.-", 30, words="q~"),
    _prefixed("databricks", "dapi", "0-9a-f", 16),
    _prefixed("telegram", "[0-9]{8,10}:AA", least=30, words=":aa"),
    _prefixed("discord", r"[MNO][0-9A-Za-z_-]{23,27}\.[0-9A-Za-z_-]{6,7}\.", least=27, words="."),
    _prefixed("shopify", "shp(?:at|ca|pa|ss)_", "0-9A-Za-z", words="shp"),
    _prefixed("square", "sq0(?:atp|csp|idp)-", words="sq0"),
    _prefixed("square", "EAAA", least=55),
    _prefixed("linear", "lin_(?:api|oauth)_", "0-9A-Za-z", words="lin_"),
    _prefixed("notion", "ntn_", "0-9A-Za-z"),
    _prefixed("notion", "secret_", "0-9A-Za-z", 40),
    _prefixed("doppler", r"dp\.(?:pt|st|ct|sa|scim|audit|said)\.", "0-9A-Za-z_.-", words="dp."),
    _prefixed("vault", r"hv[sbr]\.", words="hvs. hvb. hvr."),
    _prefixed("terraform", r"[0-9A-Za-z]{14}\.atlasv1\.", "0-9A-Za-z_=-", words=".atlasv1."),
    _prefixed("age", "AGE-SECRET-KEY-1", "0-9A-Z"),
    _prefixed("dropbox", r"sl\.", "0-9A-Za-z_.-", 60),
    _prefixed("facebook", "EAA", "0-9A-Za-z", 40),
    _prefixed("new-relic", "NR(?:AK|II|RA|JS|BR)-", words="nr"),
    _prefixed("sentry", "sntry[su]_", "0-9A-Za-z_=+/-", words="sntry"),
    _prefixed("grafana", "gl(?:c|sa)_", "0-9A-Za-z_=+/-", words="glc_ glsa_"),
    _prefixed("postman", "PMAK-"),
    _prefixed("airtable", r"pat[0-9A-Za-z]{14}\.", "0-9a-f", 16, words="pat"),
    _prefixed("atlassian", "AT(?:ATT3|CTT3|BB)", "0-9A-Za-z_=-", words="atatt3 atctt3 atbb"),
    _prefixed("figma", "fig[dou]_", words="figd_ figo_ figu_"),
    _prefixed("fly-io", "(?:fo1|fm[12][ar]?)_", "0-9A-Za-z_+/=-", words="fo1_ fm1 fm2"),
    _prefixed("heroku", "HRKU-"),
    _prefixed("supabase", "sb(?:p|_secret|_publishable)_", words="sbp_ sb_"),
    _prefixed("planetscale", "pscale_(?:tkn|pw|oauth)_", "0-9A-Za-z_.=-", words="pscale_"),
    _prefixed("pulumi", "pul-", "0-9a-f"),
    _prefixed("rubygems", "rubygems_", "0-9a-f"),
    _prefixed("nuget", "oy2", "0-9a-z", 43),
    _prefixed("docker", "dckr_[op]at_", words="dckr_"),
    _prefixed("groq", "gsk_", "0-9A-Za-z"),
    _prefixed("xai", "xai-", "0-9A-Za-z"),
    _prefixed("perplexity", "pplx-", "0-9A-Za-z"),
    _prefixed("replicate", "r8_", "0-9A-Za-z"),
    _prefixed("langsmith", "lsv2_(?:pt|sk)_", words="lsv2_"),
    _prefixed("mapbox", r"[st]k\.eyJ", "0-9A-Za-z_.-", words="k.eyj"),
    _prefixed("netlify", "nf[pcou]_", "0-9A-Za-z", words="nfp_ nfc_ nfo_ nfu_"),
    _prefixed("vercel", "vercel_blob_rw_"),
    _prefixed("circleci", "CCI(?:PAT|PRJ)_", words="ccipat_ cciprj_"),
    _prefixed("buildkite", "bk(?:ua|aj|ct)_", "0-9a-f", words="bkua_ bkaj_ bkct_"),
    _prefixed("sourcegraph", "sg[psd]_", "0-9A-Za-z_", words="sgp_ sgs_ sgd_"),
    _prefixed("sonar", "sq[uap]_", "0-9a-f", 32, words="squ_ sqa_ sqp_"),
    _prefixed("1password", "ops_eyJ", "0-9A-Za-z_=+/-"),
    _prefixed("alibaba", "LTAI", "0-9A-Za-z"),
    _prefixed("tencent", "AKID", "0-9A-Za-z"),
    _prefixed("jfrog", "(?:AKCp|cmVmdGtuO)", "0-9A-Za-z", words="akcp cmvmdgtuo"),
    _prefixed("hubspot", "pat-(?:na|eu|ap)[0-9]-", words="pat-"),
    _prefixed("contentful", "CFPAT-"),
    _prefixed("prefect", "pn[ub]_", "0-9A-Za-z", words="pnu_ pnb_"),
    _prefixed("adafruit", "aio_", "0-9A-Za-z"),
    _prefixed("clojars", "CLOJARS_", "0-9a-z", 40),
    _prefixed("duffel", "duffel_(?:live|test)_", words="duffel_"),
    _prefixed("dynatrace", r"dt0[a-z][0-9]{2}\.", "0-9A-Z.", 24, words="dt0"),
    _prefixed("easypost", "EZ[AT]K", "0-9A-Za-z", 40, words="ezak eztk"),
    _prefixed("firebase", r"AAAA[0-9A-Za-z_-]{7}:", least=100, words=":apa91"),
    _prefixed("flutterwave", "FLW(?:SEC|PUB)K(?:_TEST)?-", "0-9A-Za-z-", words="flwseck flwpubk"),
    _prefixed("harness", r"[ps]at\.[0-9A-Za-z_-]{22}\.[0-9a-f]{24}\.", "0-9A-Za-z", words="pat. sat."),
    _prefixed("infracost", "ico-", "0-9A-Za-z", 32),
    _prefixed("octopus", "API-", "0-9A-Z", 25),
    _prefixed("openshift", "sha256~", least=40),
    _prefixed("readme", "rdme_", "0-9a-z", 40),
    _prefixed("shippo", "shippo_(?:live|test)_", "0-9a-f", words="shippo_"),
    _prefixed("typeform", "tfp_", "0-9A-Za-z_.=-", 40),
    _prefixed("django", "django-insecure-", r"!#-&(-\[\]-~"),
    _prefixed("jwt", r"eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]+)?", "0-9A-Za-z_.=-", 0, "eyj"),
)
"""One or more for each provider."""
