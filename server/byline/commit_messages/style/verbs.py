"""The verbs that subjects begin with, in the four forms that people use."""

from __future__ import annotations

import re
from enum import StrEnum


class Mood(StrEnum):
    """The form of a subject's first verb: `add`, `adds`, `added` or `adding`."""

    IMPERATIVE = "imperative"
    PRESENT = "present"
    PAST = "past"
    ONGOING = "ongoing"


_IRREGULAR = {
    "make": ("makes", "made"), "run": ("runs", "ran"), "set": ("sets", "set"), "rewrite": ("rewrites", "rewrote"),
    "write": ("writes", "wrote"), "keep": ("keeps", "kept"), "get": ("gets", "got"), "split": ("splits", "split"),
    "let": ("lets", "let"), "cut": ("cuts", "cut"), "put": ("puts", "put"), "build": ("builds", "built"),
    "send": ("sends", "sent"), "find": ("finds", "found"), "read": ("reads", "read"), "take": ("takes", "took"),
}  # fmt: skip
_REGULAR = """
    add allow avoid bump change clean convert correct delete document drop enable ensure export extend extract fix
    format handle ignore import improve introduce log mark merge move permit plug refactor reformat remove rename
    reorganise replace restore revert rework show simplify skip stop strip support swap switch test tidy transfer trim
    turn update upgrade use wrap
"""
_DOUBLED = frozenset({"format", "permit", "reformat", "transfer"})
_SHORT = re.compile(r"[^aeiou]*(?:qu)?[aeiou][bdfgklmnprtvz]")


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return _doubled(verb) + "ed"


def _ongoing(verb: str) -> str:
    return (verb[:-1] if verb.endswith("e") else _doubled(verb)) + "ing"


def _doubled(verb: str) -> str:
    """`verb` as it stands before `-ed` and `-ing`: a single consonant behind a short, stressed vowel is written twice.

    `format`, whose stress is on the first part, is written so, too (British and American).
    """
    return verb + verb[-1] if _SHORT.fullmatch(verb) or verb in _DOUBLED else verb


_FORMS = {verb: (_third(verb), _past(verb)) for verb in _REGULAR.split()} | _IRREGULAR
_MOODS = {
    form: mood
    for verb, forms in _FORMS.items()
    for form, mood in ((forms[0], Mood.PRESENT), (forms[1], Mood.PAST), (_ongoing(verb), Mood.ONGOING))
}
_MOODS |= dict.fromkeys(_FORMS, Mood.IMPERATIVE)


def inflected(verb: str, mood: Mood) -> str:
    """`verb` in the form that `mood` asks for. Raises KeyError for a verb that is not among those that are written."""
    third, past = _FORMS[verb]
    return {Mood.IMPERATIVE: verb, Mood.PRESENT: third, Mood.PAST: past, Mood.ONGOING: _ongoing(verb)}[mood]


def mood_of(word: str) -> Mood | None:
    """The form that a subject's first word is in; None where it is no verb that is known."""
    return _MOODS.get(word.lower())
