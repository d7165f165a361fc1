"""Cases as commitlint judges them: lodash's words (https://lodash.com/docs/#words), over UTF-16 code units.

JavaScript's patterns see a character beyond U+FFFF as two units, so texts are taken apart into units before they are
matched, and put together again after.
"""

from __future__ import annotations

import re
import unicodedata

from byline.commit_messages.grammar import WHITE_SPACE

_QUOTED = re.compile("`[^`\n\r\u2028\u2029]*`|\"[^\"\n\r\u2028\u2029]*\"|'[^'\n\r\u2028\u2029]*'")
_DIGIT = re.compile(r"[0-9]")

# The pattern of lodash's `words`, built from the same character ranges.
_BREAK = (
    "\u00ac\u00b1\u00d7\u00f7\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\u00bf\u2000-\u206f"
    " \t\v\f\u00a0\ufeff\n\r\u2028\u2029\u1680\u180e\u202f\u205f\u3000"
)
_LOWER = "a-z\u00df-\u00f6\u00f8-\u00ff"
_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00de"
_DINGBAT = "\u2700-\u27bf"
_OTHER = rf"[^\ud800-\udfff{_BREAK}0-9+{_DINGBAT}{_LOWER}{_UPPER}]"
_COMBINING = "\u0300-\u036f\ufe20-\ufe2f\u20d0-\u20ff"
_MODIFIER = rf"(?:[{_COMBINING}]|\ud83c[\udffb-\udfff])?"
_VARIANT = "[\ufe0e\ufe0f]?"
_FLAG = r"(?:\ud83c[\udde6-\uddff]){2}"
_PAIR = r"[\ud800-\udbff][\udc00-\udfff]"
_SEQUENCE = rf"{_VARIANT}{_MODIFIER}(?:\u200d(?:[^\ud800-\udfff]|{_FLAG}|{_PAIR}){_VARIANT}{_MODIFIER})*"
_WORD = re.compile(
    "|".join(
        (
            rf"[{_UPPER}]?[{_LOWER}]+(?:['’](?:d|ll|m|re|s|t|ve))?(?=[{_BREAK}]|[{_UPPER}]|\Z)",
            rf"(?:[{_UPPER}]|{_OTHER})+(?:['’](?:D|LL|M|RE|S|T|VE))?"
            rf"(?=[{_BREAK}]|[{_UPPER}](?:[{_LOWER}]|{_OTHER})|\Z)",
            rf"[{_UPPER}]?(?:[{_LOWER}]|{_OTHER})+(?:['’](?:d|ll|m|re|s|t|ve))?",
            rf"[{_UPPER}]+(?:['’](?:D|LL|M|RE|S|T|VE))?",
            r"\d*(?:1ST|2ND|3RD|(?![123])\dTH)(?=\b|[a-z_])",
            r"\d*(?:1st|2nd|3rd|(?![123])\dth)(?=\b|[A-Z_])",
            r"\d+",
            rf"(?:[{_DINGBAT}]|{_FLAG}|{_PAIR}){_SEQUENCE}",
        )
    ),
    re.ASCII,
)
_ASCII_WORD = re.compile("[^\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
_IS_COMPOUND = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]|[0-9][a-zA-Z]|[a-zA-Z][0-9]|[^a-zA-Z0-9 ]")

_PLAIN = {
    "Æ": "Ae",
    "Ð": "D",
    "Ø": "O",
    "Þ": "Th",
    "ß": "ss",
    "æ": "ae",
    "ð": "d",
    "ø": "o",
    "þ": "th",
    "Đ": "D",
    "đ": "d",
    "Ħ": "H",
    "ħ": "h",
    "ı": "i",
    "Ĳ": "IJ",
    "ĳ": "ij",
    "ĸ": "k",
    "Ŀ": "L",
    "ŀ": "l",
    "Ł": "L",
    "ł": "l",
    "ŉ": "'n",
    "Ŋ": "N",
    "ŋ": "n",
    "Œ": "Oe",
    "œ": "oe",
    "Ŧ": "T",
    "ŧ": "t",
    "ſ": "s",
}
_IS_COMBINING = re.compile(f"[{_COMBINING}]")

CASES = frozenset(
    {
        "camel-case",
        "kebab-case",
        "snake-case",
        "pascal-case",
        "start-case",
        "upper-case",
        "uppercase",
        "sentence-case",
        "sentencecase",
        "lower-case",
        "lowercase",
        "lowerCase",
    }
)
"""The names that commitlint knows."""


def has_case(text: str, case: str) -> bool:
    """Whether `text` has the case of this name; what stands in quotes does not count."""
    bare = _QUOTED.sub("", text).strip(WHITE_SPACE)
    changed = in_case(bare, case)
    return changed in ("", bare) or bool(_DIGIT.match(changed))


def in_case(text: str, case: str) -> str:
    """`text` in the case of this name. Raises KeyError for a name that is not in CASES."""
    if case not in CASES:
        raise KeyError(case)
    match case:
        case "camel-case":
            return _camel(text)
        case "pascal-case":
            return _upper_first(_camel(text))
        case "kebab-case":
            return "-".join(word.lower() for word in _words(text))
        case "snake-case":
            return "_".join(word.lower() for word in _words(text))
        case "start-case":
            return " ".join(word[:1].upper() + word[1:] for word in _words(text))
        case "upper-case" | "uppercase":
            return text.upper()
        case "sentence-case" | "sentencecase":
            return _upper_first(text)
    return text.lower()


def begins_with_cased_letter(text: str) -> bool:
    """Whether the first character is a letter that has a case, of any script."""
    return bool(text) and unicodedata.category(text[0]) in ("Ll", "Lu", "Lt")


def units(text: str) -> str:
    """`text` with every character beyond U+FFFF as its two UTF-16 code units."""
    if text.isascii():
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(data[at] | data[at + 1] << 8) for at in range(0, len(data), 2))


def width(text: str) -> int:
    """The length of `text` in UTF-16 code units, as JavaScript counts."""
    return len(text) if text.isascii() else sum(2 if character > "\uffff" else 1 for character in text)


def _words(text: str) -> list[str]:
    letters = units(re.sub("['’]", "", _without_accents(text)))
    pattern = _WORD if _IS_COMPOUND.search(letters) else _ASCII_WORD
    return [_joined(match[0]) for match in pattern.finditer(letters)]


def _joined(letters: str) -> str:
    return letters if letters.isascii() else letters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _camel(text: str) -> str:
    words = _words(text)
    return "".join((words[0].lower(), *(word[:1].upper() + word[1:].lower() for word in words[1:]))) if words else ""


def _upper_first(text: str) -> str:
    first = text[:1]
    return (first if first > "\uffff" else first.upper()) + text[1:]


def _without_accents(text: str) -> str:
    """`text` with Latin letters of the first two blocks in their plain form, and without combining marks."""
    if text.isascii():
        return text
    return "".join(_without_accent(letter) for letter in text if not _IS_COMBINING.match(letter))


def _without_accent(letter: str) -> str:
    if letter in _PLAIN:
        return _PLAIN[letter]
    if not "\u00c0" <= letter <= "\u017f":
        return letter
    return "".join(mark for mark in unicodedata.normalize("NFD", letter) if not _IS_COMBINING.match(mark))
