"""A model writes in a document: whose each line is from the moment it stands there, and what is sent."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.checks import check_view
from support.client import LSP, Editor, editing, wait_for
from support.provider import MODEL, RECEIVED, SENT, Provider, providing
from support.repo import Repo

BASE = "import os\n\n\ndef total(values):\n    result = 0\n    return result\n\n\nprint(total([1, 2]))\n"
ANSWER = "    result = sum(values)\n    log(result)\n    return result\n"
FENCED = f"````python\n{ANSWER}````\n"
BODY = ((4, 0), (6, 0))  # the lines of the function below its head
WISH = "add the values up, and log the result"
SECRET = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing(FENCED) as provider:
        yield provider


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"app.py": BASE, ".gitignore": "secret.py\n"})
    return repo


class Desk:
    """An editor with one document, and what a person does at it."""

    def __init__(self, editor: Editor, path: Path) -> None:
        self.editor = editor
        self.uri = path.as_uri()
        editor.open(self.uri, path.read_text())

    @property
    def text(self) -> str:
        return self.editor.texts[self.uri]

    def place(self, range_: tuple[tuple[int, int], tuple[int, int]] = BODY, **more: object) -> dict[str, object]:
        start, end = ({"line": line, "character": character} for line, character in range_)
        return {"uri": self.uri, "range": {"start": start, "end": end}, **more}

    async def write(self, **more: Any) -> Any:
        argument = self.place(more.pop("range_", BODY), **{"instruction": WISH, **more})
        params = types.ExecuteCommandParams("byline.writeWithModel", [argument])
        return await self.editor.workspace_execute_command_async(params)

    def changes(self, channel: str, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self.editor.tell(
            "byline/editContext",
            {
                "textDocument": {"uri": self.uri, "version": self.editor.versions[self.uri] + 1},
                "origins": [{"channel": channel}],
            },
        )
        range_ = types.Range(types.Position(*start), types.Position(*end))
        self.editor.change(self.uri, types.TextDocumentContentChangePartial(range_, text))

    def types(self, line: int, character: int, text: str) -> None:
        for at, key in enumerate(text):
            self.changes("typing", (line, character + at), (line, character + at), key)

    async def lines(self) -> Any:
        return await self.editor.ask("byline/attribution", {"textDocument": {"uri": self.uri}, "range": None})

    async def check(self, expected: str, **fields: Any) -> None:
        """Every line of the live text is as `expected` says."""
        check_view(await self.lines(), expected, self.text, **fields)

    async def offers(self, range_: Any = BODY, **context: Any) -> list[str]:
        """The titles of the actions at a place that have a model write there."""
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri),
            types.Range(*(types.Position(*place) for place in range_)),
            types.CodeActionContext(diagnostics=[], **context),
        )
        found = await self.editor.text_document_code_action_async(params) or ()
        return [action.title for action in found if action.title.startswith("Write with")]


@asynccontextmanager
async def at_desk(
    repo: Repo, env: Mapping[str, str], *, trusted: bool = True, name: str = "app.py", log: Path | None = None
) -> AsyncIterator[Desk]:
    options = {"trusted": trusted, "log": {"level": "debug"}}
    command = ("sh", "-c", f'exec "$0" -m byline lsp 2>>{log}', sys.executable) if log else LSP
    async with editing(repo.root, command=command, env={**os.environ, **env}, options=options) as editor:
        try:
            yield Desk(editor, (repo.root / name).resolve())
        except BaseException:
            editor._server.kill()  # else leaving waits for it
            raise


async def test_every_line_from_the_models_edit_to_the_commit(repo: Repo, provider: Provider) -> None:
    async with at_desk(repo, provider.environment()) as desk:
        await desk.check("O*9")
        answer = await desk.write()
        assert answer["applied"]
        assert (answer["provider"], answer["model"]) == ("claude", MODEL)
        assert answer["tokens"] == {"sent": SENT, "received": RECEIVED}
        assert desk.text == BASE.replace("    result = 0\n    return result\n", ANSWER)
        written = [None, None, None, None, MODEL, MODEL, None, None, None, None]
        await desk.check("O*4 A*2 O*4", model=written, level=[line and "proven" for line in written])
        line = (await desk.lines())["lines"][4]
        assert (line["tool"], line["prompt"], line["evidence"]) == ("byline", WISH, ["server"])
        assert line["session"].startswith("byline-")

        desk.types(5, 8, "ger.info")
        await desk.check("O*4 A M O*4")
        for at in reversed(range(8)):
            desk.changes("undo", (5, 8 + at), (5, 9 + at), "")
        await desk.check("O*4 A*2 O*4")

        old, new = "    result = 0\n", "    result = sum(values)\n    log(result)\n"
        desk.changes("undo", (4, 0), (6, 0), old)
        assert desk.text == BASE
        await desk.check("O*9")
        desk.changes("redo", (4, 0), (5, 0), new)
        await desk.check("O*4 A*2 O*4")

        desk.types(5, 4, "x")
        await desk.check("O*4 A M O*4")
        (repo.root / "app.py").write_text(desk.text)
        desk.editor.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(desk.uri)))
        await desk.editor.wait_until(
            desk.uri, lambda s: s["journalled"].get(desk.uri) == desk.editor.versions[desk.uri]
        )
        head = repo.commit()
        await desk.editor.wait_until(desk.uri, lambda status: status["settled"] == head)
        await desk.check("O*4 A M O*4")
    check_view(await blame(repo), "O*4 A M O*4", tool=[tool and "byline" for tool in written])


async def blame(repo: Repo) -> Any:
    process = await asyncio.create_subprocess_exec(
        *LSP[:-1], "blame", "--json", "app.py", cwd=repo.root, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return json.loads(out)


async def test_what_is_shown_before_is_exactly_what_is_sent(repo: Repo, provider: Provider) -> None:
    repo.write("app.py", f'TOKEN = "{SECRET}"\n{BASE}')
    async with at_desk(repo, provider.environment()) as desk:
        preview = (await desk.write(preview=True, range_=((5, 0), (7, 0))))["preview"]
        assert provider.asked == []
        assert desk.text == f'TOKEN = "{SECRET}"\n{BASE}'
        await desk.write(range_=((5, 0), (7, 0)))
    sent = provider.asked[0]
    assert sent["system"] == preview["system"]
    assert sent["messages"] == [{"role": "user", "content": preview["user"]}]
    assert sent["model"] == preview["model"]
    assert preview["secrets"] == 1
    assert all(piece in preview["user"] for piece in (WISH, "app.py", "python", "result = 0", "def total", "print("))
    assert str(repo.root) not in json.dumps(sent)
    assert SECRET not in json.dumps(sent)


REFUSALS = {
    "not trusted": ({"trusted": False}, {}, "not trusted"),
    "ignored by git": ({"name": "secret.py"}, {}, "ignore"),
    "in no repository": ({"name": "../elsewhere.py"}, {}, "in no repository"),
    "no instruction": ({}, {"instruction": ""}, "needs an `instruction`"),
    "no place": ({}, {"range_": ((4, -1), (4, 0))}, "fields are wrong"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_nothing_is_sent(repo: Repo, provider: Provider, name: str) -> None:
    surroundings, wish, reason = REFUSALS[name]
    repo.write("secret.py", BASE)
    repo.write("../elsewhere.py", BASE)
    async with at_desk(repo, provider.environment(), **surroundings) as desk:
        with pytest.raises(JsonRpcException, match=reason):
            await desk.write(**wish)
        if surroundings:
            assert await desk.offers() == []
        assert desk.text == BASE
    assert provider.asked == []


ONLY = {
    "everything": ({}, BODY, True),
    "rewrites": ({"only": ["refactor.rewrite"]}, BODY, True),
    "other kinds": ({"only": ["quickfix", "source"]}, BODY, False),
    "an empty spot, looked for": ({"trigger_kind": types.CodeActionTriggerKind.Invoked}, ((1, 0), (1, 0)), True),
    "an empty spot, in passing": ({"trigger_kind": types.CodeActionTriggerKind.Automatic}, ((1, 0), (1, 0)), False),
}


async def test_the_action_is_offered_where_it_is_wanted(repo: Repo, provider: Provider) -> None:
    async with at_desk(repo, provider.environment()) as desk:
        for name, (context, range_, is_offered) in ONLY.items():
            offered = await desk.offers(range_, **context)
            assert offered == ["Write with claude-sonnet-5-5…"] * is_offered, name
        status = await desk.editor.ask("byline/status", {"uri": desk.uri})
        assert [(m["provider"], m["state"], m["key"]) for m in status["models"] if m["provider"] == "claude"] == [
            ("claude", "ready", "ANTHROPIC_API_KEY")
        ] * 2
    assert provider.asked == []


async def test_nobody_is_offered_a_model_that_is_not_set_up(repo: Repo) -> None:
    async with at_desk(repo, {}) as desk:
        assert await desk.offers() == []
        with pytest.raises(JsonRpcException, match="No language model is set up"):
            await desk.write()


MEANWHILE = {
    "elsewhere": ((0, 0), "import sys\n", True),
    "at that place": ((5, 4), "x", False),
}


@pytest.mark.parametrize("name", MEANWHILE)
async def test_the_document_is_changed_while_the_model_writes(repo: Repo, provider: Provider, name: str) -> None:
    place, text, is_applied = MEANWHILE[name]
    provider.gate.clear()
    async with at_desk(repo, provider.environment()) as desk:
        writing = asyncio.create_task(desk.write())
        assert await asyncio.to_thread(provider.begun.wait, 10)
        desk.changes("typing", place, place, text)
        before = desk.text
        await desk.lines()
        provider.gate.set()
        answer = await writing
        assert answer["applied"] is is_applied
        if is_applied:
            assert desk.text == before.replace("    result = 0\n    return result\n", ANSWER)
            await desk.check("H O*4 A*2 O*4")
        else:
            assert desk.text == before
            assert "changed at that place" in answer["problem"]
            assert [message.message for message in desk.editor.messages] == [answer["problem"]]


async def test_an_edit_of_a_version_that_is_gone_is_asked_for_again(repo: Repo, provider: Provider) -> None:
    async with at_desk(repo, provider.environment()) as desk:
        asked: list[types.ApplyWorkspaceEditParams] = []

        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            asked.append(params)
            if len(asked) == 1:
                desk.changes("typing", (0, 0), (0, 0), "import sys\n")
            return desk.editor._apply(params)

        desk.editor.protocol.fm.features[types.WORKSPACE_APPLY_EDIT] = apply
        assert (await desk.write())["applied"]
        assert len(asked) == 2
        assert desk.text == "import sys\n" + BASE.replace("    result = 0\n    return result\n", ANSWER)
        await desk.check("H O*4 A*2 O*4")


async def test_the_text_is_shown_as_it_grows_and_cancelling_ends_the_request(repo: Repo, provider: Provider) -> None:
    provider.gate.clear()
    async with at_desk(repo, provider.environment()) as desk:
        writing = asyncio.create_task(desk.write())

        async def reported() -> list[types.WorkDoneProgressReport]:
            values = [value for values in desk.editor.progress_reports.values() for value in values]
            return [value for value in values if isinstance(value, types.WorkDoneProgressReport)]

        assert (await wait_for(reported, bool))[0].message == "````pyt"
        (token,) = desk.editor.progress_reports
        desk.editor.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        with pytest.raises(JsonRpcException):
            await writing
        assert await asyncio.to_thread(provider.left.wait, 10)
        assert desk.text == BASE
        ends = [value for value in desk.editor.progress_reports[token] if isinstance(value, types.WorkDoneProgressEnd)]
        assert len(ends) == 1


KEYS = {
    "in the environment": ("sk-canary-env-4711", "sk-canary-env-4711", []),
    "in the editor": (None, "sk-canary-editor-0815", ["anthropic"]),
}


@pytest.mark.parametrize("name", KEYS)
async def test_a_key_is_asked_for_only_where_the_environment_has_none(
    repo: Repo, provider: Provider, name: str, tmp_path: Path, home: Path
) -> None:
    variable, used, asked = KEYS[name]
    log = tmp_path / "server.log"
    async with at_desk(repo, provider.environment(variable), log=log) as desk:
        requests: list[str] = []

        def credential(params: Any) -> dict[str, str | None]:
            requests.append(params.provider)
            return {"key": "sk-canary-editor-0815" if params.provider == "anthropic" else None}

        desk.editor.protocol.fm.features["byline/credential"] = credential
        assert requests == []
        assert (await desk.write())["applied"]
        assert provider.keys == [used]
        assert [request for request in requests if request == "anthropic"] == asked
        await desk.editor.wait_until(
            desk.uri, lambda s: s["journalled"].get(desk.uri) == desk.editor.versions[desk.uri]
        )
    kept = [path for folder in (home, repo.root, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert log in kept
    assert not [path for path in kept if b"sk-canary" in path.read_bytes()]
