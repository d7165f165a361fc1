"""What mends a broken rule: for each rule the fixes that a person is offered, the most fitting first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from byline.commit_messages.lint import header_fixes as header
from byline.commit_messages.lint import line_fixes as line
from byline.commit_messages.lint import name_fixes as named
from byline.commit_messages.lint.finding import Edit, Fix
from byline.commit_messages.lint.form import in_form
from byline.commit_messages.lint.places import Place
from byline.commit_messages.lint.tried import Trial
from byline.commit_messages.message import Message
from byline.commit_messages.rules import Rule, Rules

_MAX_FIXES = 8
_MAX_PROPOSED = 40

_Mend = Callable[[Message, Rule, Rules, Place], Iterator[Fix]]


def proposals(message: Message, name: str, rules: Rules, place: Place) -> Iterator[Fix]:
    """What may mend the rule of this name, which `message` breaks at `place`; not all of it has to."""
    mend = _MENDS.get(name) or _MENDS_BY_KIND.get(name.partition("-")[2])
    if not mend:
        return
    found: set[tuple[Edit, ...]] = set()
    for fix in islice(mend(message, rules.rules[name], rules, place), _MAX_PROPOSED):
        if fix.edits and fix.edits not in found:
            found.add(fix.edits)
            yield fix


def fixes(message: Message, name: str, place: Place, rules: Rules, trial: Trial) -> tuple[Fix, ...]:
    """What mends the rule of this name, which `message` breaks at `place`, and breaks nothing else."""
    return tuple(islice(trial.mending(name, proposals(message, name, rules, place)), _MAX_FIXES))


_MENDS: Mapping[str, _Mend] = MappingProxyType(
    {
        "header-trim": header.trimmed,
        "header-max-length": header.shortened,
        "subject-max-length": header.shortened,
        "header-full-stop": header.full_stop,
        "subject-full-stop": header.full_stop,
        "header-case": header.recased,
        "subject-case": header.recased,
        "subject-empty": header.subject_empty,
        "subject-exclamation-mark": header.exclamation_mark,
        "breaking-change-exclamation-mark": header.breaking_change,
        "header-match": in_form,
        "message-match": in_form,
        "type-case": named.type_case,
        "type-enum": named.type_enum,
        "type-empty": named.type_empty,
        "type-max-length": named.type_enum,
        "type-min-length": named.type_enum,
        "scope-case": named.scope_case,
        "scope-enum": named.scope_enum,
        "scope-empty": named.scope_empty,
        "scope-delimiter-style": named.scope_delimiters,
        "scope-max-length": named.scope_enum,
        "scope-min-length": named.scope_enum,
        "body-leading-blank": line.leading_blank("body"),
        "footer-leading-blank": line.leading_blank("footer"),
        "body-max-line-length": line.wrapped("body"),
        "footer-max-line-length": line.wrapped("footer"),
        "body-max-length": line.cut_off("body"),
        "footer-max-length": line.cut_off("footer"),
        "body-empty": line.body_empty,
        "footer-empty": line.footer_empty,
        "body-full-stop": line.full_stop,
        "body-case": line.recased,
        "references-empty": line.reference,
        "signed-off-by": line.trailer,
        "trailer-exists": line.trailer,
    }
)
_MENDS_BY_KIND: Mapping[str, _Mend] = MappingProxyType({"min-length": line.lengthened})
