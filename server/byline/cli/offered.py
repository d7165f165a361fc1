"""`byline message --history`: which messages were offered, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from byline.attribution.wording import percent
from byline.cli.output import Exit, Piece, note, one_line, print_json, print_rows, working
from byline.commit_messages.offers.history import History
from byline.commit_messages.offers.offer import Fate, Offer, Outcome

_MADE = (Fate.AS_IS, Fate.EDITED, Fate.NOT_TAKEN)
_WORDS = {Fate.AS_IS: "taken as is", Fate.EDITED: "edited", Fate.NOT_TAKEN: "not taken", Fate.OPEN: "not committed"}
_STYLES = {Fate.AS_IS: "green", Fate.EDITED: "yellow", Fate.NOT_TAKEN: "red", Fate.OPEN: "bright_black"}
_MOST_SHOWN = 20


def print_history(history: History, *, as_json: bool) -> int:
    """Print it, newest first. Raises GitError, JournalError."""
    with working("Looking for the commits"):
        outcomes = history.outcomes()
    if as_json:
        print_json({"summary": _summary_json(outcomes), "history": [_json(each) for each in outcomes]})
    else:
        print_rows(_rows(outcomes))
        if not history.is_kept:
            note("What is offered now is not kept: the setting commit.history is false.")
    return Exit.FINE


def _rows(outcomes: Sequence[Outcome]) -> Iterator[list[Piece]]:
    if not outcomes:
        yield [("Nothing was offered here lately.", "")]
        return
    for outcome in outcomes[:_MOST_SHOWN]:
        yield from _told(outcome)
    if len(outcomes) > _MOST_SHOWN:
        yield [(f"and {len(outcomes) - _MOST_SHOWN} more (--json has all)", "bright_black")]
    yield [("", "")]
    yield [("All: ", "bold"), (_shares(_counted(outcomes)), "")]
    for provider, found in _by_provider(outcomes).items():
        yield [(f"{one_line(provider)}: ", "bold"), (_shares(found), "")]


def _told(outcome: Outcome) -> Iterator[list[Piece]]:
    """One commit: when, which, what became of it; then what was offered."""
    when = _time(outcome.offers[0]).astimezone().strftime("%Y-%m-%d %H:%M")
    subject = one_line((outcome.message or "").strip().partition("\n")[0])
    kept = f", {outcome.survived:.0%} survived" if outcome.fate is Fate.EDITED else ""
    yield [
        (when, "bright_black"),
        (f"  {(outcome.commit or '')[:8]:8}  ", "yellow"),
        (f"{_WORDS[outcome.fate]}{kept}", _STYLES[outcome.fate]),
        (f"  {subject}" if subject else "", ""),
    ]
    for offer in outcome.offers:
        sign = "●" if offer is outcome.taken else "○"
        yield [(f"    {sign} ", ""), (one_line(offer.message.partition("\n")[0]), ""), *_from(offer)]


def _from(offer: Offer) -> Iterator[Piece]:
    yield (f"  ({one_line(offer.provider)})", "bright_black")


def _counted(outcomes: Iterable[Outcome]) -> Counter[Fate]:
    """How many commits of each fate, but those that were never made."""
    return Counter(outcome.fate for outcome in outcomes if outcome.fate in _MADE)


def _by_provider(outcomes: Sequence[Outcome]) -> dict[str, Counter[Fate]]:
    """The same for each provider, of the commits for which it offered something; another's message is not its own."""
    found: dict[str, Counter[Fate]] = {}
    for outcome in outcomes:
        for provider in {offer.provider for offer in outcome.offers} if outcome.fate in _MADE else ():
            is_its = outcome.taken is not None and outcome.taken.provider == provider
            found.setdefault(provider, Counter())[outcome.fate if is_its else Fate.NOT_TAKEN] += 1
    return dict(sorted(found.items()))


def _shares(counted: Mapping[Fate, int]) -> str:
    total = sum(counted.values())
    if not total:
        return "no commit yet"
    commits = "1 commit" if total == 1 else f"{total} commits"
    shares = (f"{_WORDS[fate]} {percent(counted[fate], total)}" for fate in _MADE if counted.get(fate))
    return f"{commits}: " + ", ".join(shares)


def _summary_json(outcomes: Sequence[Outcome]) -> dict[str, object]:
    providers = {name: _counts_json(found) for name, found in _by_provider(outcomes).items()}
    return {**_counts_json(_counted(outcomes)), "providers": providers}


def _counts_json(counted: Mapping[Fate, int]) -> dict[str, object]:
    return {
        "commits": sum(counted.values()),
        "asIs": counted.get(Fate.AS_IS, 0),
        "edited": counted.get(Fate.EDITED, 0),
        "notTaken": counted.get(Fate.NOT_TAKEN, 0),
    }


def _json(outcome: Outcome) -> dict[str, object]:
    is_made = outcome.fate is not Fate.OPEN
    return {
        "commit": outcome.commit,
        "message": outcome.message,
        "fate": outcome.fate.value,
        "taken": outcome.offers.index(outcome.taken) if outcome.taken else None,
        "similarity": round(outcome.similarity, 4) if is_made else None,
        "survived": round(outcome.survived, 4) if is_made else None,
        "offers": [
            {
                "time": _time(offer).isoformat(),
                "provider": offer.provider,
                "rank": offer.rank,
                "message": offer.message,
            }
            for offer in outcome.offers
        ],
    }


def _time(offer: Offer) -> datetime:
    return datetime.fromtimestamp(offer.time, UTC)
