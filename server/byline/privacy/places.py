"""Places where a credential stands: key blocks, headers, addresses, connection strings, commands, files of programs."""

from __future__ import annotations

from byline.privacy.pattern import Pattern
from byline.privacy.values import has_random_part, is_encoded, is_literal, is_mixed, is_random, is_token

_QUOTES = r"""[\\"'`]{0,2}"""
_VALUE = r"""[^\s"'`«»,;&<>\\]"""
_KEY_BYTES = "[0-9A-Za-z+/]{16}"
_ARMOUR = r"""[0-9A-Za-z+/=\s\\,.:;()<>@_"'`#*|~&-]"""
_BARE = r"[0-9A-Za-z+/=\s\\,.:()<>@_-]"

BLOCKS = (
    # What a key is written in: Base64 with the signs that languages put around its lines. Without its end, only what
    # can be nothing else is taken; without a line of Base64 it is the name of a format.
    Pattern(
        "private-key",
        ("private key",),
        r"(?P<secret>-----BEGIN [0-9A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        rf"(?:{_ARMOUR}*?{_KEY_BYTES}{_ARMOUR}*?-----END [0-9A-Z ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----"
        rf"|{_BARE}*?{_KEY_BYTES}{_BARE}*))",
    ),
    Pattern("private-key", ("ls0tls1crudjt",), r"(?P<secret>LS0tLS1CRUdJTi[0-9A-Za-z+/]{16,}={0,2})"),
    Pattern("putty-key", ("private-lines:",), r"(?i)Private-Lines:\s*[0-9]+\s+(?P<secret>[0-9A-Za-z+/=\s]{16,})"),
    Pattern("gcp-service-account", ("private_key_id",), r'private_key_id\\?"\s*:\s*\\?"(?P<secret>[0-9A-Za-z]{16,})'),
    Pattern("password-hash", ("$2",), r"(?P<secret>\$2[abxy]\$[0-9]{2}\$[0-9A-Za-z./]{53})"),
    Pattern("password-hash", ("$5$", "$6$"), r"(?P<secret>\$[56]\$[0-9A-Za-z./$=]{20,})"),
    Pattern("password-hash", ("$argon2",), r"(?P<secret>\$argon2[a-z]{1,2}\$[0-9A-Za-z+/=,$]{20,})"),
)

_ADDRESSES = (
    Pattern("slack-webhook", ("hooks.slack.com/",), r"(?i)hooks\.slack\.com/[a-z]+/(?P<secret>[0-9A-Za-z/+_-]{16,})"),
    Pattern(
        "discord-webhook",
        ("/api/webhooks/",),
        r"(?i)discord(?:app)?\.com/api/webhooks/[0-9]+/(?P<secret>[0-9A-Za-z_-]{16,})",
    ),
    Pattern("teams-webhook", ("webhook.office.com/",), r"(?i)webhook\.office\.com/(?P<secret>[0-9A-Za-z/@_-]{16,})"),
    Pattern("zapier-webhook", ("hooks.zapier.com/",), r"(?i)hooks\.zapier\.com/(?P<secret>[0-9A-Za-z/_-]{12,})"),
    Pattern(
        "url-password",
        ("://",),
        r"""[A-Za-z][0-9A-Za-z+.-]*://[^\s/:@"'`<>«»]*:(?P<secret>[^\s/@"'`<>«»]+)@""",
        is_literal,
    ),
    Pattern("url-token", ("://",), r"https?://(?P<secret>[0-9A-Za-z_-]{16,})@[0-9A-Za-z]", is_mixed),
    Pattern(
        "connection-string",
        ("password", "pwd"),
        r"(?i)[;?&\"' ](?:password|pwd)=(?P<secret>[^;&\"'`\s«»]{3,})",
        is_mixed,
    ),
    Pattern(
        "connection-string",
        ("password", "pwd"),
        r"(?i);[ \t]*(?:password|pwd)[ \t]*=[ \t]*(?P<secret>[^;\"'`\s«»]{3,})",
        is_token,
    ),
    Pattern("azure-storage", ("accountkey",), r"AccountKey[ \t]*=[ \t]*(?P<secret>[0-9A-Za-z+/]{16,}={0,2})", is_mixed),
    Pattern(
        "azure-shared-access",
        ("sharedaccess", "sig="),
        r"(?i)(?:SharedAccessKey\s*=\s*|[?&]sig=)(?P<secret>[0-9A-Za-z+/%]{16,}={0,2})",
    ),
)

_HEADERS = (
    Pattern(
        "authorization",
        ("authorization",),
        r"""(?i)authorization[\\"'`\])]{0,4}[ \t]*(?:=>|[=:,>])[ \t]*"""
        + _QUOTES
        + r"(?:(?:bearer|basic|token|digest|apikey)\s+)(?P<secret>[0-9A-Za-z._~+/=:-]{8,})",
        is_token,
    ),
    Pattern("authorization", ("bearer ",), r"(?i)bearer\s+(?P<secret>[0-9A-Za-z._~+/=-]{16,})", is_mixed),
    Pattern("authorization", ("basic ",), r"(?i)basic\s+(?P<secret>[0-9A-Za-z+/]{12,}={1,2})", is_token),
    Pattern("cookie", ("cookie:",), r"(?i)cookie:\s*(?P<secret>[^\n\"'`«»]{16,})", has_random_part),
)

_COMMANDS = (
    Pattern(
        "curl-password",
        ("curl",),
        r"""\bcurl\b[^\n«»]*?\s(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']+:(?P<secret>[^\s"'`«»]{3,})""",
        is_literal,
    ),
    Pattern(
        "option",
        ("--password", "--token", "--passphrase", "--api-key", "--secret", "--access-token"),
        r"--(?:password|passphrase|token|api-key|secret|access-token)[= ]" + _QUOTES + f"(?P<secret>{_VALUE}{{6,}})",
        is_mixed,
    ),
    Pattern("option", ("sshpass",), r"\bsshpass\s+-p[ ]?" + _QUOTES + f"(?P<secret>{_VALUE}{{4,}})", is_literal),
    Pattern(
        "option",
        ("mysql", "mariadb"),
        r"\b(?:mysql|mariadb)[a-z-]*\s[^\n«»]*?-p" + _QUOTES + f"(?P<secret>{_VALUE}{{6,}})",
        is_mixed,
    ),
    Pattern("option", ("redis-cli",), r"\bredis-cli\s[^\n«»]*?-a " + _QUOTES + f"(?P<secret>{_VALUE}{{6,}})", is_mixed),
    Pattern(
        "sql-password",
        ("password", "identified"),
        r"(?i)\b(?:password|identified(?:[ \t]+with[ \t]+[a-z_0-9]+)?[ \t]+by)[ \t]+'(?P<secret>[^'\s«»]{4,})'",
        is_mixed,
    ),
)

_FILES = (
    Pattern("netrc", ("login ",), r"(?i)\blogin\s+\S+\s+password\s+(?P<secret>[^\s«»]{4,})", is_literal),
    Pattern(
        "npmrc",
        ("_auth",),
        r"(?im)(?:^|[:\s])_auth(?:token)?\s*=\s*" + _QUOTES + f"(?P<secret>{_VALUE}{{8,}})",
        is_token,
    ),
    Pattern("docker-auth", ('"auth"',), r'"auth"\s*:\s*"(?P<secret>[0-9A-Za-z+/]{12,}={0,2})"', is_token),
    Pattern("django", ("secret_key",), r"""SECRET_KEY\s*=\s*[rb]?["'](?P<secret>[^"'\n]{30,})["']""", is_random),
    Pattern(
        "aws-secret",
        ("secret", "aws_sk"),
        r"(?i)(?:secret[_.-]?access[_.-]?key|aws[_.-]?secret[_.-]?key|aws[_.-]?secret|aws_sk)"
        r"""[^0-9A-Za-z/+\n]{1,12}(?P<secret>[0-9A-Za-z/+]{40})(?:[^0-9A-Za-z/+=]|$)""",
    ),
    Pattern(
        "aws-session-token",
        ("session_token", "sessiontoken", "session-token", "security_token"),
        r"(?i)(?:session|security)[_-]?token[^0-9A-Za-z/+\n]{1,12}(?P<secret>[0-9A-Za-z/+=]{60,})",
    ),
)

_ENCODED = (
    Pattern(
        "encoded",
        (": ", "="),
        r"""(?m)[:=][ \t]*["']?(?P<secret>[0-9A-Za-z+/]{20,}={0,2})["']?[ \t]*,?\r?$""",
        is_encoded,
    ),
)

PLACES = _ADDRESSES + _HEADERS + _COMMANDS + _FILES + _ENCODED
"""Where the place says that it is a secret; some values are judged all the same."""
