"""One model of one provider: what stands between a question and the wire."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Protocol

from byline.models.accounts import Account
from byline.models.answer_schema import mismatch, parse, written
from byline.models.breaker import Breaker
from byline.models.endpoints import Endpoint
from byline.models.errors import BadOutput, ModelError, TimedOut, Unavailable
from byline.models.keys import Key
from byline.models.limits import Rate
from byline.models.prices import cost
from byline.models.question import NO_TOKENS, Call, OnText, Question, Reply, Tokens
from byline.models.retry import delay

_log = logging.getLogger(__name__)

_CHARACTERS = 3  # of code, for a token; a careful guess


class Client(Protocol):
    """What speaks a provider's wire format."""

    async def answer(self, call: Call, key: Key | None, began: Callable[[], None], on_text: OnText) -> Reply:
        """One request, without retries. Calls `began` once the provider has accepted it, `on_text` for each piece of
        text. Raises ModelError; being cancelled ends the request.
        """

    async def aclose(self) -> None:
        """Close all connections."""


class Model:
    """A model with its breaker, its rate and its account. Retries live here, under one deadline."""

    def __init__(
        self,
        client: Client,
        endpoint: Endpoint,
        name: str,
        rate: Rate,
        account: Account,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """`name` is empty where only the endpoint knows it. `clock` gives seconds that never run backwards, `chance`
        numbers from 0 to 1.
        """
        self.endpoint = endpoint
        self.name = name
        self.account = account
        self._client = client
        self._rate = rate
        self._clock = clock
        self._chance = chance
        self._key: Key | None = None
        self.breaker = self._new_breaker()

    @property
    def title(self) -> str:
        """Its name, for people."""
        return self.name or f"the model of {self.endpoint.host}"

    def price(self, tokens: Tokens) -> float | None:
        """What `tokens` cost, in US dollars; None where that is not known. What runs on this machine costs nothing."""
        if self.endpoint.loopback or tokens == NO_TOKENS:
            return 0.0
        return cost(self.name, tokens) if self.endpoint.official else None

    def _new_breaker(self) -> Breaker:
        return Breaker(f"`{self.title}`", self._clock)

    async def ask(self, call: Call, key: Key | None, patience: float, until: float, on_text: OnText) -> Reply:
        """A complete, checked answer.

        It must begin before `patience` and be there before `until`, both in the event loop's time. Raises ModelError.
        """
        if key != self._key:  # what failed with another key says nothing about this one
            self._key = key
            self.breaker = self._new_breaker()
        time = asyncio.get_running_loop().time
        for attempt in count(1):
            try:
                return await self._ask_once(call, key, patience, until, on_text)
            except ModelError as error:
                wait = delay(error, attempt, patience - time(), self._chance)
                if wait is None:
                    raise
                _log.info("%s: %s; trying again in %.1f s", self.title, error.kind, wait)
                await asyncio.sleep(wait)
        raise AssertionError("counting never ends")

    async def _ask_once(self, call: Call, key: Key | None, patience: float, until: float, on_text: OnText) -> Reply:
        estimate = _estimate(call.question)
        await self._rate.wait(estimate, patience - asyncio.get_running_loop().time())
        with self.breaker.attempt():
            self.account.requests += 1
            try:
                reply = await self._in_time(call, key, patience, until, on_text)
            except ModelError as error:
                self._rate.settle(estimate, (error.tokens.total or estimate) if error.begun else 0)
                raise
            self._rate.settle(estimate, reply.tokens.total or estimate)
            return self._checked(reply, call.question)

    async def _in_time(self, call: Call, key: Key | None, patience: float, until: float, on_text: OnText) -> Reply:
        limit = asyncio.timeout_at(patience)
        begun = False

        def began() -> None:
            nonlocal begun
            begun = True
            limit.reschedule(until)

        try:
            async with limit:
                return await self._client.answer(call, key, began, on_text)
        except TimeoutError:
            late = "did not finish its answer" if begun else "did not begin to answer"
            problem = f"{late} in time: try again, or raise `models.deadline`."
            raise self._error(TimedOut, problem, begun=begun) from None
        except (ModelError, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - a provider's library may fail in any way; the chain must go on
            # Only where it happened is logged: what such an error says may hold the whole request.
            place = "".join(traceback.format_tb(error.__traceback__))
            _log.error("asking %s failed with %s\n%s", self.title, type(error).__name__, place)
            problem = f"could not be asked ({type(error).__name__}); the log says where it went wrong."
            raise self._error(Unavailable, problem, begun=begun) from None

    def _checked(self, reply: Reply, question: Question) -> Reply:
        reply = replace(reply, text=written(reply.text))
        wrong = misfit(reply.text, question) if reply.text else "it is empty"
        if wrong:
            problem = f"did not answer in the form that it was asked for ({wrong}): ask again."
            raise self._error(BadOutput, problem, begun=True, tokens=reply.tokens)
        return reply

    def _error(self, kind: type[ModelError], what: str, *, begun: bool, tokens: Tokens = NO_TOKENS) -> ModelError:
        about = f"`{self.title}` {what}"
        return kind(about, provider=self.endpoint.provider, model=self.name, begun=begun, tokens=tokens)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def misfit(text: str, question: Question) -> str | None:
    """What keeps `text` from being an answer in the form that `question` asks for; None where nothing does."""
    if question.schema is None:
        return None
    try:
        return mismatch(parse(text), question.schema)
    except ValueError:
        return "it is not JSON"


def _estimate(question: Question) -> int:
    return (len(question.system.text) + len(question.user.text)) // _CHARACTERS + question.max_tokens
