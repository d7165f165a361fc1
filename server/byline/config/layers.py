"""Reading the layers: two files, the environment and the client's settings. Nothing is checked here but the keys.

What stands in a repository is hostile: its file is read only if it is a regular file of a sensible size, and nothing
that it says is repeated at length.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from byline.config.definition import Layer, camel_case
from byline.config.schema import definitions, sections

REPOSITORY_FILE = ".byline.toml"

# Windows has neither.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)

# Both hold the parser's time down: for one key of very many parts it is quadratic.
_MAX_BYTES = 16 * 1024
_MAX_LINE = 1000
_MAX_PROBLEMS = 20
_MAX_QUOTED = 60
_MAX_REASON = 120


@dataclass(frozen=True, slots=True)
class Given:
    """A value for a known key, as a layer gives it."""

    key: str
    value: object
    layer: Layer
    source: str  # for people: a file, a variable's name, or `client`


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence about something in a layer that does not count."""

    sentence: str


Entry = Given | Problem


def read(root: Path | None, env: Mapping[str, str], client: Mapping[str, object] | None) -> list[Entry]:
    """What all the layers say, lowest layer first. Never raises for what stands in them."""
    layers = (_repository(root), _answers(env), _user(env), _environment(env), _client(client))
    return [entry for layer in layers for entry in _bounded(layer)]


def user_file(env: Mapping[str, str]) -> Path | None:
    """The person's own file. A relative `XDG_CONFIG_HOME` does not count, as the XDG specification asks."""
    directory = env.get("XDG_CONFIG_HOME", "")
    if Path(directory).is_absolute():
        return Path(directory, "byline", "config.toml")
    home = env.get("HOME", "")
    return Path(home, ".config", "byline", "config.toml") if Path(home).is_absolute() else None


def answers_file(env: Mapping[str, str]) -> Path | None:
    """Where it is kept what the person answered when Byline asked; a file of settings like the person's own."""
    directory = env.get("XDG_STATE_HOME", "")
    if Path(directory).is_absolute():
        return Path(directory, "byline", "answers.toml")
    home = env.get("HOME", "")
    return Path(home, ".local", "state", "byline", "answers.toml") if Path(home).is_absolute() else None


def quoted(text: str, size: int = _MAX_QUOTED) -> str:
    """Text from outside for use in a sentence, in backticks."""
    return f"`{_plain(text, size)}`"


def _plain(text: str, size: int) -> str:
    """On one line, without control characters, clipped to `size`."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: size + 1])
    return clean if len(clean) <= size else f"{clean[:size]}…"


def _repository(root: Path | None) -> Iterator[Entry]:
    # A link could lead out of the repository.
    return _file(root / REPOSITORY_FILE, Layer.REPOSITORY, REPOSITORY_FILE, _NO_LINK) if root else iter(())


def _user(env: Mapping[str, str]) -> Iterator[Entry]:
    path = user_file(env)
    return _file(path, Layer.USER, str(path), 0) if path else iter(())


def _answers(env: Mapping[str, str]) -> Iterator[Entry]:
    path = answers_file(env)
    return _file(path, Layer.USER, str(path), _NO_LINK) if path else iter(())


def _file(path: Path, layer: Layer, source: str, flags: int) -> Iterator[Entry]:
    try:
        text = _contents(path, flags)
    except FileNotFoundError:
        return
    except OSError as error:
        why = "it is a link" if error.errno == errno.ELOOP else error.strerror
        yield Problem(f"{source}: cannot be read ({why}); it counts as empty.")
        return
    except ValueError as error:
        yield Problem(f"{source}: cannot be read ({error}); it counts as empty.")
        return
    import tomllib

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else _plain(str(error), _MAX_REASON)
        yield Problem(f"{source}: is not valid TOML ({why}); it counts as empty.")
        return
    yield from _table(table, layer, source)


def _contents(path: Path, flags: int) -> str:
    # Without O_NONBLOCK, opening a named pipe would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is not a regular file")
        data = os.read(descriptor, _MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES // 1024} KiB")
    if max(map(len, data.split(b"\n"))) > _MAX_LINE:
        raise ValueError(f"it has a line of more than {_MAX_LINE} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None


def _table(table: Mapping[str, object], layer: Layer, source: str) -> Iterator[Entry]:
    known = {camel_case(name) for name in sections()}
    for name, value in table.items():
        if name not in known or not name:
            yield from _entry(str(name), value, layer, source)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                yield from _entry(f"{name}.{key}", inner, layer, source)
        elif value is not None:
            yield Problem(f"{source}: `{name}` must be a table of settings; it is ignored.")


def _entry(key: str, value: object, layer: Layer, source: str) -> Iterator[Entry]:
    if key not in definitions():
        yield Problem(f"{source}: there is no setting {quoted(key)}.{_suggestion(key)}")
    elif value is not None:  # clients send null for what nobody has set
        yield Given(key, value, layer, source)


def _suggestion(key: str) -> str:
    near = nearest(key, [*definitions(), *map(camel_case, filter(None, sections()))])
    if not near:
        leaves = {name.rpartition(".")[2]: name for name in definitions() if not name.endswith(".enabled")}
        near = leaves.get(nearest(key.rpartition(".")[2], leaves) or "")
    return f" Did you mean `{near}`?" if near else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a mistyped one is most like, if it is like any."""
    import difflib

    plain = {other.casefold(): other for other in known}
    found = difflib.get_close_matches(name.casefold(), plain, n=1, cutoff=0.75)
    return plain[found[0]] if found else None


def _environment(env: Mapping[str, str]) -> Iterator[Entry]:
    known = {definition.variable: key for key, definition in definitions().items()}
    for name in sorted(name for name, text in env.items() if name.startswith("BYLINE_") and text.strip()):
        if name in known:
            yield Given(known[name], env[name].strip(), Layer.ENVIRONMENT, name)
        # Other variables may begin like ours; only what looks like a mistyped setting is worth a word.
        elif near := nearest(name.removeprefix("BYLINE_"), [v.removeprefix("BYLINE_") for v in known]):
            yield Problem(f"{quoted(name)} is not a setting's variable. Did you mean `BYLINE_{near}`?")


def _client(client: object) -> Iterator[Entry]:
    if isinstance(client, Mapping):
        yield from _table(client, Layer.CLIENT, "client")
    elif client is not None:
        yield Problem("client: its settings must be a table; they count as empty.")


def _bounded(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries with only the first problems of a layer, and how many there are more."""
    problems = 0
    for entry in entries:
        problems += isinstance(entry, Problem)
        if isinstance(entry, Given) or problems <= _MAX_PROBLEMS:
            yield entry
    if problems > _MAX_PROBLEMS:
        yield Problem(f"…and {problems - _MAX_PROBLEMS} more problems there.")
