"""The one door to language models: a chain of them under one deadline, asked at most once for the same thing.

Whoever asks gets a complete and checked answer, or an error that says what to do; never half of one, and never both.
One rule decides about retries and about the rest of the chain: once a provider has accepted a request, its answer is
the answer. So an ask is paid for at most once, whatever happens.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, get_args

from byline.models.accounts import Accounts
from byline.models.answer_schema import parse
from byline.models.breaker import State as BreakerState
from byline.models.budget import Budget
from byline.models.claude import Claude
from byline.models.endpoints import Endpoint, endpoint_for, given_url
from byline.models.errors import Misconfigured, ModelError, NoModel, NotAuthenticated, TimedOut
from byline.models.flight import Flight
from byline.models.keys import Key, KeySource
from byline.models.limits import Rate
from byline.models.model import Client, Model, misfit
from byline.models.openai import OpenAI
from byline.models.question import NO_TOKENS, Answer, Call, OnText, Provider, Question, Reply, Task, Tokens
from byline.models.responses import Responses, ResponseStore, digest, key_of
from byline.models.settings import ModelSettings, effort_for, model_for

_log = logging.getLogger(__name__)

_GRACE = 0.1  # seconds in which an error that knows more than "too late" may still arrive

_NOT_SET_UP = (
    "No language model is set up: set ANTHROPIC_API_KEY or OPENAI_API_KEY, or OPENAI_BASE_URL for a model of your own."
)
_OFFLINE = "BYLINE_OFFLINE is set, so no model is asked: unset it to ask one."


State = Literal["ready", "resting", "probing", "no key", "misconfigured", "offline"]

_STATES: Mapping[BreakerState, State] = {"closed": "ready", "open": "resting", "half-open": "probing"}


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """How a model is, as far as that is known without asking it.

    `state`: `ready`, `resting` after failures, `probing` (the next request decides), `no key`, `misconfigured`, or
    `offline`. `key` says in words where its key is. `retry_in` is in seconds.
    """

    provider: Provider
    model: str
    host: str
    state: State
    key: str | None
    problem: str | None = None
    retry_in: float = 0.0


class Models:
    """All models that a person has set up. For one event loop; `aclose` when it ends."""

    def __init__(
        self,
        settings: ModelSettings,
        keys: KeySource,
        store: ResponseStore | None = None,
        *,
        env: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        client: Callable[[Endpoint], Client] | None = None,
    ) -> None:
        """`env` is the user's own environment: base URLs and `BYLINE_OFFLINE`. `store` keeps answers beyond this
        process. `client` makes what speaks to an endpoint, for tests. Nothing is opened, read or imported here.
        """
        self._settings = settings
        self._keys = keys
        self._env = env
        self._clock = clock
        self._chance = chance
        self._responses = Responses(store, clock, keep=settings.keep_answers)
        self._budget = Budget(settings.budget_cents, store, wall_clock)
        self._make_client = client or _client
        self._clients: dict[Endpoint, Client] = {}
        self._models: dict[tuple[Endpoint, str], Model] = {}
        self._accounts = Accounts()
        self._flights: dict[str, Flight] = {}
        self._pending: set[asyncio.Task[None]] = set()

    async def ask(
        self, question: Question, *, deadline: float | None = None, on_text: OnText | None = None, fresh: bool = False
    ) -> Answer:
        """The answer of the first model in the chain that gives one, within `deadline` seconds (None: the setting's).

        `on_text` gets the text as it grows; what it was given is part of an answer that may still be refused. `fresh`
        asks even if the answer is known. Who asks the same as somebody who still waits gets the same answer; cancelling
        the last who waits ends the request. Raises ModelError: the first model's reason, the others' in `also`.
        """
        if self._offline:
            raise NoModel(_OFFLINE)
        seconds = self._settings.deadline if deadline is None else deadline
        until = asyncio.get_running_loop().time() + seconds
        name = digest(question, fresh)
        flight = self._flights.get(name)
        if flight is None or flight.task.done() or flight.task.cancelling():
            flight = Flight(lambda tell: self._answer(question, until, fresh, tell))
            self._flights[name] = flight
            flight.task.add_done_callback(lambda _: self._landed(name))
        answer = await flight.wait(on_text, seconds + _GRACE)
        if answer is None:
            raise TimedOut(f"No model answered within {seconds:g} s: try again, or raise `models.deadline`.")
        return answer

    def _landed(self, name: str) -> None:
        flight = self._flights.get(name)
        if flight is not None and flight.task.done():
            del self._flights[name]

    async def _answer(self, question: Question, until: float, fresh: bool, on_text: OnText) -> Answer:
        now = asyncio.get_running_loop().time
        chain, failures = await self._chain(question.task)
        for place, (model, key) in enumerate(chain):
            # Each may use an equal part of what is left to begin; once it has begun, all of it.
            patience = now() + (until - now()) / (len(chain) - place)
            try:
                return await self._ask(model, key, question, patience, until, fresh, on_text)
            except ModelError as error:
                model.account.failures[error.kind] += 1
                failures.append(error)
                if isinstance(error, NotAuthenticated):
                    self._keys.forget(model.endpoint.provider)
                _log.info("%s gave no answer to a %s: %s", model.title, question.task, error.kind)
                if error.begun:
                    failures.reverse()  # what happened to the request that was accepted matters most
                if error.begun or now() >= until:
                    break
        if not failures:
            raise NoModel(_NOT_SET_UP)
        failures[0].also = tuple(failures[1:])
        raise failures[0]

    async def _chain(self, task: Task) -> tuple[list[tuple[Model, Key | None]], list[ModelError]]:
        """Who is set up for `task`, in order, with the keys; and what is wrong with the set-up of the others."""
        chain: list[tuple[Model, Key | None]] = []
        problems: list[ModelError] = []
        found = await asyncio.gather(*map(self._keys.key, self._settings.order), return_exceptions=True)
        for provider, key in zip(self._settings.order, found, strict=True):
            try:
                if isinstance(key, BaseException):
                    raise key
                if key is not None or self._needs_no_key(provider):
                    chain.append((self._model(provider, task), key))
            except ModelError as error:
                problems.append(error)
        return chain, problems

    def _is_set_up(self, provider: Provider) -> bool:
        return self._keys.where(provider) is not None or self._needs_no_key(provider)

    def _needs_no_key(self, provider: Provider) -> bool:
        return provider == "openai" and bool(given_url(provider, self._settings, self._env))

    def _model(self, provider: Provider, task: Task) -> Model:
        """The model of `provider` for `task`. Raises Misconfigured."""
        endpoint = endpoint_for(provider, self._settings, self._env)
        name = model_for(task, provider, self._settings, official=endpoint.official)
        known = self._models.get((endpoint, name))
        if known is None:
            if endpoint not in self._clients:
                self._clients[endpoint] = self._make_client(endpoint)
            rate = Rate(self._settings.requests_per_minute, self._settings.tokens_per_minute, self._clock)
            account = self._accounts.of(provider, name)
            known = Model(self._clients[endpoint], endpoint, name, rate, account, self._clock, self._chance)
            self._models[endpoint, name] = known
        return known

    async def _ask(
        self,
        model: Model,
        key: Key | None,
        question: Question,
        patience: float,
        until: float,
        fresh: bool,
        on_text: OnText,
    ) -> Answer:
        started = self._clock()
        call = Call(question, model.name, effort_for(question.task, self._settings))
        name = key_of(call, model.endpoint)
        known = None if fresh else await self._responses.get(name)
        if known is not None and misfit(known.text, question) is None:
            on_text(known.text)
            return self._given(model, question, known, started, cached=True)
        if not model.endpoint.loopback:
            await self._budget.check()
        try:
            reply = await model.ask(call, key, patience, until, on_text)
        except ModelError as error:
            self._charge(model, error.tokens)
            raise
        self._charge(model, reply.tokens)
        self._responses.remember(name, reply)
        self._later(self._responses.store(name, reply))
        return self._given(model, question, reply, started, cached=False)

    def _given(self, model: Model, question: Question, reply: Reply, started: float, *, cached: bool) -> Answer:
        data = None if question.schema is None else parse(reply.text)
        tokens = NO_TOKENS if cached else reply.tokens
        seconds = self._clock() - started
        model.account.answered(seconds, cached=cached)
        _log.info("%s answered a %s in %.2f s%s", model.title, question.task, seconds, " from cache" if cached else "")
        provider, dollars = model.endpoint.provider, model.price(tokens)
        return Answer(reply.text, data, provider, reply.model, tokens, dollars, seconds, cached=cached)

    def _charge(self, model: Model, tokens: Tokens) -> None:
        dollars = model.price(tokens)
        model.account.charge(tokens, dollars)
        if dollars:
            self._later(self._budget.add(dollars))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what no answer should wait for; `aclose` waits for it."""
        task = asyncio.create_task(work)
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    @property
    def _offline(self) -> bool:
        return self._env.get("BYLINE_OFFLINE", "") not in ("", "0")

    async def find_keys(self) -> None:
        """Look where keys are kept, so that `health` knows; it may ask the editor and the keyring."""
        await self._chain("message")

    def first(self, task: Task) -> str | None:
        """The name of the model that would be asked first for `task`; None where none is set up, or none may be asked.

        Asks nobody: a key counts once it was found.
        """
        for provider in () if self._offline else self._settings.order:
            if self._is_set_up(provider):
                with suppress(Misconfigured):
                    return self._model(provider, task).title
        return None

    def health(self) -> tuple[ModelHealth, ...]:
        """How each model of the chain is, in order. Asks nobody."""
        return tuple(health for provider in self._settings.order for health in self._health(provider))

    def _health(self, provider: Provider) -> list[ModelHealth]:
        where = self._keys.where(provider)
        try:
            models = {model.name: model for model in (self._model(provider, task) for task in get_args(Task))}
        except ModelError as error:
            return [ModelHealth(provider, "", "", "misconfigured", where, error.problem)]
        missing = None if self._is_set_up(provider) else self._keys.problem(provider)
        return [self._health_of(model, where, missing) for model in models.values()]

    def _health_of(self, model: Model, key: str | None, missing: str | None) -> ModelHealth:
        """`missing` says why a key that may be somewhere could not be had."""
        breaker, endpoint = model.breaker, model.endpoint
        state: State
        if self._offline:
            state = "offline"
        elif not self._is_set_up(endpoint.provider):
            state = "no key"
        else:
            state = _STATES[breaker.state]
        problem = breaker.reason.problem if breaker.reason else missing
        return ModelHealth(endpoint.provider, model.title, endpoint.host, state, key, problem, breaker.rest)

    def metrics(self) -> dict[str, Any]:
        """What was asked, answered and spent since the process began, as JSON; counts only."""
        return self._accounts.as_json()

    async def aclose(self) -> None:
        """End what is under way, finish what must be kept, and close all connections."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, *self._pending, return_exceptions=True)
        for client in self._clients.values():
            await client.aclose()


def _client(endpoint: Endpoint) -> Client:
    return Claude(endpoint) if endpoint.provider == "claude" else OpenAI(endpoint)
