"""Credentials that nobody ever issued, in the shapes in which providers issue theirs.

They are put together from chance when a test runs, and no prefix stands here in one piece, so that no scanner takes
this file for a leak. The same seed makes the same ones.
"""

from __future__ import annotations

import base64
import json
import random
import string
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

LOWER_HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
LOWER = string.ascii_lowercase + string.digits
WORD = ALNUM + "_-"
BASE64 = ALNUM + "+/"
BASE32 = string.ascii_uppercase + "234567"

_TELLING = 10
"""Characters of chance that give a secret away, wherever they turn up."""


class Form(Enum):
    """What tells that a credential is one: its own shape, the name beside it, or that it is a block of several lines.

    A password has no shape at all: it is one only where a name or a place says so.
    """

    TOKEN = "token"
    NAMED = "named"
    PASSWORD = "password"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Credential:
    """A made-up credential. `name` is the variable in which people keep it; `parts` are what chance chose of `text`."""

    kind: str
    form: Form
    name: str
    text: str
    parts: tuple[str, ...]

    def telling(self) -> frozenset[str]:
        """Pieces of which none may be seen anywhere: each run of ten characters that chance chose."""
        return frozenset(
            part[at : at + _TELLING] for part in self.parts for at in range(max(1, len(part) - _TELLING + 1))
        )


