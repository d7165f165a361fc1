"""Secrets that are planted wherever people leave them: none is in a request, a cache, a log, a journal or a note.

A thousand credentials of 120 kinds, each as its provider issues it, in the surroundings in which they are found, go
through a real server and a real repository. Nobody ever issued one of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from support.credentials import KINDS, Credential, Form, credentials
from support.leaks import Lookout
from support.provider import Provider, providing
from support.scenario import Scene
from support.surroundings import SURROUNDINGS, Planted, planted
from support.transcripts import Claude, Row
from support.wire import RpcError, wait_for

COUNT = 1_000
BATCH = 50
SEED = 20_261_120
ANSWER = json.dumps({"messages": [{"type": "fix", "scope": "", "subject": "change what is there", "body": ""}]})
RULES = json.dumps({"extends": ["@commitlint/config-conventional"], "rules": {"body-max-line-length": [0]}})
PLACEHOLDER = re.compile(r"«secret:[a-z0-9-]+:[0-9a-f]{8}»")
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_-]")  # of branches and files


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing(ANSWER) as provider:
        yield provider


@pytest.fixture
def watched(scene: Scene, provider: Provider) -> Scene:
    """A scene with a model, in which as much as possible is logged."""
    scene.env |= provider.environment()
    scene.settings = {"trusted": True, "log": {"level": "debug"}}
    scene.has(".commitlintrc.json", RULES)
    return scene


def command(scene: Scene, name: str, **argument: Any) -> Any:
    return scene.editor.wire.request("workspace/executeCommand", {"command": name, "arguments": [argument]})


def tokens(seed: int, count: int = COUNT) -> list[Credential]:
    """Credentials that may stand in the name of a file or a branch."""
    made = (c for c in credentials(2 * count, seed) if c.form is Form.TOKEN and not _NOT_IN_NAMES.search(c.text))
    return [credential for credential, _ in zip(made, range(count), strict=False)]


def sent(provider: Provider) -> str:
    return json.dumps(provider.asked, ensure_ascii=False)


def check_nothing_is_seen(scene: Scene, lookout: Lookout, *texts: str) -> None:
    """Nothing of what is planted is in these texts, in the log, or in any file that Byline has written."""
    assert [lookout.seen_in(text) for text in texts if lookout.seen_in(text)] == []
    assert lookout.seen_in((scene.base / "server.log").read_text("utf-8", "replace")) == {}
    assert lookout.seen_below(scene.base / "home") == {}
    assert lookout.seen_below(scene.root / ".git/byline") == {}


def test_what_is_planted_is_worth_planting() -> None:
    """Many kinds in many surroundings, and all of it is found by who looks for it."""
    made = planted(credentials(COUNT, SEED), SEED)
    assert len({plant.credential.kind for plant in made}) == len(KINDS) >= 50
    assert len({plant.surrounding.name for plant in made}) == len(SURROUNDINGS) >= 50
    lookout = Lookout(plant.credential for plant in made)
    unseen = [plant.text for plant in made if not lookout.seen_in(plant.text)]
    assert unseen == []


class Story:
    """Batches of planted credentials, each in a commit of its own."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.plants = planted(credentials(COUNT, SEED), SEED)
        self.names = iter(tokens(SEED + 1))
        self.named: list[Credential] = []
        self.written: list[Path] = []

    def name(self) -> str:
        """One more credential, for the name of something."""
        self.named.append(next(self.names))
        return self.named[-1].text

    def stage(self, number: int, plants: Sequence[Planted]) -> None:
        """Stage new files with these, changes beside those of the last batch, and the end of the others of that."""
        self.scene.git("switch", "-q", "-c", f"fix/{self.name()}-{number}")
        for at, file in enumerate(self.written):
            if at % 2:
                file.unlink()
            else:
                file.write_text(file.read_text() + "one more line\n")
        self.written = [
            self.scene.write(f"b{number}/{at:02}{plant.surrounding.ending}", f"begins\n{plant.text}ends\n")
            for at, plant in enumerate(plants)
        ]
        self.scene.write(f"b{number}/{self.name()}.txt", "a file with an unhappy name\n")
        self.scene.git("add", "--all")

    def commit(self) -> None:
        body = "\n".join(f"It was {self.name()}, and that is {'quite ' * at}long." for at in range(12))
        self.scene.git("commit", "-q", "-m", f"fix: use {self.name()}\n\n{body}")


def test_a_thousand_in_changes(watched: Scene, provider: Provider) -> None:
    scene = watched
    scene.has("begin.txt", "begin\n")
    story = Story(scene)
    answers = []
    for number, at in enumerate(range(0, COUNT, BATCH)):
        plants = story.plants[at : at + BATCH]
        story.stage(number, plants)
        answers.append(command(scene, "byline.generateCommitMessage", root=str(scene.root), hint=f"no {story.name()}"))
        told = provider.asked[-1]["messages"][0]["content"]
        assert len(PLACEHOLDER.findall(json.dumps(told, ensure_ascii=False))) >= len(plants), told
        if number + 1 < COUNT // BATCH:
            story.commit()
    assert len(provider.asked) == COUNT // BATCH
    assert all(answer["provider"] == "claude" for answer in answers)
    assert "It was «secret:" in sent(provider)  # earlier messages are told, too
    terminal = scene.byline("message", "--json", "--hint", story.name())
    preview = scene.byline("message", "--preview", "--hint", story.name())
    offline = scene.byline("message", "--offline", "--json")
    said = [part for run in (terminal, preview, offline) for part in run.ends()[1:]]
    assert "«secret:" in said[2]
    scene.editor.stop()
    lookout = Lookout([*(plant.credential for plant in story.plants), *story.named])
    check_nothing_is_seen(scene, lookout, sent(provider), json.dumps(answers), *said)


