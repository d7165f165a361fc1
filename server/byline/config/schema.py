"""Every setting there is. Defaults, checks, documentation and the output of `byline config` all come from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args, get_type_hints

from byline.config.definition import Definition, Scope, about, setting

Agent = Literal[
    "claude-code",
    "codex",
    "gemini-cli",
    "opencode",
    "copilot",
    "copilot-cli",
    "cursor",
    "aider",
    "cline",
    "windsurf",
    "continue",
    "amp",
    "droid",
]
ALL_AGENTS: tuple[Agent, ...] = get_args(Agent)

_MODEL_NAME = (r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}|", "the name of a model, or empty")
_ADDRESS = (r"https?://[^\s\x00]{1,2000}|", "a web address, or empty")


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded while somebody edits."""

    enabled: bool = setting(True, "Whether edits are recorded at all.", private=True)
    max_bytes: int = setting(2_000_000, "A larger file is not recorded. In bytes.", bounds=(0, 20_000_000))
    max_lines: int = setting(60_000, "A file with more lines is not recorded.", bounds=(0, 500_000))
    keep_days: int = setting(
        14,
        "How long the single edits of a line are kept after the note of its commit was written. In days.",
        private=True,
        bounds=(0, 3650),
    )

    def since(self, now: float) -> float:
        """From when on single edits are kept. In Unix seconds."""
        return now - self.keep_days * 86_400


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written about a commit, as git notes."""

    write: bool = setting(True, "Whether commits get a note, in `refs/notes/byline`.")
    git_ai: Literal["on", "off"] = setting(
        "on",
        "Whether a note in the format of the Git AI Standard is written beside it, in `refs/notes/ai`, where the "
        "commit has none there.",
    )
    git_ai_modified: Literal["human", "session"] = setting(
        "human",
        "Whom that note names for AI lines that somebody changed: the `human`, as the standard asks, or the AI's "
        "`session`.",
    )
    push_prompts: bool = setting(
        False,
        "Whether notes carry the text of prompts, with secrets removed. Otherwise they carry its hash, and the text "
        "stays on this machine.",
        private=True,
    )


@dataclass(frozen=True, slots=True)
class CodeLens:
    """The lines that an editor draws above code."""

    enabled: bool = setting(True, "Whether there are any code lenses.")
    file: bool = setting(True, "One at the top of a file, that sums it up.")
    containers: bool = setting(True, "One above each class and the like.")
    functions: bool = setting(False, "One above each function and method.")


@dataclass(frozen=True, slots=True)
class InlayHints:
    """The dimmed text that an editor draws at the end of lines."""

    enabled: bool = setting(False, "Whether lines show who wrote them. Off, because it stands beside every line.")


@dataclass(frozen=True, slots=True)
class Hover:
    """The card that an editor shows under the pointer."""

    enabled: bool = setting(True, "Whether hovering over a line shows who wrote it, and from which prompt.")


@dataclass(frozen=True, slots=True)
class Git:
    """How git is run."""

    path: str = setting(
        "",
        "The git to run. Where this is empty: the first in `PATH` that does not lie in the repository.",
        scope=Scope.USER,
        # A relative path would be looked up in the repository, and what lies there must never run.
        form=(r"(?:(?:/|[A-Za-z]:[/\\])[^\x00]+)?", "an absolute path, or empty"),
    )


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is kept of what people wrote to an AI."""

    prompts: Literal["off", "hash", "store"] = setting(
        "store",
        "What is kept of a prompt on this machine: its text with secrets removed (`store`), a `hash` of it, or nothing "
        "(`off`).",
        private=True,
    )