class Maker:
    """Makes one credential: keeps what chance chose apart from what is the same for all of a kind."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.parts: list[str] = []

    def __call__(self, length: int, alphabet: str = ALNUM) -> str:
        """`length` characters of chance; long ones hold a digit, as nearly all real ones do."""
        while True:
            made = "".join(self.chance.choices(alphabet, k=length))
            if length < 8 or any(c.isdigit() for c in made):
                break
        if length >= 8:
            self.parts.append(made)
        return made

    def uuid(self) -> str:
        """A UUID of chance, in lower case."""
        made = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        self.parts.append(made)
        return made

    def encoded(self, text: str, *, padded: bool = True) -> str:
        """The Base64 of `text`, which counts as chosen by chance."""
        made = base64.b64encode(text.encode()).decode()
        made = made if padded else made.rstrip("=")
        self.parts.append(made)
        return made

    def json_web_token(self) -> str:
        """A signed token as web services give them out."""
        head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
        claims = json.dumps({"sub": str(self.chance.randrange(10**9)), "iat": 1_700_000_000}).encode()
        body = base64.urlsafe_b64encode(claims).decode().rstrip("=")
        return f"{head}.{body}.{self(43, WORD)}"

    def password(self) -> str:
        """What a person makes up: words, a digit or two, a sign."""
        syllables = ("ka", "ro", "mi", "ten", "bul", "sha", "dor", "vek", "lin", "zu")
        word = "".join(self.chance.choices(syllables, k=4)).capitalize()
        made = f"{word}{self.chance.choice('!?*+_.-')}{self.chance.randrange(10, 1000)}"
        self.parts.append(made)
        return made

    def block(self, label: str, lines: int = 8, width: int = 64, head: Sequence[str] = ()) -> str:
        """A key in its armour."""
        dashes = "-" * 5
        body = [self(width, BASE64) for _ in range(lines)] + [self(width // 2, BASE64) + "=="]
        return "\n".join([f"{dashes}BEGIN {label}{dashes}", *head, *body, f"{dashes}END {label}{dashes}"])


Make = Callable[[Maker], str]

# kind: (the variable it is kept in, what makes it). A prefix is written in pieces.
_TOKENS: Mapping[str, tuple[str, Make]] = {
    "adafruit": ("ADAFRUIT_IO_KEY", lambda m: "ai" + "o_" + m(28)),
    "age": ("AGE_KEY", lambda m: "AGE-SEC" + "RET-KEY-1" + m(58, UPPER)),
    "airtable": ("AIRTABLE_TOKEN", lambda m: "pa" + "t" + m(14) + "." + m(64, LOWER_HEX)),
    "alibaba": ("ALIBABA_ACCESS_KEY_ID", lambda m: "LT" + "AI" + m(20)),
    "anthropic": ("ANTHROPIC_API_KEY", lambda m: "sk-" + "ant-api03-" + m(93, WORD) + "AA"),
    "atlassian": ("ATLASSIAN_API_TOKEN", lambda m: "AT" + "ATT3xFfGF0" + m(176, WORD) + "=" + m(8, UPPER)),
    "aws key id": ("AWS_ACCESS_KEY_ID", lambda m: "AK" + "IA" + m(16, BASE32)),
    "aws temporary key id": ("AWS_ACCESS_KEY_ID", lambda m: "AS" + "IA" + m(16, BASE32)),
    "azure app secret": ("AZURE_CLIENT_SECRET", lambda m: m(3) + "8Q" + "~" + m(34, WORD + "~.")),
    "bitbucket": ("BITBUCKET_APP_PASSWORD", lambda m: "AT" + "BB" + m(32)),
    "brevo": ("BREVO_API_KEY", lambda m: "xkey" + "sib-" + m(64, LOWER_HEX) + "-" + m(16)),
    "buildkite": ("BUILDKITE_API_TOKEN", lambda m: "bk" + "ua_" + m(40, LOWER_HEX)),
    "circleci": ("CIRCLECI_TOKEN", lambda m: "CCI" + "PAT_" + m(22) + "_" + m(40, LOWER_HEX)),
    "clojars": ("CLOJARS_PASSWORD", lambda m: "CLO" + "JARS_" + m(60, LOWER)),
    "contentful": ("CONTENTFUL_TOKEN", lambda m: "CF" + "PAT-" + m(43, WORD)),
    "databricks": ("DATABRICKS_TOKEN", lambda m: "da" + "pi" + m(32, LOWER_HEX)),
    "digitalocean": ("DIGITALOCEAN_TOKEN", lambda m: "do" + "p_v1_" + m(64, LOWER_HEX)),
    "discord bot": ("DISCORD_TOKEN", lambda m: "M" + m(23) + "." + m(6, WORD) + "." + m(38, WORD)),
    "docker hub": ("DOCKERHUB_TOKEN", lambda m: "dckr" + "_pat_" + m(27, WORD)),
    "doppler": ("DOPPLER_TOKEN", lambda m: "d" + "p.pt." + m(43)),
    "dropbox": ("DROPBOX_TOKEN", lambda m: "s" + "l." + m(135, WORD)),
    "duffel": ("DUFFEL_TOKEN", lambda m: "duf" + "fel_live_" + m(43, WORD)),
    "dynatrace": ("DYNATRACE_TOKEN", lambda m: "dt0" + "c01." + m(24, UPPER) + "." + m(64, UPPER)),
    "easypost": ("EASYPOST_API_KEY", lambda m: "EZ" + "AK" + m(54)),
    "facebook": ("FACEBOOK_TOKEN", lambda m: "EA" + "A" + m(100)),
    "figma": ("FIGMA_TOKEN", lambda m: "fi" + "gd_" + m(40, WORD)),
    "firebase messaging": ("FCM_SERVER_KEY", lambda m: "AA" + "AA" + m(7, WORD) + ":APA91b" + m(134, WORD)),
    "flutterwave": ("FLUTTERWAVE_SECRET", lambda m: "FLW" + "SECK-" + m(32, LOWER_HEX) + "-X"),
    "fly.io": ("FLY_API_TOKEN", lambda m: "fm" + "2_" + m(120, BASE64) + "=="),
    "github app": ("GITHUB_TOKEN", lambda m: "gh" + "s_" + m(36)),
    "github classic": ("GITHUB_TOKEN", lambda m: "gh" + "p_" + m(36)),
    "github fine-grained": ("GITHUB_PAT", lambda m: "github" + "_pat_" + m(22) + "_" + m(59)),
    "github oauth": ("GH_TOKEN", lambda m: "gh" + "o_" + m(36)),
    "github refresh": ("GH_REFRESH_TOKEN", lambda m: "gh" + "r_" + m(76)),
    "gitlab personal": ("GITLAB_TOKEN", lambda m: "gl" + "pat-" + m(20, WORD)),
    "gitlab pipeline": ("CI_TRIGGER_TOKEN", lambda m: "gl" + "ptt-" + m(40, LOWER_HEX)),
    "gitlab runner": ("RUNNER_TOKEN", lambda m: "gl" + "rt-" + m(20, WORD)),
    "google api key": ("GOOGLE_API_KEY", lambda m: "AI" + "za" + m(35, WORD)),
    "google client secret": ("GOOGLE_CLIENT_SECRET", lambda m: "GOC" + "SPX-" + m(28, WORD)),
    "google access token": ("GOOGLE_TOKEN", lambda m: "ya" + "29.a0" + m(160, WORD)),
    "google refresh token": ("GOOGLE_REFRESH_TOKEN", lambda m: "1/" + "/0" + m(60, WORD)),
    "grafana cloud": ("GRAFANA_TOKEN", lambda m: "gl" + "c_" + m(100, BASE64)),
    "grafana service account": ("GRAFANA_TOKEN", lambda m: "gl" + "sa_" + m(32) + "_" + m(8, LOWER_HEX)),
    "groq": ("GROQ_API_KEY", lambda m: "gs" + "k_" + m(52)),
    "harness": ("HARNESS_API_KEY", lambda m: "pa" + "t." + m(22, WORD) + "." + m(24, LOWER_HEX) + "." + m(20)),
    "heroku": ("HEROKU_API_KEY", lambda m: "HR" + "KU-" + m.uuid()),
    "hubspot": ("HUBSPOT_TOKEN", lambda m: "pa" + "t-na1-" + m.uuid()),
    "hugging face": ("HF_TOKEN", lambda m: "h" + "f_" + m(34)),
    "infracost": ("INFRACOST_API_KEY", lambda m: "ic" + "o-" + m(32)),
    "jfrog": ("JFROG_TOKEN", lambda m: "AK" + "Cp" + m(69)),
    "json web token": ("SESSION_JWT", lambda m: m.json_web_token()),
    "langsmith": ("LANGSMITH_API_KEY", lambda m: "lsv" + "2_pt_" + m(32, LOWER_HEX) + "_" + m(10, LOWER_HEX)),
    "linear": ("LINEAR_API_KEY", lambda m: "li" + "n_api_" + m(40)),
    "mailchimp": ("MAILCHIMP_API_KEY", lambda m: m(32, LOWER_HEX) + "-us" + "12"),
    "mailgun": ("MAILGUN_API_KEY", lambda m: "ke" + "y-" + m(32, LOWER_HEX)),
    "mapbox": ("MAPBOX_SECRET", lambda m: "sk." + "eyJ" + m(80) + "." + m(22, WORD)),
    "netlify": ("NETLIFY_AUTH_TOKEN", lambda m: "nf" + "p_" + m(36)),
    "new relic": ("NEW_RELIC_API_KEY", lambda m: "NR" + "AK-" + m(27, UPPER)),
    "notion": ("NOTION_TOKEN", lambda m: "nt" + "n_" + m(46)),
    "npm": ("NPM_TOKEN", lambda m: "np" + "m_" + m(36)),
    "nuget": ("NUGET_API_KEY", lambda m: "oy" + "2" + m(43, LOWER)),
    "octopus": ("OCTOPUS_API_KEY", lambda m: "AP" + "I-" + m(26, UPPER)),
    "1password": ("OP_SERVICE_ACCOUNT_TOKEN", lambda m: "ops" + "_eyJ" + m(250, BASE64)),
    "openai": ("OPENAI_API_KEY", lambda m: "sk-" + m(20) + "T3BlbkFJ" + m(20)),
    "openai project": ("OPENAI_API_KEY", lambda m: "sk-" + "proj-" + m(74, WORD) + "T3BlbkFJ" + m(74, WORD)),
    "openrouter": ("OPENROUTER_API_KEY", lambda m: "sk-" + "or-v1-" + m(64, LOWER_HEX)),
    "openshift": ("OPENSHIFT_TOKEN", lambda m: "sha" + "256~" + m(43, WORD)),
    "perplexity": ("PERPLEXITY_API_KEY", lambda m: "pp" + "lx-" + m(48)),
    "planetscale": ("PLANETSCALE_TOKEN", lambda m: "pscale" + "_tkn_" + m(43, WORD)),
    "postman": ("POSTMAN_API_KEY", lambda m: "PM" + "AK-" + m(24, LOWER_HEX) + "-" + m(34, LOWER_HEX)),
    "prefect": ("PREFECT_API_KEY", lambda m: "pn" + "u_" + m(36)),
    "pulumi": ("PULUMI_ACCESS_TOKEN", lambda m: "pu" + "l-" + m(40, LOWER_HEX)),
    "pypi": ("PYPI_TOKEN", lambda m: "py" + "pi-AgEIcHlwaS5vcmc" + m(150, WORD)),
    "readme": ("README_API_KEY", lambda m: "rd" + "me_" + m(70, LOWER)),
    "replicate": ("REPLICATE_API_TOKEN", lambda m: "r" + "8_" + m(37)),
    "rubygems": ("GEM_HOST_API_KEY", lambda m: "rubygems" + "_" + m(48, LOWER_HEX)),
    "sendgrid": ("SENDGRID_API_KEY", lambda m: "S" + "G." + m(22, WORD) + "." + m(43, WORD)),
    "sentry": ("SENTRY_AUTH_TOKEN", lambda m: "snt" + "rys_" + m(100, BASE64) + "_" + m(43, BASE64)),
    "shippo": ("SHIPPO_TOKEN", lambda m: "ship" + "po_live_" + m(40, LOWER_HEX)),
    "shopify": ("SHOPIFY_TOKEN", lambda m: "sh" + "pat_" + m(32, LOWER_HEX)),
    "slack app": ("SLACK_APP_TOKEN", lambda m: "xa" + "pp-1-" + m(11, UPPER) + "-" + m(64, LOWER_HEX)),
    "slack bot": ("SLACK_BOT_TOKEN", lambda m: "xo" + "xb-" + m(12, "123456789") + "-" + m(24)),
    "sonar": ("SONAR_TOKEN", lambda m: "sq" + "u_" + m(40, LOWER_HEX)),
    "sourcegraph": ("SRC_ACCESS_TOKEN", lambda m: "sg" + "p_" + m(16, LOWER_HEX) + "_" + m(40, LOWER_HEX)),
    "square": ("SQUARE_TOKEN", lambda m: "sq" + "0atp-" + m(22, WORD)),
    "stripe": ("STRIPE_SECRET_KEY", lambda m: "sk" + "_live_" + m(99)),
    "stripe restricted": ("STRIPE_KEY", lambda m: "rk" + "_live_" + m(24)),
    "stripe webhook": ("STRIPE_WEBHOOK_SECRET", lambda m: "wh" + "sec_" + m(32)),
    "supabase": ("SUPABASE_ACCESS_TOKEN", lambda m: "sb" + "p_" + m(40, LOWER_HEX)),
    "telegram": ("TELEGRAM_BOT_TOKEN", lambda m: m(10, "123456789") + ":AA" + m(33, WORD)),
    "tencent": ("TENCENT_SECRET_ID", lambda m: "AK" + "ID" + m(32)),
    "terraform cloud": ("TFE_TOKEN", lambda m: m(14) + ".at" + "lasv1." + m(67, WORD)),
    "twilio key": ("TWILIO_API_KEY", lambda m: "S" + "K" + m(32, LOWER_HEX)),
    "typeform": ("TYPEFORM_TOKEN", lambda m: "tf" + "p_" + m(44, WORD) + "_" + m(14)),
    "vault": ("VAULT_TOKEN", lambda m: "hv" + "s." + m(90, WORD)),
    "vercel blob": ("BLOB_READ_WRITE_TOKEN", lambda m: "vercel" + "_blob_rw_" + m(16) + "_" + m(30)),
    "xai": ("XAI_API_KEY", lambda m: "xa" + "i-" + m(80)),
}

_NAMED: Mapping[str, tuple[str, Make]] = {
    "algolia": ("ALGOLIA_ADMIN_API_KEY", lambda m: m(32, LOWER_HEX)),
    "auth0": ("AUTH0_CLIENT_SECRET", lambda m: m(64, WORD)),
    "aws secret key": ("AWS_SECRET_ACCESS_KEY", lambda m: m(40, BASE64)),
    "azure devops": ("AZURE_DEVOPS_TOKEN", lambda m: m(52, LOWER)),
    "cloudflare": ("CLOUDFLARE_API_TOKEN", lambda m: m(40, WORD)),
    "datadog": ("DATADOG_API_KEY", lambda m: m(32, LOWER_HEX)),
    "django": ("SECRET_KEY", lambda m: m(50, LOWER + "-_=+")),
    "fastly": ("FASTLY_API_TOKEN", lambda m: m(32, WORD)),
    "mistral": ("MISTRAL_API_KEY", lambda m: m(32)),
    "okta": ("OKTA_API_TOKEN", lambda m: "00" + m(40, WORD)),
    "snyk": ("SNYK_TOKEN", lambda m: m.uuid()),
    "travis": ("TRAVIS_TOKEN", lambda m: m(22)),
    "twilio auth": ("TWILIO_AUTH_TOKEN", lambda m: m(32, LOWER_HEX)),
    "weights and biases": ("WANDB_API_KEY", lambda m: m(40, LOWER_HEX)),
}

_PASSWORDS: Mapping[str, tuple[str, Make]] = {
    "database password": ("DB_PASSWORD", lambda m: m.password()),
    "generated password": ("ADMIN_PASSWORD", lambda m: m(16, ALNUM + "_+-")),
    "smtp password": ("SMTP_PASSWD", lambda m: m.password()),
}

_BLOCKS: Mapping[str, tuple[str, Make]] = {
    "ec key": ("TLS_KEY", lambda m: m.block("EC PRIVATE KEY", 2)),
    "encrypted key": (
        "TLS_KEY",
        lambda m: m.block("RSA PRIVATE KEY", head=("Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,0A1B", "")),
    ),
    "openssh key": ("DEPLOY_KEY", lambda m: m.block("OPENSSH PRIVATE KEY", 5, 70)),
    "pgp key": ("GPG_KEY", lambda m: m.block("PGP PRIVATE KEY BLOCK", head=("Version: GnuPG v2", ""))),
    "pkcs 8 key": ("JWT_KEY", lambda m: m.block("PRIVATE KEY", 25)),
    "rsa key": ("TLS_KEY", lambda m: m.block("RSA PRIVATE KEY", 12)),
}

_ALL = (
    [(Form.TOKEN, kind, *made) for kind, made in _TOKENS.items()]
    + [(Form.NAMED, kind, *made) for kind, made in _NAMED.items()]
    + [(Form.PASSWORD, kind, *made) for kind, made in _PASSWORDS.items() for _ in range(4)]
    + [(Form.BLOCK, kind, *made) for kind, made in _BLOCKS.items()]
)

KINDS = tuple(dict.fromkeys(kind for _, kind, _, _ in _ALL))


def credentials(count: int, seed: int) -> list[Credential]:
    """`count` credentials, of all kinds in turn; passwords, which are commonest, come more often."""
    chance = random.Random(seed)
    made = []
    for at in range(count):
        form, kind, name, make = _ALL[at % len(_ALL)]
        maker = Maker(chance)
        text = make(maker)
        made.append(Credential(kind, form, name, text, tuple(maker.parts)))
    return made
