"""`byline models`: which language models would be asked, and how they are."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from byline.cli.arguments import AsJson
from byline.cli.output import Exit, Piece, note, one_line, print_json, print_rows, working
from byline.cli.work_tree import settings
from byline.config.schema import Models as Settings

if TYPE_CHECKING:
    from byline.models import Models, Task

_PATIENCE = 20.0  # seconds that a model may take for one word
_MAX_TOKENS = 2_000  # some think before they say a word
_TASKS: tuple[Task, ...] = ("message", "edit")
_SIGNS = {"ready": ("✓", "green"), "no key": ("·", "bright_black"), "offline": ("·", "bright_black")}
_BAD = ("✗", "bold red")
_NOTHING = "No model is set up: set ANTHROPIC_API_KEY or OPENAI_API_KEY, or OPENAI_BASE_URL for a model of your own."

Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Found:
    """The models in the order in which they are asked, and what was counted while they were."""

    models: list[Line]
    metrics: list[object]


def models(
    check: Annotated[
        bool, typer.Option("--check", help="Ask each model that is set up one short question. It costs a little.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Show which language models would be asked.

    In the order in which they would be, and how they are. Without --check nobody is asked anything. Keys are named by
    where they are, and never shown.

    \b
    Example:
      byline models --check
    """
    from byline.models.configured import spent_today

    config = settings(None)
    with working("Asking" if check else "Looking"):
        found = asyncio.run(_look(config.models, check=check))
    limit, spent = config.models.budget_cents / 100, spent_today(os.environ)
    if as_json:
        budget = {"spent": round(spent, 6), "limit": limit or None}
        print_json({"models": found.models, "metrics": found.metrics, "budget": budget})
    else:
        print_rows(_rows(found.models))
        note(f"Spent today: ${spent:.2f}" + (f" of ${limit:.2f}." if limit else "."))
        if all(model["state"] == "no key" for model in found.models):
            note(_NOTHING)
    if any(model["answered"] is False for model in found.models):
        return Exit.FAILED
    return Exit.NO if any(model["state"] == "misconfigured" for model in found.models) else Exit.FINE


async def _look(chosen: Settings, *, check: bool) -> _Found:
    """Each provider apart from the others, so that none answers for another."""
    found = _Found([], [])
    for provider in chosen.order:
        alone = await _look_at(replace(chosen, order=(provider,)), check=check)
        found.models.extend(alone.models)
        found.metrics.extend(alone.metrics)
    return found


async def _look_at(chosen: Settings, *, check: bool) -> _Found:
    from byline.models.configured import configured, health_json

    async with configured(chosen, os.environ) as known:
        await known.find_keys()
        # A provider's models stand in this order: the one for everything, and the one for code where it is another.
        tasks = _TASKS[: len(known.health())]
        is_asked = check and known.health()[0].state == "ready"
        problems = [await _problem(known, task) if is_asked else None for task in tasks]
        lines = [health_json(health) for health in known.health()]
        for line, problem in zip(lines, problems, strict=True):
            line["problem"] = problem or line["problem"]
            line["answered"] = problem is None if is_asked else None
        return _Found(lines, known.metrics()["models"])


async def _problem(known: Models, task: Task) -> str | None:
    """Why the model for `task` does not answer; None where it does."""
    from byline.models import ModelError, Question
    from byline.privacy import redact

    question = Question(task, redact("Answer with one word."), redact("Are you there?"), max_tokens=_MAX_TOKENS)
    try:
        await known.ask(question, deadline=_PATIENCE, fresh=True)
    except ModelError as error:
        return error.problem
    return None


def _rows(lines: list[Line]) -> Iterator[list[Piece]]:
    width = max((len(str(line["model"])) for line in lines), default=0)
    for line in lines:
        sign, style = _BAD if line["answered"] is False else _SIGNS.get(str(line["state"]), _BAD)
        told = {True: "answers", False: "does not answer"}
        words = [str(line["state"]) if line["answered"] is None else told[line["answered"] is True]]
        words += [f"at {line['host']}"] if line["host"] else []
        words += [f"key from {line['key']}"] if line["key"] else []
        words += [str(line["problem"])] if line["problem"] else []
        yield [
            (f"{sign} ", style),
            (f"{line['provider']}  ", ""),
            (f"{one_line(str(line['model'])):<{width}}  ", "bold"),
            (one_line(" · ".join(words)), "" if style != "bright_black" else style),
        ]
