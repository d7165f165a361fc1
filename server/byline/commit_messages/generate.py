"""A commit message for a change: by a model where one may be asked, else without. A failing model is never an error."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from byline.commit_messages.material import Material
from byline.commit_messages.model.answer import written
from byline.commit_messages.model.prompt import Wanted, question
from byline.commit_messages.offers.offer import OFFLINE as OFFLINE
from byline.commit_messages.plugins.plugged import judged
from byline.commit_messages.writer import Candidate
from byline.models import ModelError, Models, NoModel, Tokens
from byline.models.question import OnText

NOTHING_STAGED = "Nothing is staged, so there is nothing to describe: stage something with `git add` first."


@dataclass(frozen=True, slots=True)
class Generated:
    """Messages for a change, the best first; `message` is that one, empty where there is none.

    `provider` is `offline`, `claude` or `openai`; `model` its own name, None offline. `tokens` is what the model took,
    None where none was asked or it took none. `problems` are sentences.
    """

    candidates: tuple[Candidate, ...]
    provider: str = OFFLINE
    model: str | None = None
    tokens: Tokens | None = None
    problems: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The best one."""
        return self.candidates[0].message if self.candidates else ""

    def as_json(self) -> dict[str, object]:
        """The object that `byline.generateCommitMessage` answers with."""
        tokens = self.tokens
        return {
            "message": self.message,
            "candidates": [
                {
                    "message": candidate.message,
                    "type": candidate.type,
                    "scope": candidate.scope,
                    "confidence": round(candidate.confidence, 4),
                    "reasons": list(candidate.remarks),
                }
                for candidate in self.candidates
            ],
            "provider": self.provider,
            "tokens": {"sent": tokens.sent, "received": tokens.received} if tokens else None,
            "problems": list(self.problems),
        }


def without_model(material: Material, *problems: str) -> Generated:
    """The finished candidates, and what there is to say about why there are none, or no others."""
    if not material.digest.files and not material.offline:
        return Generated((), problems=(NOTHING_STAGED, *problems, *material.problems))
    missing = () if material.offline else (_no_message(material.unkept),)
    return Generated(material.offline, problems=(*problems, *missing, *material.problems))


async def generate(
    material: Material,
    models: Models | None,
    wanted: Wanted | None = None,
    *,
    on_text: OnText | None = None,
    fresh: bool = False,
) -> Generated:
    """Messages by the first model that gives a good one; without (None), or where that fails, the finished candidates.

    Why it failed stands in `problems`, unless no model is set up or the network is off, which is no failure. `on_text`
    gets what the model writes while it writes. `fresh` asks again even if the answer is known. Raises
    byline.privacy.RedactionUnavailable where secrets cannot be looked for.
    """
    if models is None or not material.digest.files:
        return without_model(material)
    wanted = wanted or Wanted()
    try:
        answer = await models.ask(question(material, wanted), on_text=on_text, fresh=fresh)
    except NoModel:
        return without_model(material)
    except ModelError as error:
        failed = without_model(material, *_sentences(error))
        return replace(failed, tokens=error.tokens if error.tokens.total else None)
    found = written(material, wanted, answer.data, answer.model)
    tokens = answer.tokens if answer.tokens.total else None
    if not found:
        said = f"What {answer.model} wrote does not fit the change or the repository's rules, so none of it is used."
        return replace(without_model(material, said), tokens=tokens)
    found = await asyncio.to_thread(judged, found, material.plugins)
    return Generated(found, answer.provider, answer.model, tokens, material.problems)


def _no_message(unkept: Sequence[str]) -> str:
    why = f" ({', '.join(f'`{name}`' for name in unkept)})" if unkept else ""
    return f"No message for this change passes the repository's rules without a person's help{why}: write one by hand."


def _sentences(error: ModelError) -> tuple[str, ...]:
    """What each model that was asked said, once."""
    return tuple(dict.fromkeys(one.problem for one in (error, *error.also)))
