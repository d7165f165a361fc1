"""Names that promise a secret, and the ways in which languages give a name its value.

Only the name speaks for these, so the value is judged: strictly where such a name is common in code.
"""

from __future__ import annotations

from byline.privacy.pattern import Pattern
from byline.privacy.values import is_literal, is_mixed, is_random

_QUOTES = r"""[\\"'`]{0,2}"""
_QUOTE = r"""[\\"'`]{1,2}"""
_VALUE = r"""[^\s"'`«»,;&<>\\]"""
_QUOTED = r"""[^\s"'`«»\\]"""  # between quotes, other signs are part of the value
_NAME_END = r"""[\\"'`\])]{0,4}"""
_TYPE = r"(?:[ \t]*:[ \t]*[A-Za-z&'][0-9A-Za-z_.?|\[\] ]{0,40})?"  # `name: str = …`
_SIGN = r"(?:" + _TYPE + r"[ \t]*(?::=|=>|[=!]?={1,2})|[ \t]*:|>)[ \t]*"
_CALL = r"(?:[A-Za-z_][0-9A-Za-z_.:]{0,40}\()?"  # `= SecretStr("…")`, `= String::from("…")`
_OR_ELSE = r"[ \t]*(?:\|\||\?\?|\bor\b|\?:)[ \t]*"  # `process.env.NAME || "…"`
_LINE = r"(?m)^[-+ \t]*(?:export |set |ENV |ARG |[-*] )*"  # of a file of variables, or of a diff of one

_PASSWORDS = r"(?:password|passwd|passphrase|pwd|[_.-]pass|\bpass)[0-9]?"
_NAMES = (
    r"(?:tokens?|secrets?|api[_.-]?keys?|access[_.-]?keys?|auth[_.-]?keys?|private[_.-]?keys?|client[_.-]?secret"
    r"|secret[_.-]?key(?:[_.-]?base)?|encryption[_.-]?key|signing[_.-]?key|master[_.-]?key|service[_.-]?key"
    r"|licen[cs]e[_.-]?key|webhook[_.-]?key|deploy[_.-]?key|credentials?|account[_.-]?key|[_-]keys?(?:[_-]id)?)"
)
# As variables of the environment are written.
_PHRASE_NAMED = r"[A-Z0-9_]*(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD)(?:_[A-Z0-9]+)?"
_KEY_NAMED = r"[A-Z0-9_]*(?:KEY|TOKEN|SECRET|CREDENTIALS?|SALT)(?:_[A-Z0-9]+)?"
_NAMED = f"(?:{_PHRASE_NAMED}|{_KEY_NAMED})"

_SECRET_WORDS = ("token", "secret", "key", "credential")
_PASSWORD_WORDS = ("pass", "pwd")
_ALL_WORDS = (*_SECRET_WORDS, *_PASSWORD_WORDS, "salt")

_VARIABLES = (
    Pattern(
        "env-password",
        _PASSWORD_WORDS,
        _LINE + _PHRASE_NAMED + "=" + _QUOTES + f"(?P<secret>{_VALUE}{{5,}})",
        is_literal,
    ),
    Pattern(
        "env-secret",
        (*_SECRET_WORDS, "salt"),
        _LINE + _KEY_NAMED + "=" + _QUOTES + f"(?P<secret>{_VALUE}{{8,}})",
        is_mixed,
    ),
    Pattern(
        "env-secret",
        _ALL_WORDS,
        r"(?m)^[-+ \t]*ENV " + _NAMED + r"[ \t]+" + _QUOTES + f"(?P<secret>{_VALUE}{{6,}})",
        is_mixed,
    ),
    Pattern(
        "env-secret",
        _ALL_WORDS,
        r"\$\{" + _NAMED + r":?[-=]" + _QUOTES + r"""(?P<secret>[^\s"'`«»}]{6,})""",
        is_mixed,
    ),
    Pattern(
        "env-secret",  # `getenv("NAME", "…")`, `setenv("NAME", "…")`, `define('NAME', '…')`
        _ALL_WORDS,
        r"\([ \t]*" + _QUOTE + _NAMED + _QUOTE + r"[ \t]*,[ \t]*" + _QUOTE + f"(?P<secret>{_QUOTED}{{6,}})",
        is_mixed,
    ),
    Pattern(
        "env-secret",  # `- name: NAME`, and below it `value: …`
        ("value:",),
        r"(?i)\bname:[ \t]*"
        + _QUOTES
        + r"[a-z0-9_.-]*(?:pass(?:word|wd)?|pwd|key|token|secret|credentials?|salt)[a-z0-9_]*"
        + _QUOTES
        + r"[ \t]*\r?\n[-+ \t]*value:[ \t]*"
        + _QUOTES
        + f"(?P<secret>{_QUOTED}{{6,}})",
        is_mixed,
    ),
    Pattern(
        "env-secret",  # `<add key="…Password" value="…" />`
        ("value=",),
        r"(?i)\b(?:key|name)=[\"'][a-z0-9_.:-]*(?:pass(?:word|wd)?|pwd|key|token|secret|credentials?)[\"']"
        r"\s+value=[\"'](?P<secret>[^\"'\s«»]{6,})",
        is_mixed,
    ),
)

_ASSIGNMENTS = (
    Pattern(
        "password",
        _PASSWORD_WORDS,
        f"(?i){_PASSWORDS}{_NAME_END}(?:{_SIGN}|{_OR_ELSE}){_CALL}{_QUOTE}(?P<secret>{_QUOTED}{{6,}})",
        is_mixed,
    ),
    Pattern("password", _PASSWORD_WORDS, f"(?i){_PASSWORDS}{_NAME_END}{_SIGN}(?P<secret>{_VALUE}{{6,}})", is_mixed),
    Pattern(
        "generic",
        _SECRET_WORDS,
        f"(?i){_NAMES}{_NAME_END}(?:{_SIGN}|{_OR_ELSE}){_CALL}{_QUOTE}(?P<secret>{_QUOTED}{{10,}})",
        is_random,
    ),
    Pattern("generic", _SECRET_WORDS, f"(?i){_NAMES}{_NAME_END}{_SIGN}(?P<secret>{_VALUE}{{10,}})", is_random),
)

ASSIGNMENTS = _VARIABLES + _ASSIGNMENTS
"""The least telling: whatever else matches gives its name."""
