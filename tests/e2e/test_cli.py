"""The commands as processes, over repositories that a real server has seen being edited."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.checks import check_blame, check_refusal
from support.scenario import Scene

AUTHOR = "Ann <ann@example.org>"
NOBODY = {"tool": None, "model": None, "session": None, "prompt": None}
AGENT = {"tool": "claude-code", "model": "claude-opus-5", "session": "s1", "prompt": "write it"}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two commits, the second written by an AI and a person, and after it work that is not committed.

    The server has ended; nothing in these tests changes the repository.
    """
    scene = Scene(tmp_path_factory.mktemp("story"))
    try:
        f = scene.open("src/app.py", "first = 1\n")
        f.ai(append="second = 22\nthird = 3\n")
        f.types(append="fourth = 4\n")
        f.types(replace=("22", "25"))
        f.saves()
        scene.commit()
        f.ai(append="fifth = 5\n", session="s2", prompt="one more")
        f.saves()
        scene.wait_journalled(f)
        scene.close()
        yield scene
    finally:
        scene.abandon()


def line(number: int, text: str, state: str, commit: str | None, **known: Any) -> dict[str, Any]:
    """One line as `blame --json` has it, its time left out."""
    author = AUTHOR if commit else None
    rest: dict[str, Any] = {**NOBODY, "level": None, "evidence": [], "source": None, **known}
    return {"line": number, "text": text, "state": state, "commit": commit, "author": author, **rest}


def test_blame_of_the_work_tree(story: Scene) -> None:
    found = story.byline("blame", "--json", "src/app.py").json()
    times = [entry.pop("time") for entry in found["lines"]]
    begin, change = story.git("rev-list", "--reverse", "HEAD").split()
    byline = {"level": "declared", "source": "byline"}
    assert found == {
        "path": "src/app.py",
        "rev": None,
        "dirty": True,
        "summary": {"total": 5, "ai": 2, "ai_modified": 1, "human": 1, "original": 0, "unknown": 1},
        "lines": [
            line(1, "first = 1", "unknown", begin),
            line(2, "second = 25", "ai_modified", change, **AGENT, evidence=["agent"], **byline),
            line(3, "third = 3", "ai", change, **AGENT, evidence=["agent"], **byline),
            line(4, "fourth = 4", "human", change, evidence=["typing"], **byline),
            line(
                5,
                "fifth = 5",
                "ai",
                None,
                **{**AGENT, "session": "s2", "prompt": "one more"},
                level="declared",
                evidence=["agent"],
                source="live",
            ),
        ],
    }
    assert times[4] is None
    assert all(time[10] == "T" and time[-6] in "+-" for time in times[:4])


def test_blame_of_a_revision(story: Scene) -> None:
    check_blame(story, "src/app.py", "O M A H", source=[None, "byline", "byline", "byline"])
    check_blame(story, "src/app.py", "O", rev="HEAD~1")


@pytest.mark.parametrize(("folder", "path"), [("src", "app.py"), (".", "src/app.py"), (".", "src/../src/app.py")])
def test_paths_are_relative_to_where_one_is(story: Scene, folder: str, path: str) -> None:
    by_folder = story.byline("-C", folder, "blame", "--json", path)
    by_path = story.byline("blame", "--json", str(story.root / folder / path), cwd=story.base)
    found = by_folder.json()
    assert found["path"] == "src/app.py"
    assert by_path.json() == found


def test_blame_for_people(story: Scene) -> None:
    code, out, err = story.byline("blame", "src/app.py").ends()
    assert (code, err) == (0, "")
    begin, change = (oid[:8] for oid in story.git("rev-list", "--reverse", "HEAD").split())
    rows = [row.split(maxsplit=2) for row in out.splitlines()]
    assert [row[0] for row in rows] == ["·", "◐", "●", "○", "●"]
    assert [row[1] for row in rows] == [begin, change, change, change, "Claude"]
    assert "Claude Code, changed by you" in out
    assert out.splitlines()[4].endswith("not committed 5  fifth = 5")


def test_chosen_lines_keep_the_summary_of_the_file(story: Scene) -> None:
    whole = story.byline("blame", "--json", "src/app.py")
    part = story.byline("blame", "--json", "-L", "2,+2", "src/app.py")
    found, all_ = part.json(), whole.json()
    assert found == all_ | {"lines": all_["lines"][1:3]}


def test_porcelain_is_what_git_says_and_more(story: Scene) -> None:
    code, out, _ = story.byline("blame", "--rev", "HEAD", "--format", "porcelain", "src/app.py").ends()
    assert code == 0
    rows = [row for row in out.splitlines() if not row.startswith("byline-")]
    theirs = story.git("blame", "--line-porcelain", "HEAD", "--", "src/app.py").splitlines()
    kept = ("author ", "author-", "summary ", "filename ", "\t")
    assert [row for row in rows if row.startswith(kept)] == [row for row in theirs if row.startswith(kept)]
    heads = [row.split() for row in rows if len(row.split(" ")[0]) == 40]
    assert [head[:3] for head in heads] == [row.split()[:3] for row in theirs if len(row.split(" ")[0]) == 40]
    assert out.count("byline-prompt write it\n") == 2


