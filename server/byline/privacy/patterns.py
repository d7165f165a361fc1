"""What secrets look like: one `Pattern` for each kind of credential, and for the ways in which others are written down.

Every pattern is in RE2's syntax (no look-around), marks the secret itself by the group `secret`, and names words of
which one must be in the text, in lower case, before the pattern is tried at all. A known prefix with 16 characters
behind it is a secret whatever they are; only where nothing but a name like `api_key` speaks for it, its value is judged
(`byline.privacy.values`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from byline.privacy.values import is_literal, is_mixed, is_random, is_token


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of secret: `regex` with a group `secret`, tried if any of `words` is in the lower-cased text.

    `judge` says whether what was found is one; None means that the pattern is proof enough.
    """

    kind: str
    words: tuple[str, ...]
    regex: str
    judge: Callable[[str], bool] | None = None


_START = r"(?:^|[^0-9A-Za-z]|\\[nrt])"  # nothing of a longer word before; an escaped line break is no word
_QUOTES = r"""[\\"'`]{0,2}"""
_VALUE = r"""[^\s"'`«»,;&<>\\]"""
_NAME_END = r"""[\\"'`\])]{0,4}"""
_TYPE = r"(?:[ \t]*:[ \t]*[A-Za-z][0-9A-Za-z_.?|\[\] ]{0,40})?"  # `name: str = …`
_ASSIGNED = _NAME_END + r"(?:" + _TYPE + r"[ \t]*(?::=|=>|=)|[ \t]*:|>)[ \t]*" + _QUOTES


def _prefixed(kind: str, prefix: str, characters: str = "0-9A-Za-z_-", least: int = 16, words: str = "") -> Pattern:
    """A token that begins with `prefix` (a regex) and `least` or more `characters`; `words` if it is not plain text."""
    needles = tuple(words.split()) or (prefix.replace("\\", "").lower(),)
    return Pattern(kind, needles, f"{_START}(?P<secret>{prefix}[{characters}]{{{least},}})")


_TOKENS = (
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
    _prefixed("jwt", r"eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]+)?", "0-9A-Za-z_.=-", 0, "eyj"),
)

_BLOCKS = (
    Pattern(
        "private-key",
        ("private key",),
        r"(?P<secret>-----BEGIN [0-9A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"[0-9A-Za-z+/=\s\\,.:()<>@_-]*)",
    ),
    Pattern("putty-key", ("private-lines:",), r"(?i)Private-Lines:\s*[0-9]+\s+(?P<secret>[0-9A-Za-z+/=\s]{16,})"),
    Pattern("gcp-service-account", ("private_key_id",), r'private_key_id\\?"\s*:\s*\\?"(?P<secret>[0-9A-Za-z]{16,})'),
    Pattern("slack-webhook", ("hooks.slack.com/",), r"(?i)hooks\.slack\.com/[a-z]+/(?P<secret>[0-9A-Za-z/+_-]{16,})"),
    Pattern(
        "discord-webhook",
        ("/api/webhooks/",),
        r"(?i)discord(?:app)?\.com/api/webhooks/[0-9]+/(?P<secret>[0-9A-Za-z_-]{16,})",
    ),
    Pattern("teams-webhook", ("webhook.office.com/",), r"(?i)webhook\.office\.com/(?P<secret>[0-9A-Za-z/@_-]{16,})"),
    Pattern("zapier-webhook", ("hooks.zapier.com/",), r"(?i)hooks\.zapier\.com/(?P<secret>[0-9A-Za-z/_-]{12,})"),
    Pattern("password-hash", ("$2", "$6$", "$5$", "$argon2"), r"(?P<secret>\$2[abxy]\$[0-9]{2}\$[0-9A-Za-z./]{53})"),
    Pattern("password-hash", ("$5$", "$6$"), r"(?P<secret>\$[56]\$[0-9A-Za-z./$=]{20,})"),
    Pattern("password-hash", ("$argon2",), r"(?P<secret>\$argon2[a-z]{1,2}\$[0-9A-Za-z+/=,$]{20,})"),
)