def test_in_what_a_person_types(watched: Scene, provider: Provider) -> None:
    """Typed above the comments of a commit buffer, as the reason that a model is told."""
    scene = watched
    scene.has("app.py", "first = 1\n")
    scene.write("app.py", "first = 2\n")
    scene.git("add", "--all")
    made = planted(tokens(SEED + 2, 40), SEED + 2)
    comments = "# Please enter the commit message\n# Changes to be committed:\n#\tmodified:   app.py\n#\n"
    buffer = scene.editor.open(scene.root / ".git/COMMIT_EDITMSG", f"\n{comments}", "gitcommit")
    buffer.types_in_a_burst(prepend="why\n\n" + "".join(f"- {plant.text}" for plant in made))
    with pytest.raises(RpcError, match="beside what is typed"):  # nobody may commit that
        command(scene, "byline.refineCommitMessage", uri=buffer.uri)
    assert len(provider.asked) == 1
    shown = json.dumps([params for method, params in scene.editor.wire.notifications if method != "$/progress"])
    scene.editor.stop()
    lookout = Lookout(plant.credential for plant in made)
    check_nothing_is_seen(scene, lookout, sent(provider), shown)


def prompted(claude: Claude, path: str, text: str, prompt: str) -> None:
    """An agent is asked something, and writes a file."""
    file = claude.root / path
    file.write_text(text)
    call = f"toolu_{path}"
    result = {"type": "create", "filePath": str(file), "content": text, "originalFile": None, "structuredPatch": []}
    use: Row = {"type": "tool_use", "id": call, "name": "Write", "input": {"file_path": str(file), "content": text}}
    answer = {"type": "tool_result", "tool_use_id": call, "content": "done", "is_error": False}
    claude.keeps(
        claude.row("user", {"role": "user", "content": prompt}),
        claude.row("assistant", {"role": "assistant", "id": call, "model": "claude-opus-5", "content": [use]}),
        claude.row("user", {"role": "user", "content": [answer]}, toolUseResult=result),
    )


FILES = 25


def test_a_thousand_in_prompts_of_agents(scene: Scene, claude: Claude, provider: Provider) -> None:
    """They are read from a transcript, kept, told to a model, and travel with notes, all of it without its secrets."""
    scene.env |= {**provider.environment(), "BYLINE_NOTES_PUSH_PROMPTS": "true"}
    scene.settings["log"] = {"level": "debug"}
    made = planted(credentials(COUNT, SEED + 3), SEED + 3)
    scene.has(".commitlintrc.json", RULES)
    f = scene.open("app.py", "first = 1\n")
    for number in range(FILES):
        mine = made[number::FILES]
        prompt = f"do number {number}\n" + "".join(f"\n{plant.text}" for plant in mine)
        prompted(claude, f"made_{number}.py", f"def made_{number}():\n    return {number}\n", prompt)
    claude.is_read(f, FILES)
    f.ai(append="second = 2\n", prompt=f"also {made[0].text}")
    f.saves()
    declared = {"path": str(f.path), "hunks": [{"old": None, "new": "second = 2\n"}], "tool": "codex", "model": None}
    f.editor.wire.request("byline/declare", {**declared, "session": "d1", "prompt": f"as {made[1].text}"})
    scene.git("add", "--all")
    answer = command(scene, "byline.generateCommitMessage", root=str(scene.root))
    assert "do number" in sent(provider)
    scene.commit()
    wait_for("all prompts are noted", lambda: scene.note().count("do number") == FILES)
    shown = [scene.open(f"made_{number}.py") for number in (0, 1)]
    told = [json.dumps([buffer.attribution(), buffer.lens_titles(), hover(buffer)]) for buffer in shown]
    runs = [scene.byline(*line) for line in (("blame", "--json", "made_2.py"), ("prompt", "made_3.py:1"), ("show",))]
    told += [part for run in runs for part in run.ends()[1:]]
    assert all("«secret:" in text or "\\u00absecret:" in text for text in (scene.note(), told[0]))
    scene.editor.stop()
    objects = scene.git("cat-file", "--batch-all-objects", "--batch", "--buffer")  # notes and what they were before
    lookout = Lookout(plant.credential for plant in made)
    check_nothing_is_seen(scene, lookout, sent(provider), json.dumps(answer), objects, *told)


def hover(buffer: Any) -> Any:
    where = {"textDocument": {"uri": buffer.uri}, "position": {"line": 0, "character": 4}}
    return buffer.editor.wire.request("textDocument/hover", where)