@dataclass(frozen=True, slots=True)
class Commit:
    """How commit messages are written. What a repository asks of its messages, its own commitlint files say."""

    candidates: int = setting(3, "How many finished messages are offered.", bounds=(1, 3))
    issue_key: bool = setting(
        True,
        "Whether the branch's name counts: the issue that it names goes into the message, and its first part (`fix/…`) "
        "speaks for a type.",
    )
    language: str = setting(
        "en",
        "The language in which a model writes, as in `de` or `pt-BR`. Messages without a model are in English.",
        form=(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?", "a language tag such as de or pt-BR"),
    )
    trailers: Literal["off", "assisted-by", "co-authored-by"] = setting(
        "off", "By which trailer a message credits the AI tools that wrote some of its lines."
    )
    plugins: bool = setting(
        True,
        "Whether plug-ins that are installed beside Byline write and check messages, in a folder that you trust.",
        scope=Scope.USER,
    )
    history: bool = setting(
        True,
        "Whether it is kept which messages were offered, on this machine and for `record.keepDays`.",
        private=True,
    )


@dataclass(frozen=True, slots=True)
class Log:
    """What the language server writes to its log."""

    level: Literal["error", "warning", "info", "debug"] = setting(
        "warning", "How much is logged. The text of files and prompts never is.", scope=Scope.USER
    )


@dataclass(frozen=True, slots=True)
class Agents:
    """Which AI tools' transcripts are read."""

    read: tuple[Agent, ...] = setting(
        (),
        'The tools whose transcripts on this machine may be read, a list of names or `"all"`. Only what was done in an '
        "open, trusted folder is looked at, and it stays on this machine. Until it is set, an editor asks once.",
        scope=Scope.USER,
    )


@dataclass(frozen=True, slots=True)
class Models:
    """Which language models are asked, and how much. No setting holds a key ([where it belongs](models.md))."""

    order: tuple[Literal["claude", "openai"], ...] = setting(
        ("claude", "openai"),
        "Whose models are asked, in this order: the first that is set up and well gives the answer.",
        scope=Scope.USER,
    )
    claude_model: str = setting(
        "", "Claude's model for everything but code. Empty: a small one.", scope=Scope.USER, form=_MODEL_NAME
    )
    claude_strong_model: str = setting(
        "", "Claude's model for code. Empty: a larger one.", scope=Scope.USER, form=_MODEL_NAME
    )
    claude_base_url: str = setting(
        "",
        "Where Claude is reached. Empty: as `ANTHROPIC_BASE_URL` says, else Anthropic itself. `http://` is only for "
        "this machine.",
        scope=Scope.USER,
        form=_ADDRESS,
    )
    openai_model: str = setting(
        "",
        "The model that speaks OpenAI's format. Empty: a small one of OpenAI's, or the only one of an endpoint of your "
        "own.",
        scope=Scope.USER,
        form=_MODEL_NAME,
    )
    openai_strong_model: str = setting(
        "", "The same for code. Empty: `models.openaiModel`.", scope=Scope.USER, form=_MODEL_NAME
    )
    openai_base_url: str = setting(
        "",
        "Where it is reached: any endpoint in OpenAI's format. Empty: as `OPENAI_BASE_URL` says, else OpenAI itself. "
        "`http://` is only for this machine.",
        scope=Scope.USER,
        form=_ADDRESS,
    )
    effort: Literal["auto", "low", "medium", "high"] = setting(
        "auto", "How much a model thinks. `auto`: as much as the task is worth.", scope=Scope.USER
    )
    deadline: int = setting(
        30,
        "How long an answer may take, with all models that are asked for it. In seconds.",
        scope=Scope.USER,
        bounds=(1, 600),
    )
    budget_cents: int = setting(
        200,
        "What may be spent in a day (UTC), in hundredths of a US dollar. 0 is no limit. Models whose price is not "
        "known do not count.",
        scope=Scope.USER,
        bounds=(0, 1_000_000),
    )
    requests_per_minute: int = setting(
        30, "How often each model is asked, at most.", scope=Scope.USER, bounds=(1, 10_000)
    )
    tokens_per_minute: int = setting(
        400_000,
        "How much each model reads and writes in a minute, at most.",
        scope=Scope.USER,
        bounds=(1_000, 100_000_000),
    )
    keep_answers: bool = setting(
        True,
        "Whether answers are kept on this machine for an hour, so that the same question is not paid for twice.",
        scope=Scope.USER,
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """The value that holds for one key, and where it comes from."""

    value: object
    source: str  # `default`, a file, a variable's name, or `client`


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. `Config()` is the defaults."""

    trusted: bool = setting(
        False,
        "Whether the person trusts this folder. Gates transcripts and whatever could run or send something; recording, "
        "notes and blame work without it.",
        scope=Scope.CLIENT,
    )
    record: Record = field(default_factory=Record)
    notes: Notes = field(default_factory=Notes)
    code_lens: CodeLens = field(default_factory=CodeLens)
    inlay_hints: InlayHints = field(default_factory=InlayHints)
    hover: Hover = field(default_factory=Hover)
    git: Git = field(default_factory=Git)
    privacy: Privacy = field(default_factory=Privacy)
    commit: Commit = field(default_factory=Commit)
    log: Log = field(default_factory=Log)
    agents: Agents = field(default_factory=Agents)
    models: Models = field(default_factory=Models)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Where each key that some layer gives has its value from."""
    problems: tuple[str, ...] = ()
    """A sentence for each thing in the layers that does not count, and why."""

    def settings(self) -> dict[str, Setting]:
        """Every key with its value and source, in the order of the documentation."""
        return {
            key: Setting(_value(self, definition), self.sources.get(key, "default"))
            for key, definition in definitions().items()
        }


@cache
def definitions() -> Mapping[str, Definition]:
    """Every setting by its key, in the order of the documentation."""
    found = {definition.key: definition for section, kind in sections().items() for definition in _of(section, kind)}
    return MappingProxyType(found)


@cache
def sections() -> Mapping[str, type]:
    """The dataclass of each section by the attribute of `Config` that holds it; `Config` itself under an empty name."""
    held: dict[str, type] = {"": Config}
    held |= {
        name: kind for name, kind in get_type_hints(Config).items() if isinstance(kind, type) and is_dataclass(kind)
    }
    return MappingProxyType(held)


def _of(section: str, holder: type) -> Iterator[Definition]:
    hints = get_type_hints(holder)
    for held in fields(holder):
        if said := about(held.metadata):
            yield Definition(section, held.name, hints[held.name], held.default, said)


def _value(config: Config, definition: Definition) -> object:
    holder = getattr(config, definition.section) if definition.section else config
    return getattr(holder, definition.attribute)
