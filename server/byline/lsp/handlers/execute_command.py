"""Commands: what lenses, code actions and clients ask for by name (`docs/commands.md`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pydantic import ValidationError
from pygls.exceptions import JsonRpcInvalidParams

from byline.attribution.blame import line_json
from byline.attribution.wording import tool_name
from byline.lsp.commit import commands
from byline.lsp.handlers import write_with_model
from byline.lsp.handlers.hover import line_card
from byline.lsp.handlers.mark import mark_evidence
from byline.lsp.messages import Message, Name, Range, Uri
from byline.lsp.places import lines_of, open_file
from byline.lsp.statements import mark
from byline.lsp.text_safety import message, plain

if TYPE_CHECKING:
    from byline.attribution.open_file import OpenFile
    from byline.lsp.application import Application


_LONGEST = 2_000  # characters of a message


class Place(Message):
    """The argument of a command about lines; without a range, the whole document."""

    uri: Uri
    range: Range | None = None
    tool: Name | None = None
    model: Name | None = None


async def handle(app: Application, name: str, argument: object) -> object:
    """Run one command; its answer is a JSON object. Raises JsonRpcInvalidParams for a wrong argument."""
    if name == "byline.toggle":
        app.quiet = not app.quiet
        app.news.redraw()
        return {"enabled": not app.quiet}
    if name == "byline.writeWithModel":
        return await write_with_model.handle(app, argument)
    if name in _OF_REPOSITORIES:
        return await _OF_REPOSITORIES[name](app, argument)
    try:
        place = Place.model_validate(argument)
    except ValidationError as problem:
        raise JsonRpcInvalidParams(
            f"{name} takes one object with `uri` and `range`; {problem.error_count()} of its fields are wrong."
        ) from problem
    file = await open_file(app, place.uri)
    return await _COMMANDS[name](app, file, place)


def _lines(file: OpenFile, place: Place) -> tuple[int, int]:
    end = len(file.live.document.lines) - 1
    if place.range is None:
        return 0, end
    first, last = lines_of(place.range)
    return min(first, end), min(last, end)


async def _mark_as_human(app: Application, file: OpenFile, place: Place) -> object:
    return {"lines": await mark(app.session, file, *_lines(file, place), mark_evidence("human", None, None))}


async def _mark_as_ai(app: Application, file: OpenFile, place: Place) -> object:
    return {"lines": await mark(app.session, file, *_lines(file, place), mark_evidence("ai", place.tool, place.model))}


async def _explain(app: Application, file: OpenFile, place: Place) -> object:
    first, _ = _lines(file, place)
    text = await line_card(app, file, first, rich=False) or "Nothing is known about this line."
    _show(app, text)
    return {"explanation": text}


async def _show_prompt(app: Application, file: OpenFile, place: Place) -> object:
    """Every prompt behind the lines, each once, in the order of its first line."""
    blame = await app.session.blame(file)
    prompts: dict[str, dict[str, object]] = {}
    for index in blame.within(*_lines(file, place)):
        origin = blame.state(index)[0].origin
        if origin.prompt and file.project is not None:
            entry = prompts.setdefault(
                origin.prompt,
                {
                    "prompt": file.project.prompts.text(origin.prompt),
                    "tool": origin.tool,
                    "model": origin.model,
                    "session": origin.session,
                    "lines": [],
                },
            )
            entry["lines"] = [*_list(entry["lines"]), index + 1]
    shown = [
        f"{tool_name(_text(p['tool']))}: {_text(p['prompt']) or '(its text is not on this machine)'}"
        for p in prompts.values()
    ]
    _show(app, "\n\n".join(shown) or "No prompt is recorded for these lines.")
    return {"prompts": list(prompts.values())}


async def _copy_attribution(app: Application, file: OpenFile, place: Place) -> object:
    """The lines' attribution as text, for a review."""
    blame = await app.session.blame(file)
    prompts = file.project.prompts.text if file.project else lambda key: None
    lines = [line_json(blame.line(i), prompts) for i in blame.within(*_lines(file, place))]
    text = "\n".join(
        f"{line['line']:>5}  {line['state']:<11}  {plain(str(line['tool'] or ''), 20):<12}  {line['text']}"
        for line in lines
    )
    return {"text": text, "lines": lines}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _show(app: Application, text: str) -> None:
    """A person asked, so a message is what they expect."""
    app.server.window_show_message(types.ShowMessageParams(types.MessageType.Info, message(text, _LONGEST)))


_COMMANDS = {
    "byline.copyAttribution": _copy_attribution,
    "byline.explainLine": _explain,
    "byline.markAsAi": _mark_as_ai,
    "byline.markAsHuman": _mark_as_human,
    "byline.showPrompt": _show_prompt,
}

_OF_REPOSITORIES = {
    "byline.generateCommitMessage": commands.generate,
    "byline.refineCommitMessage": commands.refine,
}
