"""What a person may decide about models, and which task goes to which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from byline.models.question import Effort, Provider, Task

CLAUDE_MODEL = "claude-haiku-5-5"
CLAUDE_STRONG_MODEL = "claude-sonnet-5-5"
OPENAI_MODEL = "gpt-5.4-mini"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The user's settings. No repository can set one, and no key is one.

    `order` is the chain: whoever is set up is asked, in this order. The strong model of a provider writes code, the
    other one everything else; empty texts mean the provider's default, and for an endpoint of one's own its only model.
    An empty base URL is that of the environment, else the provider's own. `deadline` is in seconds, for the whole
    chain. `budget_cents` is in hundredths of a US dollar, for a day (UTC) and all models whose price is known; zero is
    no limit. The rates are for each model, in a minute.
    """

    order: tuple[Provider, ...] = ("claude", "openai")
    claude_model: str = ""
    claude_strong_model: str = ""
    claude_base_url: str = ""
    openai_model: str = ""
    openai_strong_model: str = ""
    openai_base_url: str = ""
    effort: Literal["auto", "low", "medium", "high"] = "auto"
    deadline: int = 30
    budget_cents: int = 200
    requests_per_minute: int = 30
    tokens_per_minute: int = 400_000
    keep_answers: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """How a task is done: by which of a provider's two models, and with how much thinking."""

    strong: bool
    effort: Effort


_ROUTES: Mapping[Task, Route] = {
    "message": Route(strong=False, effort="low"),
    "explain": Route(strong=False, effort="low"),
    "worklog": Route(strong=False, effort="low"),
    "changelog": Route(strong=False, effort="medium"),
    "story": Route(strong=False, effort="medium"),
    "pull_request": Route(strong=False, effort="medium"),
    "edit": Route(strong=True, effort="medium"),
}


def effort_for(task: Task, settings: ModelSettings) -> Effort:
    """How much a model should think about `task`."""
    return _ROUTES[task].effort if settings.effort == "auto" else settings.effort


def model_for(task: Task, provider: Provider, settings: ModelSettings, *, official: bool) -> str:
    """The name of the provider's model for `task`; empty where only the endpoint knows it.

    `official` says that the endpoint is the provider's own, whose models have the names that are known here.
    """
    strong = _ROUTES[task].strong
    if provider == "claude":
        own = settings.claude_strong_model if strong else settings.claude_model
        return own or (CLAUDE_STRONG_MODEL if strong else CLAUDE_MODEL)
    own = (strong and settings.openai_strong_model) or settings.openai_model
    return own or (OPENAI_MODEL if official else "")