_PLACES = (
    Pattern(
        "url-password",
        ("://",),
        r"""[A-Za-z][0-9A-Za-z+.-]*://[^\s/:@"'`<>«»]*:(?P<secret>[^\s/@"'`<>«»]+)@""",
        is_literal,
    ),
    Pattern("url-token", ("://",), r"https?://(?P<secret>[0-9A-Za-z_-]{16,})@[0-9A-Za-z]", is_mixed),
    Pattern(
        "authorization",
        ("authorization",),
        r"(?i)authorization"
        + _ASSIGNED
        + r"(?:(?:bearer|basic|token|digest|apikey)\s+)(?P<secret>[0-9A-Za-z._~+/=:-]{8,})",
        is_token,
    ),
    Pattern("authorization", ("bearer ",), r"(?i)bearer\s+(?P<secret>[0-9A-Za-z._~+/=-]{16,})", is_mixed),
    Pattern("authorization", ("basic ",), r"(?i)basic\s+(?P<secret>[0-9A-Za-z+/]{12,}={1,2})", is_token),
    Pattern("cookie", ("cookie:",), r"(?i)cookie:\s*[^\s=;]{1,60}=(?P<secret>[^\n\"'`«»]{16,})", is_mixed),
    Pattern(
        "curl-password",
        ("curl",),
        r"""curl\s[^\n«»]*?\s(?:-u|--user)[ =]?["']?[^\s:"']+:(?P<secret>[^\s"'`«»]{3,})""",
        is_literal,
    ),
    Pattern(
        "option",
        ("--password", "--token", "--passphrase", "--api-key", "--secret", "--access-token"),
        r"--(?:password|passphrase|token|api-key|secret|access-token)[= ]" + _QUOTES + f"(?P<secret>{_VALUE}{{6,}})",
        is_mixed,
    ),
    Pattern(
        "netrc",
        ("machine ", "login "),
        r"(?i)login\s+\S+\s+password\s+(?P<secret>[^\s«»]{4,})",
        is_literal,
    ),
    Pattern(
        "npmrc",
        ("_auth",),
        r"(?im)(?:^|[:\s])_auth(?:token)?\s*=\s*" + _QUOTES + f"(?P<secret>{_VALUE}{{8,}})",
        is_token,
    ),
    Pattern("docker-auth", ('"auth"',), r'"auth"\s*:\s*"(?P<secret>[0-9A-Za-z+/]{12,}={0,2})"', is_token),
    Pattern(
        "connection-string",
        ("password", "pwd"),
        r"(?i);\s*(?:password|pwd)\s*=\s*(?P<secret>[^;\"'`\s«»]{3,})",
        is_literal,
    ),
    Pattern(
        "connection-string",
        ("password", "pwd"),
        r"(?i)(?:password|pwd)\s*=\s*(?P<secret>[^;\"'`\s«»]{3,});\s*[a-z][a-z ]*=",
        is_literal,
    ),
    Pattern("azure-storage", ("accountkey",), r"(?i)AccountKey\s*=\s*(?P<secret>[0-9A-Za-z+/]{16,}={0,2})"),
    Pattern(
        "azure-shared-access",
        ("sharedaccess", "sig="),
        r"(?i)(?:SharedAccessKey\s*=\s*|[?&]sig=)(?P<secret>[0-9A-Za-z+/%]{16,}={0,2})",
    ),
    Pattern(
        "aws-secret",
        ("secret", "aws_sk"),
        r"(?i)(?:aws[_.-]?|amazon[_.-]?)?(?:secret[_.-]?access[_.-]?key|aws[_.-]?secret[_.-]?key|aws[_.-]?secret|aws_sk)"
        + _ASSIGNED
        + r"(?P<secret>[0-9A-Za-z/+]{16,}={0,2})",
        is_token,
    ),
    Pattern(
        "aws-session-token",
        ("session_token", "sessiontoken", "session-token", "security_token"),
        r"(?i)(?:session|security)[_-]?token" + _ASSIGNED + r"(?P<secret>[0-9A-Za-z/+=]{60,})",
    ),
)

_NAMES = (
    r"(?:tokens?|secrets?|api[_.-]?keys?|access[_.-]?keys?|auth[_.-]?keys?|private[_.-]?keys?|client[_.-]?secret"
    r"|secret[_.-]?key(?:[_.-]?base)?|encryption[_.-]?key|signing[_.-]?key|master[_.-]?key|service[_.-]?key"
    r"|licen[cs]e[_.-]?key|webhook[_.-]?key|deploy[_.-]?key|credentials?|account[_.-]?key)"
)
_SECRET_WORDS = ("token", "secret", "key", "credential")
_PASSWORD_WORDS = ("passw", "passphrase", "pwd", "pass=")

_ASSIGNMENTS = (
    Pattern(
        "env-password",
        _PASSWORD_WORDS,
        r"(?m)^[ \t]*(?:export |set |ENV |- )?[A-Z0-9_]*(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD)(?:_[A-Z0-9]+)?="
        + _QUOTES
        + f"(?P<secret>{_VALUE}{{5,}})",
        is_literal,
    ),
    Pattern(
        "env-secret",
        _SECRET_WORDS,
        r"(?m)^[ \t]*(?:export |set |ENV |- )?[A-Z0-9_]*(?:KEY|TOKEN|SECRET|CREDENTIALS?|SALT)(?:_[A-Z0-9]+)?="
        + _QUOTES
        + f"(?P<secret>{_VALUE}{{8,}})",
        is_mixed,
    ),
    Pattern(
        "password",
        _PASSWORD_WORDS,
        r"(?i)(?:password|passwd|passphrase|pwd)[0-9]?" + _ASSIGNED + f"(?P<secret>{_VALUE}{{6,}})",
        is_mixed,
    ),
    Pattern("generic", _SECRET_WORDS, f"(?i){_NAMES}{_ASSIGNED}(?P<secret>{_VALUE}{{10,}})", is_random),
)

PATTERNS = _TOKENS + _BLOCKS + _PLACES + _ASSIGNMENTS
"""The most telling first: where two overlap, the first gives its name."""

KINDS = tuple(dict.fromkeys(pattern.kind for pattern in PATTERNS))
