"""Commit messages made by chance: ordinary ones, and ones with everything that a parser can stumble over."""

from __future__ import annotations

import re
from random import Random

_TYPES = ("feat", "fix", "docs", "chore", "refactor", "Feat", "FIX", "wip", "feature", "", "revert", "t_1", "é")
_SCOPES = ("api", "ui", "core/io", "api,cli", "api, ui", "core\\io", "UI", "api|ui", "a b", "my_scope", "x(y)", "", "é")
_WORDS = re.findall(
    "[^ ]+",
    """add remove update the a parser support for SQL README.md `Config` "Quoted Text" 'single' HTTPServer camelCase
snake_case kebab-case Title API's don't 2nd 10th v1.2.3 100% ünïcode Straße ŉew œuvre łódź привет 日本語 🎉
👨\u200d👩\u200d👧
🇩🇪 fixes closed resolve prefix close: #12 (#34) org/repo#5 PROJ-7 x#y #1, https://example.org/a#b into in @ann
a.b.c foo/bar e\u0301 İ ß ﬁ \u2028 \u00a0 \ufeff \x1c \t""".replace("\n", " "),
)
_ENDS = ("", "", "", ".", "...", "!", "?", " ", ":", "。")
_BETWEEN = (": ", ": ", ": ", ": ", "!: ", ":", " : ", ":  ", "!:", " - ", "")
_STARTS = ("", "", "", "", "", " ", "\n", "\n\n", "\r\n", "\ufeff", "[a] ", "🎉 ")
_FOOTERS = (
    "BREAKING CHANGE: {}",
    "BREAKING-CHANGE: {}",
    "breaking change {}",
    "DEPRECATED: {}",
    "* BREAKING CHANGE: {}",
    "Closes #12",
    "Closes #12, fixes org/x#4",
    "see #3 fix {}",
    "Signed-off-by: Ann <ann@example.org>",
    "Co-authored-by: Bob <bob@example.org>",
    "Reviewed-by: {}",
    "(cherry picked from commit 0123abc)",
    "gpg: Signature made {}",
    "# {}",
    "---",
    " continued {}",
    "Refs: PROJ-12",
    "fixes https://example.org/issues/#12",
    "https://example.org/{} #4",
)
_WHOLE = (
    "Merge branch 'main' into feature",
    "Merge pull request #1 from a/b\n\nfeat: x",
    "Merge x into y",
    "Merge into y",
    "Merge tag 'v1'",
    'Revert "feat: x"\n\nThis reverts commit abc.',
    "revert: feat: x",
    'Reapply "feat"',
    "fixup! feat: x",
    "squash!x",
    "amend! x",
    "1.2.3",
    "v1.2.3-rc.1+build.5",
    "01.2.3",
    "chore(release): 1.2.3 [skip ci]",
    "chore: 1.2.3",
    "chore(release): v1.2.3 (ci-skip)",
    "Merged in x",
    "Merged PR 12: x",
    "Merged x into y",
    "Automatic merge",
    "Auto-merged a into b",
    "Merge remote-tracking branch 'origin/main'",
    "feat: x\n\nMerge branch 'y'",
    "\nMerge branch 'y'",
    ":",
    ": ",
    "feat:",
    "feat: ",
    "feat(): x",
    "(a): x",
    "feat(a)b): x (c): d",
    "gpg: x\nfeat: y",
    "gpg: x\n\nbody",
    "feat: x\r\n\r\nbody\r\n",
    "feat: a\rb",
    "feat: x\n\nbody\n\nCloses #1\r\r\nmore",
    "feat: x\n\n" + "x" * 72 + "\r\r\nmore",
    "feat: x\n\n\n\nbody\n\n\n",
    "feat: x\n \nbody",
    "x" * 200,
)


def message(random: Random) -> str:
    """One message; half of them are ordinary."""
    if random.random() < 0.06:
        return random.choice(_WHOLE)
    text = random.choice(_STARTS) + _header(random)
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        text += random.choice(("\n\n", "\n\n", "\n\n", "\n", "\n\n\n", "\r\n\r\n")) + _paragraph(random)
    if random.random() < 0.15:
        text = _mutated(text, random)
    text += random.choice(("", "\n", "\n\n", " \n"))
    visible = any(letter.isprintable() and letter != " " for letter in text)  # commitlint refuses others
    return text if visible else "feat: x"


def _header(random: Random) -> str:
    scope = f"({random.choice(_SCOPES)})" if random.random() < 0.5 else ""
    between = random.choice(_BETWEEN)
    return f"{random.choice(_TYPES)}{scope}{between}{_sentence(random, 8)}{random.choice(_ENDS)}"


def _sentence(random: Random, most: int) -> str:
    words = [random.choice(_WORDS) for _ in range(random.randint(0, most))]
    style = random.random()
    text = " ".join(words)
    if style < 0.15:
        return text.upper()
    if style < 0.3:
        return text.title()
    if style < 0.4:
        return "".join(word.capitalize() for word in words)
    return text[:1].upper() + text[1:] if style < 0.6 else text


def _paragraph(random: Random) -> str:
    if random.random() < 0.5:
        lines = [random.choice(_FOOTERS).format(_sentence(random, 5)) for _ in range(random.randint(1, 4))]
    else:
        lines = [_sentence(random, random.choice((3, 12, 40))) for _ in range(random.randint(1, 3))]
    return random.choice(("\n", "\n", "\r\n")).join(lines)


def _mutated(text: str, random: Random) -> str:
    """`text` with one of its characters deleted, doubled, or replaced."""
    at = random.randrange(len(text))
    new = random.choice(("", text[at] * 2, *"\n\r:!()#.`'\" 1A\u2028é🎉"))
    return text[:at] + new + text[at + 1 :]
