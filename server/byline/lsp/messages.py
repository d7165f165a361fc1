"""Byline's own messages as they come in, checked.

Importing this module imports pydantic, so it is done when the first such message arrives. Unknown fields are ignored,
fields that are missing are null, and an unknown channel is `other`: a newer client must not be turned away. Numbers and
lengths are bounded. No error text repeats what was sent.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from byline.provenance.origin import Channel

Name = Annotated[str, StringConstraints(max_length=512)]
Uri = Annotated[str, StringConstraints(min_length=1, max_length=8192)]
Digest = Annotated[str, StringConstraints(pattern="^[0-9a-fA-F]{64}$")]
Prompt = Annotated[str, StringConstraints(max_length=1_000_000)]
Code = Annotated[str, StringConstraints(max_length=8_000_000)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Version = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Time = Annotated[float, Field(allow_inf_nan=False)]


def _known_channel(word: object) -> object:
    """A channel of the contract, or `other` for a word that it does not have."""
    if not isinstance(word, str):
        return word
    return Channel(word) if word in Channel._value2member_map_ else Channel.OTHER


class Message(BaseModel):
    """What all messages have in common. Keys may be written in camelCase or in snake_case."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
        strict=True,
    )


class Position(Message):
    """A place in a document: 0-based line, and character in the negotiated encoding's units."""

    line: Count
    character: Count


class Range(Message):
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position


class Document(Message):
    """A document by its URI."""

    uri: Uri


class VersionedDocument(Document):
    """A document as it was at one version."""

    version: Version


class Clip(Message):
    """What a client knows of a clipboard's content; never the content."""

    sha256: Digest
    internal: bool = False
    src_uri: Uri | None = None
    src_version: Version | None = None
    src_range: Range | None = None


class EditOrigin(Message):
    """Where a change came from, in the client's words."""

    channel: Annotated[Channel, BeforeValidator(_known_channel)]
    tool: Name | None = None
    model: Name | None = None
    session: Name | None = None
    prompt: Prompt | None = None
    proof: Name | None = None
    request: Name | None = None
    frames: Annotated[list[Name], Field(max_length=64)] | None = None
    clip: Clip | None = None


class EditContext(Message):
    """`byline/editContext`: one origin for each content change of that version, or one for all."""

    text_document: VersionedDocument
    origins: Annotated[list[EditOrigin], Field(min_length=1, max_length=10_000)]


class Hunk(Message):
    """A piece of text before and after."""

    old: Code | None = None
    new: Code


class Declare(Message):
    """`byline/declare`: an agent or plug-in says what it wrote."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=4096)]
    hunks: Annotated[list[Hunk], Field(max_length=10_000)]
    tool: Name | None = None
    model: Name | None = None
    session: Name | None = None
    prompt: Prompt | None = None


class Mark(Message):
    """`byline/mark`: a person's own statement about lines."""

    text_document: Document
    range: Range
    kind: Annotated[Literal["human", "ai"], Field(alias="as")]
    tool: Name | None = None
    model: Name | None = None


class Attribution(Message):
    """`byline/attribution`: the states of a range's lines, of all if it is null."""

    text_document: Document
    range: Range | None = None


class Status(Message):
    """`byline/status`: `uri` is any file or folder."""

    uri: Uri


class Channels(Message):
    """Which proofs a client can give at all."""

    detailed_reason: bool = False
    paste_provider: bool = False
    inline_override: bool = False
    stack: bool = False
    disk_digest: bool = False


class Extension(Message):
    """An AI extension that is installed in the editor."""

    id: Name
    version: Name | None = None


class Hello(Message):
    """`byline/hello`: the client's own introduction."""

    client: Name
    client_version: Name | None = None
    editor_version: Name | None = None
    channels: Channels = Channels()
    ai_extensions: Annotated[list[Extension], Field(max_length=1_000)] = []


class Proposal(Message):
    """`byline/proposal`: an AI tool proposed a whole text for a document."""

    uri: Uri
    tool: Name | None = None
    session: Name | None = None
    sha256_after: Digest | None = None
    state: Literal["shown", "accepted", "rejected", "closed"]
    ts: Time | None = None


class AgentEvent(Message):
    """`byline/agentEvent`: what an agent in the editor is doing."""

    tool: Name
    event: Literal["session_start", "session_end", "request_start", "request_end", "file_edited", "prompt"]
    session: Name | None = None
    model: Name | None = None
    path: Annotated[str, StringConstraints(max_length=4096)] | None = None
    prompt: Prompt | None = None
    ts: Time | None = None


class DiskChange(Message):
    """`byline/diskChange`: a file changed outside the editor."""

    uri: Uri
    kind: Literal["create", "change", "delete"]
    sha256: Digest | None = None
    size: Annotated[int, Field(ge=0)] | None = None
    mtime_ms: Time | None = None
    open: bool = False
    dirty: bool = False


class SaveBracket(Message):
    """`byline/saveBracket`: the versions just before and just after a save."""

    uri: Uri
    version_before: Version
    version_after: Version
    reason: Name | None = None


MESSAGES: dict[str, type[Message]] = {
    "byline/agentEvent": AgentEvent,
    "byline/attribution": Attribution,
    "byline/declare": Declare,
    "byline/diskChange": DiskChange,
    "byline/editContext": EditContext,
    "byline/hello": Hello,
    "byline/mark": Mark,
    "byline/proposal": Proposal,
    "byline/saveBracket": SaveBracket,
    "byline/status": Status,
}
"""Every message that a client may send, by its method."""