def test_show(story: Scene) -> None:
    found = story.byline("show", "--json").json()
    assert found.pop("time")
    declared = {"level": "declared"}
    summary = {"total": 3, "ai": 1, "ai_modified": 1, "human": 1, "original": 0, "unknown": 0}
    assert found == {
        "commit": story.head(),
        "author": AUTHOR,
        "subject": "Change",
        "source": "byline",
        "named": None,
        "summary": summary,
        "files": [
            {
                "path": "src/app.py",
                "summary": summary,
                "ranges": [
                    {"start": 2, "end": 2, "state": "ai_modified", "modifiedBy": "human", "evidence": ["agent"]}
                    | AGENT
                    | declared,
                    {"start": 3, "end": 3, "state": "ai", "modifiedBy": None, "evidence": ["agent"]} | AGENT | declared,
                    {"start": 4, "end": 4, "state": "human", "modifiedBy": None, "evidence": ["typing"]}
                    | NOBODY
                    | declared,
                ],
            }
        ],
    }
    code, out, _ = story.byline("show").ends()
    assert code == 0
    assert "3 lines added: 33 % AI · 33 % AI, then changed · 33 % human — Claude Code, 1 prompt\n" in out
    assert "  ◐ 2  Claude Code, changed by you · claude-opus-5 · “write it” · declared\n" in out
    assert "  ○ 4  you · declared\n" in out


def test_show_of_a_commit_without_a_note(story: Scene) -> None:
    code, out, _ = story.byline("show", "HEAD~1").ends()
    assert code == 0
    assert "1 line added; nothing is recorded of them\n" in out
    assert "  · 1  unknown\n" in out


def test_summary(story: Scene) -> None:
    found = story.byline("summary", "--json").json()
    summary = {"total": 4, "ai": 1, "ai_modified": 1, "human": 1, "original": 0, "unknown": 1}
    written = {"total": 2, "ai": 1, "ai_modified": 1, "human": 0, "original": 0, "unknown": 0}
    assert found == {
        "range": "HEAD",
        "commits": 2,
        "noted": 1,
        "summary": summary,
        "tools": [{"tool": "claude-code", "summary": written}],
        "models": [{"model": "claude-opus-5", "summary": written}],
        "authors": [{"author": AUTHOR, "summary": summary}],
        "directories": [{"directory": "src", "summary": summary}],
    }
    code, out, _ = story.byline("summary", "HEAD~1..HEAD").ends()
    assert code == 0
    assert "1 commit (1 with a note), 3 lines added" in out
    assert "Claude Code" in out


def test_prompt(story: Scene) -> None:
    found = story.byline("prompt", "--json", "src/app.py:2").json()
    assert found == {
        "path": "src/app.py",
        "line": 2,
        "text": "second = 25",
        "state": "ai_modified",
        "commit": story.head(),
        **AGENT,
        "changed": ["25"],
        "lines": [2, 3],
        "level": "declared",
        "evidence": ["agent"],
    }
    code, out, _ = story.byline("prompt", "src/app.py:2").ends()
    assert code == 0
    assert "\n  write it\n" in out
    assert "Changed since: 25\n" in out


def test_looking_writes_nothing(story: Scene) -> None:
    before = everything_below(story.root)
    looks = ("blame src/app.py", "show", "summary", "prompt src/app.py:2", "doctor", "config")
    commands = [story.byline(*look.split()) for look in looks]
    assert [command.ends()[0] for command in commands] == [0] * len(looks)
    assert everything_below(story.root) == before


