"""Secrets are found and replaced, ordinary code is not, and no text can make it slow.

Every secret here is put together when the test runs, so that no scanner finds one in this file.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
import time
import uuid
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.privacy import Redacted, RedactionUnavailable, redact
from byline.privacy.patterns import KINDS, PATTERNS

MIXED = "a1B2c3D4" * 8
HEX = "0f1e2d3c4b5a6978" * 8
SAME = "a" * 64  # no entropy at all
UPPER = "Q7W3E9R5T1Y8U2I6" * 4


def dashes(label: str) -> str:
    return "-" * 5 + label + "-" * 5


PEM = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + MIXED

# (kind, secret, the text around it)
SECRETS = [
    ("anthropic", "sk-" + "ant-" + "api03-" + MIXED, "{}"),
    ("anthropic", "sk-" + "ant-" + SAME[:16], "key: {}."),
    ("anthropic", "sk-" + "ant-" + MIXED[:16], 'print("\\n{}")'),
    ("anthropic", "sk-" + "ant-" + MIXED, '{{"line": "a\\n{}"}}'),
    ("openai", "sk-" + MIXED[:48], "OPENAI={}"),
    ("openai", "sk-" + SAME[:16], "{}"),
    ("openai", "sk-" + "proj-" + MIXED[:20] + "_-" + MIXED, "'{}'"),
    ("openai", "sk-" + "svcacct-" + MIXED, "{}"),
    ("openrouter", "sk-" + "or-" + "v1-" + HEX[:64], "{}"),
    ("github", "gh" + "p_" + MIXED[:36], "git clone with {}, please"),
    ("github", "gh" + "o_" + MIXED[:36], "{}"),
    ("github", "gh" + "u_" + MIXED[:36], "{}"),
    ("github", "gh" + "s_" + MIXED[:36], "{}"),
    ("github", "gh" + "r_" + MIXED[:40], "{}"),
    ("github", "gh" + "p_" + SAME[:16], "{}"),
    ("github", "github" + "_pat_" + MIXED[:22] + "_" + MIXED, "my_{}"),
    ("gitlab", "gl" + "pat-" + MIXED[:20], "{}"),
    ("gitlab", "gl" + "ptt-" + HEX[:40], "{}"),
    ("aws-key-id", "AK" + "IA" + UPPER[:16], "id={}"),
    ("aws-key-id", "AS" + "IA" + UPPER[:16], "{}"),
    ("aws-key-id", "AK" + "IA" + "A" * 16, "{}"),
    ("aws-secret", (MIXED + "/+")[24:64], "aws_secret_access_key = {}"),
    ("aws-secret", MIXED[:38] + "/+", '"SecretAccessKey": "{}",'),
    ("aws-session-token", "IQoJ" + MIXED + MIXED, "AWS_SESSION_TOKEN={}"),
    ("google-api-key", "AI" + "za" + MIXED[:35], "https://maps.example.org/?key={}&v=1"),
    ("google-oauth", "ya" + "29." + MIXED, "{}"),
    ("google-oauth", "GOC" + "SPX-" + MIXED[:28], "{}"),
    ("gcp-service-account", HEX[:40], '"private_key_id": "{}",'),
    ("slack", "xo" + "xb-" + "123456789012-" + MIXED[:24], "{}"),
    ("slack", "xo" + "xp-" + MIXED[:40], "{}"),
    ("slack", "xa" + "pp-1-" + UPPER[:11] + "-" + HEX, "{}"),
    ("slack-webhook", "T" + UPPER[:8] + "/B" + UPPER[:8] + "/" + MIXED[:24], "https://hooks.slack.com/services/{}"),
    ("stripe", "sk" + "_live_" + MIXED[:24], "{}"),
    ("stripe", "rk" + "_live_" + MIXED[:24], "{}"),
    ("stripe", "wh" + "sec_" + MIXED[:32], "{}"),
    ("npm", "np" + "m_" + MIXED[:36], "{}"),
    ("npmrc", MIXED[:8] + "-" + HEX[:24], "//registry.example.org/:_authToken={}"),
    ("pypi", "py" + "pi-" + "AgEIcHlwaS5vcmc" + MIXED, "{}"),
    ("hugging-face", "h" + "f_" + MIXED[:34], "{}"),
    ("sendgrid", "S" + "G." + MIXED[:22] + "." + MIXED[:43], "{}"),
    ("twilio", "S" + "K" + HEX[:32], "{}"),
    ("mailgun", "ke" + "y-" + HEX[:32], "{}"),
    ("mailchimp", HEX[:32] + "-us" + "12", "{}"),
    ("digitalocean", "do" + "p_v1_" + HEX[:64], "{}"),
    ("azure-storage", MIXED + "a1B2c3D4a1B2c3D4a1B2==", "DefaultEndpointsProtocol=https;AccountName=x;AccountKey={}"),
    ("azure-shared-access", MIXED[:43] + "%3D", "https://x.blob.example.net/c?sv=2022-11-02&sig={}"),
    ("azure-ad", "abc" + "8Q~" + MIXED[:34], "{}"),
    ("databricks", "da" + "pi" + HEX[:32], "{}"),
    ("jwt", "ey" + "JhbGciOiJIUzI1NiJ9" + "." + "ey" + "JzdWIiOiIxMjM0In0" + "." + MIXED[:43], "token {} here"),
    ("private-key", dashes("BEGIN RSA PRIVATE KEY") + "\n" + PEM, "{}\n" + dashes("END RSA PRIVATE KEY")),
    ("private-key", dashes("BEGIN OPENSSH PRIVATE KEY") + "\n" + PEM[:40], "{}"),
    ("private-key", dashes("BEGIN PRIVATE KEY") + "\\n" + PEM, '"private_key": "{}\\n"'),
    ("private-key", dashes("BEGIN PGP PRIVATE KEY BLOCK") + "\n\n" + PEM, "{}"),
    ("url-password", "s3cr3t-pw", "postgresql://app:{}@db.internal:5432/app"),
    ("url-password", "hunter2!", "redis://:{}@cache:6379"),
    ("url-token", MIXED[:32], "https://{}@git.internal/x.git"),
    ("authorization", MIXED[:30], "Authorization: Bearer {}"),
    ("authorization", "dXNlcjpodW50ZXIy", "-H 'authorization: Basic {}'"),
    ("authorization", MIXED[:30], '"Authorization": "token {}"'),
    ("authorization", MIXED[:40], "sent bearer {} to it"),
    ("cookie", MIXED[:32], "Cookie: session={}"),
    ("curl-password", "hunter2", "curl -s -u admin:{} https://x.org"),
    ("option", "hunt3r-two", "mysqldump --password={} db"),
    ("netrc", "hunter2", "machine x.org login me password {}"),
    ("docker-auth", "dXNlcjpodW50ZXIyMw==", '"auth": "{}"'),
    ("connection-string", "hunter2;"[:-1], "Server=db;User Id=sa;Password={};Encrypt=true"),
    ("env-password", "hunter2", "DB_PASSWORD={}"),
    ("env-password", "correct-horse", 'export PGPASSWORD="{}"'),
    ("env-secret", "abc123def456", "MY_SERVICE_TOKEN={}"),
    ("env-secret", HEX[:20], "  ENCRYPTION_KEY='{}'"),
    ("password", "hunter2", 'password = "{}"'),
    ("password", "tr0ub4dor&3"[:9], '"password": "{}"'),
    ("password", "s3cr3tvalue", 'PASSWORD: str = "{}"'),
    ("password", "s3cr3tvalue", '{{\\"password\\": \\"{}\\"}}'),
    ("generic", HEX[:32], 'api_key = "{}"'),
    ("generic", str(uuid.UUID(HEX[:32])), "client-secret: {}"),
    ("generic", "kJ8dF3mQ9xZ1vB7n", 'config["access_token"] = "{}"'),
    ("generic", "kJ8dF3mQ9xZ1vB7n", "X-Api-Key: {}"),
    ("telegram", "123456789" + ":AA" + MIXED[:33], "bot {}"),
    ("discord", "M" + MIXED[:23] + "." + MIXED[:6] + "." + MIXED[:27], "{}"),
    ("discord-webhook", MIXED[:60], "https://discord.com/api/webhooks/123456/{}"),
    ("shopify", "sh" + "pat_" + HEX[:32], "{}"),
    ("square", "sq" + "0csp-" + MIXED[:43], "{}"),
    ("linear", "li" + "n_api_" + MIXED[:40], "{}"),
    ("notion", "nt" + "n_" + MIXED[:43], "{}"),
    ("notion", "sec" + "ret_" + MIXED[:43], "{}"),
    ("doppler", "d" + "p.pt." + MIXED[:43], "{}"),
    ("vault", "hv" + "s." + MIXED[:24], "{}"),
    ("terraform", MIXED[:14] + ".at" + "lasv1." + MIXED, "{}"),
    ("age", "AGE-SECRET-" + "KEY-1" + UPPER[:58], "{}"),
    ("dropbox", "s" + "l." + MIXED + MIXED, "{}"),
    ("facebook", "EA" + "A" + MIXED[:60], "{}"),
    ("new-relic", "NR" + "AK-" + UPPER[:27], "{}"),
    ("sentry", "snt" + "rys_" + MIXED, "{}"),
    ("grafana", "gl" + "sa_" + MIXED[:32] + "_" + HEX[:8], "{}"),
    ("postman", "PM" + "AK-" + HEX[:24] + "-" + HEX[:34], "{}"),
    ("airtable", "pat" + MIXED[:14] + "." + HEX[:64], "{}"),
    ("atlassian", "AT" + "ATT3" + MIXED, "{}"),
    ("figma", "fi" + "gd_" + MIXED[:40], "{}"),
    ("heroku", "HR" + "KU-" + str(uuid.UUID(HEX[:32])), "{}"),
    ("supabase", "sb" + "p_" + HEX[:40], "{}"),
    ("planetscale", "pscale" + "_tkn_" + MIXED[:43], "{}"),
    ("rubygems", "rubygems" + "_" + HEX[:48], "{}"),
    ("docker", "dckr" + "_pat_" + MIXED[:27], "{}"),
    ("groq", "gs" + "k_" + MIXED[:52], "{}"),
    ("alibaba", "LT" + "AI" + MIXED[:20], "{}"),
    ("password-hash", "$2b$12$" + MIXED[:53], "admin:{}"),
    ("fly-io", "fm" + "2_" + MIXED, "{}"),
]


@pytest.mark.parametrize(("kind", "secret", "around"), SECRETS, ids=[f"{i}-{s[0]}" for i, s in enumerate(SECRETS)])
def test_a_secret_is_replaced(kind: str, secret: str, around: str) -> None:
    result = redact(around.format(secret))
    assert kind in result.kinds
    assert secret not in result.text
    assert secret[len(secret) // 2 :] not in result.text
    assert re.search(rf"«secret:{kind}:[0-9a-f]{{8}}»", result.text)
    assert redact(result.text) == Redacted(result.text)


SHA = hashlib.sha1(b"x", usedforsecurity=False).hexdigest()
IMAGE = base64.b64encode(b"".join(hashlib.sha256(bytes([n])).digest() for n in range(250))).decode()
ORDINARY = [
    f"commit {SHA}",
    f"index {SHA[:7]}..{SHA[7:14]} 100644",
    f"sha256:{HEX[:64]}",
    f'"integrity": "sha512-{IMAGE[:86]}=="',
    f"    --hash=sha256:{HEX[:64]} \\",
    str(uuid.UUID(HEX[:32])),
    f'id = "{uuid.UUID(HEX[:32])}"',
    f"data:image/png;base64,{IMAGE}",
    "".join(f"{IMAGE[n : n + 76]}\n" for n in range(0, len(IMAGE), 76)),
    "!function(e,t){var n=t.a1b2,r=e.exports=function(e){return n(e)&&r.c3d4}}(this,{});",
    'token = os.environ["API_TOKEN"]',
    "const token = process.env.GITHUB_TOKEN;",
    'password = getpass.getpass("Password: ")',
    "self.password = password",
    "password: string;",
    "password: str | None = None",
    "def login(username: str, password: str) -> Token:",
    'api_key = "your_api_key_here"',
    "API_KEY=<your key>",
    "API_KEY=${API_KEY}",
    'SECRET="$(cat /run/secret1)"',
    "TOKEN=xxxxxxxxxxxxxxxx",
    "PWD=/home/ann/project1",
    'secret_name: "projects/a1/secrets/b2"',
    "max_tokens = 8192",
    "tokens = tokenizer.encode2(text_1)",
    "token_id = 'a1b2c3d4e5f6a7b8'",
    "for token in tokens1: yield token",
    "cache_key = f'user:{user_id}:v2'",
    "primary_key=True, sort_key='created_at_2024'",
    "from sk_learn import skeleton; disk-usage-monitor-tool-2000",
    "class='sk-circle-fade sk-folding-cube-large-2'",
    "task-force-management-plan-2024-final",
    "pip install pypi-attestations pypi-simple",
    "npm_config_registry npm_lifecycle_event",
    "https://example.org/path?key=value&page=2#frag",
    "ssh://git@github.com:22/owner/repo.git",
    "git@github.com:owner/repo.git",
    "http://localhost:8080/@scope/package",
    "https://user@example.org/",
    "postgresql://{user}:{password}@{host}/{db}",
    "Authorization: Bearer <token>",
    'headers["Authorization"] = f"Bearer {token}"',
    "bearer authentication is described in section 7",
    "Basic authentication and cookies: see below",
    dashes("BEGIN PUBLIC KEY") + "\nMIIBIjANBgkqhkiG9w0\n" + dashes("END PUBLIC KEY"),
    dashes("BEGIN CERTIFICATE") + "\n" + IMAGE[:640] + "\n" + dashes("END CERTIFICATE"),
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3xk2 ann@host",
    "AKIA and ASIA are prefixes of key ids",
    "the prefixes ghp_, gho_ and sk-ant- are known",
    "eyJ is how a base64 JSON object begins",
    "x = hvs.find(y); sl.compute_the_thing(a_1, b_2)",
    "version = '1.2.3-rc.4+build.20240101'",
    "color: #a1b2c3; background: #0f1e2d3c",
    "CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'",
    "assert hash('hunter2') == 0x1f2e3d4c5b6a7988",
    "«secret:github:0123abcd»",
    "key: 'Ctrl+Shift+F10', when: 'editorFocus2'",
]


@pytest.mark.parametrize("text", ORDINARY, ids=range(len(ORDINARY)))
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == Redacted(text)


def test_every_kind_has_a_name_that_a_placeholder_can_hold() -> None:
    assert len(KINDS) >= 40
    assert all(re.fullmatch(r"[a-z0-9-]+", kind) for kind in KINDS)
    assert all(word == word.lower() for pattern in PATTERNS for word in pattern.words)


def test_equal_secrets_have_equal_placeholders_and_the_key_decides() -> None:
    one, two = "gh" + "p_" + MIXED[:36], "gh" + "p_" + SAME[:36]
    text = redact(f"{one} {two} {one}", b"key").text.split()
    assert text[0] == text[2] != text[1]
    assert redact(one, b"key") == redact(one, b"key") != redact(one, b"another key")
    assert hashlib.sha256(one.encode()).hexdigest()[:8] not in text[0]


def test_what_was_found_is_counted() -> None:
    result = redact("gh" + "p_" + MIXED[:36] + " and AK" + "IA" + UPPER[:16] + ", again AK" + "IA" + UPPER[:16])
    assert (result.count, result.kinds) == (3, ("aws-key-id", "github"))


def test_overlapping_secrets_are_one_with_the_most_telling_name() -> None:
    result = redact("Authorization: Bearer " + "sk-" + "ant-" + MIXED)
    assert (result.count, result.kinds) == (1, ("anthropic",))


def test_half_a_surrogate_pair_hides_nothing() -> None:
    result = redact("\ud800" + "gh" + "p_" + MIXED[:36] + "\udfff")
    assert result.kinds == ("github",)
    assert result.text.encode()


def test_a_forged_placeholder_hides_nothing() -> None:
    secret = "gh" + "p_" + MIXED[:36]
    for text in (
        f"«secret:{secret}:0123abcd»",
        f"«secret:github:0123abcd{secret}»",
        f"«secret:github:0123abcd»{secret}",
    ):
        assert secret not in redact(text).text


PIECES = st.one_of(
    st.sampled_from([secret for _, secret, _ in SECRETS]),
    st.sampled_from([around.replace("{}", "") for _, _, around in SECRETS if "{" in around]),
    st.sampled_from(
        [
            "password=",
            "TOKEN=",
            "\n",
            " ",
            '"',
            "«",
            "»",
            "«secret:",
            "://a:",
            "@",
            "sk-",
            MIXED[:20],
            "S" + "K" + HEX[:32],
            "pul" + "-" + HEX[:16],
        ]
    ),
    st.text(max_size=12),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=12))
def test_redacting_twice_is_redacting_once(pieces: Sequence[str]) -> None:
    once = redact("".join(pieces))
    assert redact(once.text) == Redacted(once.text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    result = redact(text)
    assert result.count or result.text == text.encode("utf-8", "replace").decode()


HOSTILE: Mapping[str, str] = {
    "openings": "-----BEGIN PRIVATE KEY-----",
    "urls": "a://b:c",
    "names": "password = token : secret => api_key ",
    "prefixes": "sk-ant-" + "ghp_",
    "words": "aA1._-",
    "curls": "curl x ",
    "quotes": "password\\\"')]\t",
    "types": "token: a.b[",
    "chains": "S" + "K" + HEX[:32] + "pul" + "-" + HEX[:16],
    "placeholders": "«secret:jwt:0123abcd»",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_time_is_linear_on_hostile_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            redact(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(20_000), seconds(160_000)
    # Eight times the text; sixty-four times the work if it were quadratic.
    assert large < 28 * small + 0.02, f"{small * 1e3:.1f} ms for 20 KB, {large * 1e3:.1f} ms for 160 KB"


def test_speed_on_100_kilobytes(capsys: pytest.CaptureFixture[str]) -> None:
    line = "def check(token: str, password: str) -> bool:\n    return hmac.compare(token, settings.SECRET_KEY)  # {}\n"
    text = "".join(line.format(n) for n in range(1000))[:99_000] + " gh" + "p_" + MIXED[:36]
    start = time.perf_counter()
    assert redact(text).count == 1
    with capsys.disabled():
        print(f"\nredact: {len(text) / 1000:.0f} KB in {(time.perf_counter() - start) * 1000:.1f} ms")


@pytest.mark.parametrize("text", ["gh" + "p_" + MIXED[:36], "nothing here", ""])
def test_without_the_library_it_refuses(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)  # what makes `import re2` fail
    with pytest.raises(RedactionUnavailable, match="google-re2"):
        redact(text)
