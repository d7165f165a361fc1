"""The verbs that subjects begin with, in the three forms that people use."""

from __future__ import annotations

from enum import StrEnum


class Mood(StrEnum):
    """The form of a subject's first verb: `add`, `adds` or `added`."""

    IMPERATIVE = "imperative"
    PRESENT = "present"
    PAST = "past"


_IRREGULAR = {
    "make": ("makes", "made"), "run": ("runs", "ran"), "split": ("splits", "split"), "set": ("sets", "set"),
    "rewrite": ("rewrites", "rewrote"), "write": ("writes", "wrote"), "drop": ("drops", "dropped"),
    "keep": ("keeps", "kept"), "stop": ("stops", "stopped"), "skip": ("skips", "skipped"), "bump": ("bumps", "bumped"),
    "simplify": ("simplifies", "simplified"), "fix": ("fixes", "fixed"), "get": ("gets", "got"),
}  # fmt: skip
_REGULAR = """
    add allow avoid change clean correct delete document enable ensure extend extract format handle ignore improve
    introduce mark merge move refactor reformat remove rename reorganise replace restore revert rework support
    switch test tidy update upgrade use
"""


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


_FORMS = {verb: (_third(verb), _past(verb)) for verb in _REGULAR.split()} | _IRREGULAR
_MOODS = {
    form: mood for verb, forms in _FORMS.items() for form, mood in ((forms[0], Mood.PRESENT), (forms[1], Mood.PAST))
}
_MOODS |= dict.fromkeys(_FORMS, Mood.IMPERATIVE)


def inflected(verb: str, mood: Mood) -> str:
    """`verb` in the form that `mood` asks for. Raises KeyError for a verb that is not among those that are written."""
    third, past = _FORMS[verb]
    return {Mood.IMPERATIVE: verb, Mood.PRESENT: third, Mood.PAST: past}[mood]


def mood_of(word: str) -> Mood | None:
    """The form that a subject's first word is in; None where it is no verb that is known."""
    return _MOODS.get(word.lower())