def everything_below(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file but SQLite's shared memory, with its time and content."""
    files = (path for path in root.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_commits_that_no_server_saw(scene: Scene) -> None:
    f = scene.open("app.py")
    f.ai(append="first = 1\n")
    f.saves()
    scene.wait_journalled(f)
    scene.editor.stop()
    scene.git("add", "-A")
    scene.git("commit", "-q", "-m", "Unseen")
    code, out, err = scene.byline("blame", "--rev", "HEAD", "app.py").ends()
    assert code == 0
    assert out.startswith("· ")
    assert err.startswith("byline: 1 commit has no note yet")
    assert "`byline settle`" in err
    assert scene.note() == ""
    settled = scene.byline("settle", "--json").json()
    summary = {"total": 1, "ai": 1, "ai_modified": 0, "human": 0, "original": 0, "unknown": 0}
    commit = {"commit": scene.head(), "kind": "commit (initial)", "noted": True, "summary": summary}
    assert settled == {"worktrees": [{"root": str(scene.root), "settled": scene.head(), "commits": [commit]}]}
    note = scene.note()
    check_blame(scene, "app.py", "A:s1")
    assert scene.byline("settle", "--json").json()["worktrees"][0]["commits"] == []
    assert scene.note() == note


def test_settling_every_worktree(scene: Scene) -> None:
    scene.has("app.py", "first = 1\n")
    linked = scene.base / "linked"
    scene.git("worktree", "add", "-q", "-b", "side", str(linked))
    f = scene.new_editor(linked).open(linked / "app.py", "first = 1\n")
    f.ai(append="second = 2\n")
    f.saves()
    scene.wait_journalled(f)
    scene.editor.stop()
    scene.git("commit", "-q", "-a", "-m", "Unseen", cwd=linked)
    assert scene.byline("settle", "--json").json()["worktrees"][0]["commits"] == []
    found = scene.byline("settle", "--all", "--json").json()["worktrees"]
    assert [entry["root"] for entry in found] == [str(scene.root), str(linked)]
    assert [commit["commit"] for commit in found[1]["commits"]] == [scene.head(linked)]
    check_blame(scene, "app.py", "O A:s1", cwd=linked)


def test_nothing_hostile_reaches_the_terminal(scene: Scene) -> None:
    scene.write("a\x1b[2Jb.py", "text = '\x1b]0;title\x07'\n")
    scene.git("add", "-A")
    scene.git("commit", "-q", "-m", "\x1b[31mred\u202e", "--author", "E\x1b[2Jve <eve@x.org>")
    path = "a\x1b[2Jb.py"
    looks = (["blame", path], ["show"], ["summary"], ["prompt", f"{path}:1"], ["blame", "--rev", "\x1b[2J", path])
    for command in [scene.byline(*look) for look in looks]:
        _, out, err = command.ends()
        assert out or err
        assert not {"\x1b", "\x07", "\u202e"} & set(out + err), command.arguments


@pytest.mark.parametrize("arguments", [["blame", "app.py"], ["blame", "--json", "app.py"], ["show", "--json"]])
def test_a_reader_that_has_had_enough(scene: Scene, arguments: list[str]) -> None:
    scene.has("app.py", "".join(f"line_{n} = {n}\n" for n in range(3000)))
    process = subprocess.Popen(
        [sys.executable, "-m", "byline", *arguments],
        cwd=scene.root,
        env=scene.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(20) == 0


def test_a_terminal_that_cannot_show_the_signs(story: Scene) -> None:
    code, out, err = story.byline("blame", "src/app.py", env={"PYTHONIOENCODING": "ascii"}).ends()
    assert (code, err) == (0, "")
    assert out.count("\n") == 5


def test_refusals_of_a_process(story: Scene) -> None:
    commands = {
        story.byline("blame", "--json", "gone.py"): 1,
        story.byline("blame", "--json"): 2,
        story.byline("blame", "--json", "app.py", cwd=story.base): 3,
        story.byline("blame", "--json", "src/app.py", env={"PATH": os.devnull}): 4,
    }
    for command, code in commands.items():
        check_refusal(command, code)


def test_the_server_imports_nothing_of_the_folder_it_starts_in(story: Scene, tmp_path: Path) -> None:
    for module in ("byline", "lsprotocol", "json"):
        (tmp_path / f"{module}.py").write_text("from pathlib import Path\nPath('canary').touch()\n")
    process = subprocess.run(
        [sys.executable, "-m", "byline", "-C", str(tmp_path), "lsp", "--stdio"],
        cwd=story.base,
        env=story.env,
        input=b'Content-Length: 51\r\n\r\n{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}  ',
        capture_output=True,
        timeout=20,
    )
    assert b'"id":1' in process.stdout.replace(b" ", b""), process.stderr
    assert not (tmp_path / "canary").exists()


def test_the_demonstration(story: Scene) -> None:
    """It ends in time, leaves nothing behind, and shows what really came out."""
    temporary = story.base / "tmp"
    temporary.mkdir()
    env = {"TMPDIR": str(temporary)}
    for_people, for_programs = story.byline("demo", env=env), story.byline("demo", "--json", env=env)
    found = for_programs.json()
    states = [entry["state"] for entry in found["lines"]]
    assert states == ["unknown"] * 3 + ["human"] * 4 + ["ai"] * 3 + ["ai_modified"] + ["ai"] * 5
    assert found["summary"]["total"] == len(states)
    assert {json.loads(record)["format"] for record in found["note"].splitlines() if '"format"' in record} == {"byline"}
    assert "fetch" in found["message"]
    assert "% AI" in found["lens"]
    assert "Claude Code" in found["lens"]
    assert "changed by you" in found["hover"]
    assert found["seconds"]["total"] < 30
    code, out, err = for_people.ends()
    assert (code, err) == (0, "")
    assert "◐ " in out
    assert "\x1b" not in out
    assert list(temporary.iterdir()) == []


def test_colours_of_the_demonstration(story: Scene) -> None:
    code, out, _ = story.byline("demo", env={"FORCE_COLOR": "1", "TERM": "xterm-256color"}).ends()
    assert code == 0
    assert "\x1b[36m" in out
