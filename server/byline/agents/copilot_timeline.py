"""What VS Code applied to files for a chat: the text before, and the operations (`chatEditingOperations.ts`)."""

from __future__ import annotations

from collections.abc import Iterator

from byline.agents.calls import Call, Change
from byline.agents.copilot_chats import COPILOT, Request, Requests, file_of
from byline.agents.fields import Record, absolute, as_record, as_records, name_at, parse, record_at, text_at
from byline.agents.record import AgentEdit, EditKind, Hunk
from byline.agents.text_edits import apply_edits


class CopilotTimeline:
    """What was applied in one chat: for each file and request the text before, and the operations in order."""

    def __init__(self, name: str, cwd: str | None, requests: Requests) -> None:
        self.cwd = cwd
        self._session = name
        self._requests = requests

    def feed(self, piece: bytes) -> Iterator[AgentEdit]:
        """One edit for each file and request in the state `piece`: what all its operations together did."""
        timeline = record_at(as_record(parse(piece)), "timeline")
        now = timeline.get("currentEpoch")
        texts, models = _baselines(timeline)
        created: set[tuple[str, str]] = set()
        befores = dict(texts)
        undone: set[tuple[str, str]] = set()
        operations = [o for o in as_records(timeline.get("operations")) if isinstance(o.get("epoch"), int | float)]
        for operation in sorted(operations, key=lambda o: float(str(o.get("epoch")))):
            path, request = file_of(operation.get("uri")), name_at(operation, "requestId")
            if path is None or request is None:
                continue
            key = (path, request)
            if isinstance(now, int | float) and float(str(operation.get("epoch"))) > now:
                undone.add(key)
            if operation.get("type") == "create":
                texts[key] = text_at(operation, "initialContent") or ""
                created.add(key)
                befores[key] = ""
            elif operation.get("type") == "textEdit":
                texts[key] = apply_edits(texts.get(key), as_records(operation.get("edits")))
            else:
                texts[key] = None
        for key, after in texts.items():
            if after is not None and after != befores.get(key):
                yield self._edit(key, befores.get(key) or "", after, key in created, models.get(key), key not in undone)

    def _edit(
        self, key: tuple[str, str], before: str, after: str, created: bool, model: str | None, succeeded: bool
    ) -> AgentEdit:
        path, request = key
        known = self._requests.get(request, Request(None, None, None))
        kind: EditKind = "create" if created else "edit"
        return Call(
            tool=COPILOT,
            session=self._session,
            model=known.model or model,
            prompt=known.prompt,
            call=request,
            time=known.time,
            cwd=self.cwd,
            succeeded=succeeded,
        ).edit(Change(path, kind, (Hunk("" if created else before, after),), None if created else before, after))


def _baselines(timeline: Record) -> tuple[dict[tuple[str, str], str | None], dict[tuple[str, str], str | None]]:
    """The text before, and the model, by file and request."""
    texts: dict[tuple[str, str], str | None] = {}
    models: dict[tuple[str, str], str | None] = {}
    entries = timeline.get("fileBaselines")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str):
            baseline = as_record(entry[1])
            address, _, request = entry[0].rpartition("::")
            path = file_of(baseline.get("uri")) or absolute(address)
            if path is not None:
                texts[path, request] = text_at(baseline, "content")
                models[path, request] = name_at(record_at(baseline, "telemetryInfo"), "modelId")
    return texts, models
