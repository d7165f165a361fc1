"""Evidence to origins. A row is the evidence, oldest first, and the origin as `kind level tool`, `!` for a conflict."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.provenance.origin import (
    AI_CHANNELS,
    CHAIN,
    UNKNOWN,
    Channel,
    Evidence,
    Kind,
    Level,
    Source,
    kind_of,
    level_of,
    origin_of,
)

SHAPE = Evidence(Source.SHAPE, Channel.TYPING)


def client(channel: Channel, proof: str | None = None, tool: str | None = None, **more: str) -> Evidence:
    return Evidence(Source.CLIENT, channel, proof, tool, **more)


def transcript(tool: str = "claude-code", **more: str) -> Evidence:
    return Evidence(Source.TRANSCRIPT, Channel.AGENT, CHAIN, tool, **more)


def declared(tool: str | None = "claude-code", **more: str) -> Evidence:
    return Evidence(Source.DECLARATION, Channel.AGENT, None, tool, **more)


def mark(channel: Channel, tool: str | None = None) -> Evidence:
    return Evidence(Source.MARK, channel, None, tool)


TYPED = client(Channel.TYPING)
TYPED_FOR_SURE = client(Channel.TYPING, "literal_key")
AGENT = client(Channel.AGENT)
SERVER = Evidence(Source.SERVER, Channel.CHAT_APPLY, tool="byline")

ORIGINS = {
    "no proof, no claim": ([], "unknown none"),
    # The client's word: its channel sets the kind, its proof the level.
    "typing": ([TYPED], "human declared"),
    "typing, by the editor's reason": ([client(Channel.TYPING, "editor_reason")], "human proven"),
    "typing, by a literal key": ([TYPED_FOR_SURE], "human proven"),
    "typing, by its shape": ([client(Channel.TYPING, "shape")], "human probable"),
    "agent": ([AGENT], "ai declared"),
    "inline accept": ([client(Channel.INLINE_ACCEPT)], "ai declared"),
    "chat apply": ([client(Channel.CHAT_APPLY)], "ai declared"),
    "agent with a tool": ([client(Channel.AGENT, tool="codex")], "ai declared codex"),
    "accept, by a command": ([client(Channel.INLINE_ACCEPT, "command")], "ai strong"),
    "accept, by a call stack": ([client(Channel.INLINE_ACCEPT, "stack")], "ai strong"),
    "accept, by a plug-in's event": ([client(Channel.INLINE_ACCEPT, "plugin_event")], "ai proven"),
    "accept, by its shape": ([client(Channel.INLINE_ACCEPT, "shape")], "ai probable"),
    "a proof that nobody knows": ([client(Channel.AGENT, "trust me")], "ai declared"),
    "snippet": ([client(Channel.SNIPPET)], "human probable"),
    "snippet, whatever its proof": ([client(Channel.SNIPPET, "editor_reason")], "human probable"),
    "suggest": ([client(Channel.SUGGEST)], "human probable"),
    "suggest by an AI tool": ([client(Channel.SUGGEST, tool="copilot")], "ai declared copilot"),
    "snippet by an AI tool": ([client(Channel.SNIPPET, tool="copilot")], "ai declared copilot"),
    "paste": ([client(Channel.PASTE)], "unknown none"),
    "paste, proven": ([client(Channel.PASTE, "editor_reason", "copilot")], "unknown none"),
    "other": ([client(Channel.OTHER, "editor_reason")], "unknown none"),
    "undo": ([client(Channel.UNDO, "editor_reason")], "unknown none"),
    "redo": ([client(Channel.REDO)], "unknown none"),
    "reload": ([client(Channel.RELOAD)], "unknown none"),
    "format": ([client(Channel.FORMAT)], "tool none"),
    "refactor": ([client(Channel.REFACTOR)], "tool none"),
    # The shape, where no client speaks.
    "shape": ([SHAPE], "human probable"),
    "a client's word replaces the shape": ([SHAPE, client(Channel.PASTE)], "unknown none"),
    "also where it was there first": ([client(Channel.OTHER), SHAPE], "unknown none"),
    "also to say agent": ([SHAPE, AGENT], "ai declared"),
    "also to say format": ([SHAPE, client(Channel.FORMAT)], "tool none"),
    # Content matches.
    "transcript": ([transcript()], "ai proven claude-code"),
    "declaration": ([declared()], "ai declared claude-code"),
    "transcript, only by its hunks": ([Evidence(Source.TRANSCRIPT, Channel.AGENT)], "ai strong"),
    "transcript of a paste": ([client(Channel.PASTE), transcript()], "ai proven claude-code"),
    "transcript of formatted text": ([client(Channel.FORMAT), transcript()], "ai proven claude-code"),
    "what was typed is never turned": ([TYPED, transcript()], "human declared"),
    "nor by a declaration": ([TYPED, declared()], "human declared"),
    "nor what looks typed": ([SHAPE, transcript()], "human probable"),
    "nor what a snippet brought": ([client(Channel.SNIPPET), transcript()], "human probable"),
    "in whatever order": ([transcript(), TYPED], "human declared"),
    # By the word of who carried the edit out it is.
    "the editor knows better": ([TYPED, client(Channel.INLINE_ACCEPT, "editor_reason")], "ai proven"),
    "but only better": ([TYPED_FOR_SURE, client(Channel.INLINE_ACCEPT, "editor_reason")], "human proven"),
    "an equal word does not turn": ([TYPED, AGENT], "human declared"),
    "a match does not help it": ([TYPED, AGENT, transcript()], "human declared"),
    "this server's own edit": ([SERVER], "ai proven byline"),
    "whatever it looks like": ([SHAPE, SERVER], "ai proven byline"),
    "also where it only formats": ([SHAPE, Evidence(Source.SERVER, Channel.FORMAT)], "tool none"),
    "or the client takes it for": ([TYPED, SERVER], "ai proven byline"),
    # Higher levels win; equal ones that disagree leave the tool open.
    "higher level": ([declared("codex"), transcript("claude-code")], "ai proven claude-code"),
    "equal levels": ([declared("codex"), declared("claude-code")], "ai declared !"),
    "equal levels, proven": (
        [client(Channel.INLINE_ACCEPT, "editor_reason", "copilot"), transcript("claude-code")],
        "ai proven !",
    ),
    "a lesser claim settles no conflict": (
        [transcript("codex"), transcript("claude-code"), declared("codex")],
        "ai proven !",
    ),
    "equal levels that agree": ([declared("codex"), client(Channel.AGENT, tool="codex")], "ai declared codex"),
    "a lesser claim fills a gap": ([client(Channel.AGENT, "editor_reason"), declared("codex")], "ai proven codex"),
    "an equal claim fills a gap": ([AGENT, declared("codex")], "ai declared codex"),
    "a lesser claim contradicts nothing": ([transcript("codex"), declared("claude-code")], "ai proven codex"),
    # A person's own statement.
    "a mark wins": ([TYPED_FOR_SURE, mark(Channel.AGENT, "codex")], "ai declared codex"),
    "a mark wins over an AI": ([transcript(), mark(Channel.TYPING)], "human declared"),
    "a mark wins over what comes later": ([mark(Channel.TYPING), transcript()], "human declared"),
    "the last mark": ([mark(Channel.AGENT), mark(Channel.TYPING)], "human declared"),
    "the last mark, without the tool of the one before": (
        [mark(Channel.AGENT, "codex"), mark(Channel.AGENT)],
        "ai declared",
    ),
}


@pytest.mark.parametrize(("evidence", "expected"), ORIGINS.values(), ids=ORIGINS.keys())
def test_origin(evidence: list[Evidence], expected: str) -> None:
    origin = origin_of(evidence)
    found = [origin.kind.value, origin.level.word, origin.tool, "!" if origin.conflict else None]
    assert " ".join(filter(None, found)) == expected


def test_names_of_the_evidence_best_first() -> None:
    assert origin_of([AGENT, declared(), transcript()]).evidence == ("transcript", "agent", "declaration")
    assert origin_of([client(Channel.PASTE)]).evidence == ("paste",)
    assert origin_of([SHAPE]).evidence == ("shape",)
    assert origin_of([SHAPE, TYPED]).evidence == ("typing",)
    assert origin_of([TYPED, mark(Channel.AGENT)]).evidence == ("mark",)
    assert origin_of([]) == UNKNOWN


def test_a_person_has_no_tool() -> None:
    typed = client(Channel.TYPING, tool="copilot", model="m", session="s", prompt="p")
    assert origin_of([typed]) == origin_of([TYPED])


def test_gaps_are_filled_by_claims_that_fit() -> None:
    found = origin_of([transcript("codex", session="1"), declared("codex", session="1", model="m", prompt="p")])
    assert (found.tool, found.session, found.model, found.prompt) == ("codex", "1", "m", "p")
    assert found.level is Level.PROVEN


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (transcript(session="1", prompt="p"), transcript(session="2", prompt="q"), ("claude-code", None, None, None)),
        (transcript(session="1", prompt="p"), transcript(session="1", prompt="q"), ("claude-code", None, "1", None)),
        (transcript(session="1", model="m"), transcript(session="1", model="n"), ("claude-code", None, "1", None)),
        (transcript(session="1"), declared(session="2", model="m", prompt="p"), ("claude-code", None, "1", None)),
        (transcript(session="1"), declared("codex", session="1", prompt="p"), ("claude-code", None, "1", None)),
    ],
)
def test_what_equal_claims_disagree_about_stays_open(
    one: Evidence, other: Evidence, expected: tuple[str | None, ...]
) -> None:
    for claims in permutations((one, other)):
        found = origin_of(claims)
        assert (found.tool, found.model, found.session, found.prompt) == expected


any_evidence = st.builds(
    Evidence,
    st.sampled_from(Source),
    st.sampled_from(Channel),
    st.sampled_from([None, "editor_reason", "literal_key", "command", "dirty_flag", "shape", "nonsense"]),
    st.sampled_from([None, "codex", "claude-code"]),
    st.none(),
    st.sampled_from([None, "1", "2"]),
    st.sampled_from([None, "p", "q"]),
)
but_marks = any_evidence.filter(lambda e: e.source is not Source.MARK)


@given(st.lists(but_marks, max_size=5), but_marks)
def test_late_evidence_lowers_nothing_that_is_proven(evidence: list[Evidence], late: Evidence) -> None:
    before, after = origin_of(evidence), origin_of([*evidence, late])
    if before.level is Level.PROVEN and after.kind is before.kind:
        assert after.level is Level.PROVEN
        assert after.tool in (before.tool, None) or before.tool is None
    if before.kind is Kind.HUMAN and late.source not in (Source.CLIENT, Source.SERVER):
        assert after.kind is Kind.HUMAN


@given(st.lists(but_marks, max_size=5).flatmap(lambda e: st.tuples(st.just(e), st.permutations(e))))
def test_order_of_arrival_decides_nothing(orders: tuple[list[Evidence], list[Evidence]]) -> None:
    one, other = (origin_of(evidence) for evidence in orders)
    assert (one.kind, one.level, one.conflict) == (other.kind, other.level, other.conflict)
    assert set(one.evidence) == set(other.evidence)


@given(st.lists(any_evidence, max_size=5))
def test_no_claim_without_evidence_for_it(evidence: list[Evidence]) -> None:
    origin = origin_of(evidence)
    if origin.kind in (Kind.AI, Kind.HUMAN):
        assert any(kind_of(e) is origin.kind and level_of(e) is origin.level for e in evidence)
    for field in ("tool", "model", "session", "prompt"):
        assert getattr(origin, field) in {None, *(getattr(e, field) for e in evidence)}
    if origin.kind is not Kind.AI:
        assert origin.tool is origin.model is origin.session is origin.prompt is None


@given(any_evidence)
def test_kind_comes_from_the_channel_and_never_from_the_proof(evidence: Evidence) -> None:
    from dataclasses import replace

    assert kind_of(evidence) is kind_of(replace(evidence, proof="editor_reason", source=Source.CLIENT))
    if evidence.channel in AI_CHANNELS:
        assert kind_of(evidence) is Kind.AI
