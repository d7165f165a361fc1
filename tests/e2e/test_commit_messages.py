"""Commit messages where they are written: in the editor that git waits for, in an input box, and in a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from byline.commit_messages.lint import passes
from byline.commit_messages.rules import CONVENTIONAL_RULES
from support.client import DEADLINE, LSP, Editor, editing, wait_for
from support.provider import RECEIVED, SENT, Provider, providing
from support.repo import Repo

RULES = json.dumps({"extends": ["@commitlint/config-conventional"]})
BEFORE = "def {0}():\n    return 1\n"
AFTER = "def {0}():\n    return 2\n\n\ndef new_{0}():\n    return 3\n"
# Keeps git waiting: it names the file that is to be edited, and ends when a test says so.
EDITOR = '#!/bin/sh\nprintf %s "$1" >"$0.tmp"\nmv "$0.tmp" "$0.file"\nwhile test ! -e "$0.go"; do sleep 0.01; done\n'
SECRET = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Two files, the rules of config-conventional, and a history that keeps to them."""
    repo = Repo.init(tmp_path / "repo")
    repo.commit({"alpha.py": BEFORE.format("alpha"), "beta.py": BEFORE.format("beta")}, "feat: begin")
    repo.commit({".commitlintrc.json": RULES}, "chore: check messages")
    return repo


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


class Waiting:
    """A `git commit` that waits for its editor."""

    def __init__(self, base: Path, repo: Repo, *arguments: str) -> None:
        self.script = base / "editor"
        self.script.write_text(EDITOR)
        self.script.chmod(0o755)
        env = {**repo.environment(), "GIT_EDITOR": str(self.script)}
        self.process = subprocess.Popen(["git", *arguments], cwd=repo.root, env=env, stderr=subprocess.PIPE)
        self._root = repo.root

    async def file(self) -> Path:
        """The file with the message, as soon as git has written it."""

        async def named() -> str:
            said = self.script.with_name("editor.file")
            return said.read_text() if said.exists() else ""

        return self._root / await wait_for(named, bool)

    def go_on(self) -> None:
        """The editor is closed."""
        self.script.with_name("editor.go").touch()
        _, errors = self.process.communicate(timeout=DEADLINE)
        assert self.process.returncode == 0, errors

    def end(self) -> None:
        self.script.with_name("editor.go").touch()
        self.process.wait(DEADLINE)


@asynccontextmanager
async def session(root: Path, env: Mapping[str, str] | None = None, **options: Any) -> AsyncIterator[Editor]:
    async with editing(root, command=LSP, env={**os.environ, **(env or {})}, options=options) as editor:
        try:
            yield editor
        except BaseException:
            editor._server.kill()  # else leaving waits for it
            raise


def document(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


async def actions(editor: Editor, uri: str, line: int = 0, only: Sequence[str] | None = None) -> list[types.CodeAction]:
    where = types.Range(types.Position(line, 0), types.Position(line, 0))
    context = types.CodeActionContext(diagnostics=[], only=only)
    params = types.CodeActionParams(document(uri), where, context)
    return list(await asyncio.wait_for(editor.text_document_code_action_async(params), DEADLINE) or ())


def applied(editor: Editor, uri: str, action: types.CodeAction) -> str:
    """The text after an action's edits, which must be for the version that is open."""
    assert action.edit is not None
    outcome = editor._apply(types.ApplyWorkspaceEditParams(action.edit))
    assert outcome.applied, outcome.failure_reason
    return editor.texts[uri]


async def diagnostics(editor: Editor, uri: str, wanted: Callable[[set[object]], object]) -> list[types.Diagnostic]:
    """What is shown of a document once its codes are as `wanted`."""

    async def shown() -> list[types.Diagnostic]:
        return list(editor.diagnostics.get(uri, ()))

    return await wait_for(shown, lambda found: wanted({each.code for each in found}))


def stage(repo: Repo, *names: str, add: bool = True) -> None:
    for name in names:
        repo.write(f"{name}.py", AFTER.format(name))
        if add:
            repo.git("add", f"{name}.py")


# --- the right change, in every way to commit -------------------------------------------------------------------------


def _plain(repo: Repo) -> list[str]:
    stage(repo, "alpha")
    stage(repo, "beta", add=False)
    return ["commit"]


def _all(repo: Repo) -> list[str]:
    stage(repo, "alpha", add=False)
    return ["commit", "-a"]


def _path(repo: Repo) -> list[str]:
    stage(repo, "beta")
    stage(repo, "alpha", add=False)
    return ["commit", "alpha.py"]


def _verbose(repo: Repo) -> list[str]:
    stage(repo, "alpha")
    return ["commit", "-v"]


def _other_comments(repo: Repo) -> list[str]:
    repo.configure(core__commentChar=";")
    stage(repo, "alpha")
    return ["commit"]


def _scissors(repo: Repo) -> list[str]:
    repo.configure(commit__cleanup="scissors")
    stage(repo, "alpha")
    return ["commit"]


def _amend(repo: Repo) -> list[str]:
    stage(repo, "alpha")
    repo.git("commit", "-qm", "feat: half of it")
    return ["commit", "--amend"]


@pytest.mark.parametrize("way", [_plain, _all, _path, _verbose, _other_comments, _scissors, _amend])
async def test_finished_messages_are_about_what_will_be_committed(
    tmp_path: Path, repo: Repo, way: Callable[[Repo], list[str]]
) -> None:
    await check_commit(tmp_path, repo, repo.root, way(repo))


async def test_in_a_linked_worktree(tmp_path: Path, repo: Repo) -> None:
    repo.git("worktree", "add", "-q", "-b", "side", "../side")
    side = Repo(repo.root.parent / "side", repo.clock)
    stage(side, "alpha")
    await check_commit(tmp_path, side, side.root, ["commit"])


async def test_in_a_submodule(tmp_path: Path, repo: Repo) -> None:
    around = Repo.init(tmp_path / "around")
    around.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.root), "inner")
    inner = Repo(around.root / "inner", repo.clock)
    stage(inner, "alpha")
    await check_commit(tmp_path, inner, around.root, ["commit"])


async def check_commit(base: Path, repo: Repo, folder: Path, arguments: Sequence[str]) -> None:
    """While git waits: the messages name what the commit changes and nothing else; the first one is committed."""
    git = Waiting(base, repo, *arguments)
    try:
        file = await git.file()
        text = file.read_text()
        if "--amend" in arguments:  # the person wants another message than before
            text = text.partition("\n")[2]
        async with session(folder) as editor:
            uri = file.as_uri()
            editor.open(uri, text, "gitcommit")
            found = await actions(editor, uri)
            titles = [action.title for action in found]
            assert 1 <= len(titles) <= 3
            assert all("alpha" in title and "beta" not in title for title in titles), titles
            after = applied(editor, uri, found[0])
            assert after.endswith(text.lstrip("\n"))
            assert await diagnostics(editor, uri, lambda codes: not codes) == []
            file.write_text(after)
        git.go_on()
    finally:
        git.end()
    message = repo.git("log", "-1", "--format=%B").strip()
    assert message.partition("\n")[0] == titles[0]
    assert passes(message, CONVENTIONAL_RULES)


async def test_git_words_a_merge_itself(tmp_path: Path, repo: Repo) -> None:
    repo.git("switch", "-qc", "side")
    repo.commit({"gamma.py": "c = 1\n"}, "feat: add gamma")
    repo.git("switch", "-q", "main")
    repo.commit({"delta.py": "d = 1\n"}, "feat: add delta")
    git = Waiting(tmp_path, repo, "merge", "--edit", "--no-ff", "side")
    try:
        file = await git.file()
        async with session(repo.root) as editor:
            editor.open(file.as_uri(), file.read_text(), "gitcommit")
            assert await actions(editor, file.as_uri()) == []
            assert not editor.diagnostics.get(file.as_uri())
    finally:
        git.end()


# --- in the buffer ----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def buffer(repo: Repo, text: str, env: Mapping[str, str] | None = None, **options: Any) -> AsyncIterator[Any]:
    """An open commit buffer about a change to `alpha.py`: the editor and the URI."""
    stage(repo, "alpha")
    file = repo.root / ".git/COMMIT_EDITMSG"
    comments = "# Please enter the commit message\n#\n# Changes to be committed:\n#\tmodified:   alpha.py\n#\n"
    async with session(repo.root, env, **options) as editor:
        editor.open(file.as_uri(), f"{text}\n{comments}", "git-commit")
        yield editor, file.as_uri()


@pytest.mark.parametrize(
    ("text", "rule", "mended"),
    [
        ("Fix: repair alpha", "type-case", "fix: repair alpha"),
        ("fix: Repair alpha", "subject-case", "fix: repair alpha"),
        ("fix: repair alpha.", "subject-full-stop", "fix: repair alpha"),
    ],
)
async def test_each_diagnostic_has_a_quick_fix(repo: Repo, text: str, rule: str, mended: str) -> None:
    async with buffer(repo, text) as (editor, uri):
        (shown, *_) = [
            each for each in await diagnostics(editor, uri, lambda codes: rule in codes) if each.code == rule
        ]
        assert (shown.source, shown.severity) == ("byline", types.DiagnosticSeverity.Error)
        fixes = [action for action in await actions(editor, uri) if rule in [d.code for d in action.diagnostics or ()]]
        assert fixes[0].kind == types.CodeActionKind.QuickFix
        assert applied(editor, uri, fixes[0]).startswith(mended + "\n#")
        await diagnostics(editor, uri, lambda codes: not codes)


async def test_a_secret_is_found_and_taken_out(repo: Repo) -> None:
    async with buffer(repo, f"fix: use {SECRET}") as (editor, uri):
        await diagnostics(editor, uri, lambda codes: "secret" in codes)
        (fix,) = [a for a in await actions(editor, uri) if [d.code for d in a.diagnostics or ()] == ["secret"]]
        assert SECRET not in applied(editor, uri, fix)


async def test_diagnostics_go_when_the_buffer_is_closed(repo: Repo) -> None:
    async with buffer(repo, "nonsense") as (editor, uri):
        await diagnostics(editor, uri, lambda codes: "type-empty" in codes)
        editor.close(uri)
        await diagnostics(editor, uri, lambda codes: not codes)


async def test_only_is_honoured(repo: Repo) -> None:
    async with buffer(repo, "") as (editor, uri):
        assert await actions(editor, uri, only=["source"]) == []
        assert await actions(editor, uri, only=["refactor"]) == []
        assert len(await actions(editor, uri, only=["quickfix"])) == len(await actions(editor, uri)) > 0


async def test_gits_template_is_not_something_typed(tmp_path: Path, repo: Repo) -> None:
    repo.configure(commit__template=str(tmp_path / "form"))
    (tmp_path / "form").write_text("\nWhy this is needed\n# a comment\n")
    async with buffer(repo, "\nWhy this is needed\n# a comment\n") as (editor, uri):
        found = [action for action in await actions(editor, uri) if not action.diagnostics]
        after = applied(editor, uri, found[0])
        assert f"{found[0].title}\n\nWhy this is needed\n# a comment\n" in after
        assert not [action for action in await actions(editor, uri) if not action.diagnostics]


async def test_messages_are_offered_only_where_nothing_is_typed(repo: Repo) -> None:
    async with buffer(repo, "feat: something of mine") as (editor, uri):
        assert await actions(editor, uri) == []


async def test_completion_of_types_and_why_one_is_likely(repo: Repo) -> None:
    async with buffer(repo, "fe") as (editor, uri):
        params = types.CompletionParams(document(uri), types.Position(0, 2))
        found = await editor.text_document_completion_async(params)
        assert [item.label for item in found.items] == ["feat"]
        editor.insert(uri, 0, 2, "at: more")
        hover = await editor.text_document_hover_async(types.HoverParams(document(uri), types.Position(0, 1)))
        assert "1 of 1 changed file last had feat" in hover.contents.value
        nowhere = await editor.text_document_hover_async(types.HoverParams(document(uri), types.Position(0, 8)))
        assert nowhere is None


@pytest.mark.parametrize("query", ["?rootUri={}", "?rootUri%3D{}", ""])
async def test_an_input_box_belongs_to_the_repository_that_it_names(repo: Repo, query: str) -> None:
    from urllib.parse import quote

    stage(repo, "alpha")
    inner = quote(repo.root.as_uri(), safe="")
    uri = "vscode-scm:git/scm0/input" + query.format(quote(inner) if "%3D" in query else inner)
    async with session(repo.root) as editor:
        editor.open(uri, "", "scminput")
        found = await actions(editor, uri)
        assert "alpha" in found[0].title
        assert passes(applied(editor, uri, found[0]), CONVENTIONAL_RULES)
        editor.change(uri, types.TextDocumentContentChangeWholeDocument("# no comment here"))
        await diagnostics(editor, uri, lambda codes: "type-empty" in codes)


async def test_other_documents_have_none_of_this(repo: Repo) -> None:
    async with session(repo.root) as editor:
        uri = (repo.root / "alpha.py").as_uri()
        editor.open(uri, BEFORE.format("alpha"))
        params = types.CompletionParams(document(uri), types.Position(0, 2))
        assert await editor.text_document_completion_async(params) is None
        assert all("alpha" not in action.title for action in await actions(editor, uri))


# --- by a model -------------------------------------------------------------------------------------------------------


def says(*messages: tuple[str, str, str, str]) -> str:
    names = ("type", "scope", "subject", "body")
    return json.dumps({"messages": [dict(zip(names, message, strict=True)) for message in messages]})


GOOD = says(("feat", "", "let alpha return two and add new_alpha", ""))


async def refining(editor: Editor, uri: str) -> types.CodeAction:
    (found,) = [action for action in await actions(editor, uri) if action.title.startswith("Refine with")]
    assert found.edit is None
    return found


async def test_a_model_is_asked_when_the_action_is_resolved(repo: Repo, provider: Provider) -> None:
    provider.text = GOOD
    async with buffer(repo, "", provider.environment(), trusted=True) as (editor, uri):
        action = await refining(editor, uri)
        assert provider.asked == []
        resolved = await editor.code_action_resolve_async(action)
        after = applied(editor, uri, resolved)
        assert after.startswith("feat: let alpha return two and add new_alpha\n# Please")
        assert len(provider.asked) == 1


async def test_what_was_typed_is_the_why_and_stays(repo: Repo, provider: Provider) -> None:
    provider.text = GOOD
    why = "because callers expect two"
    async with buffer(repo, why, provider.environment(), trusted=True) as (editor, uri):
        resolved = await editor.code_action_resolve_async(await refining(editor, uri))
        after = applied(editor, uri, resolved)
        assert after.startswith(f"feat: let alpha return two and add new_alpha\n\n{why}\n")
        assert why in json.dumps(provider.asked[0])


async def test_what_the_model_says_besides_stands_below_what_was_typed(repo: Repo, provider: Provider) -> None:
    provider.text = says(("feat", "", "let alpha return two", "Callers expect two.\n\nnew_alpha returns three."))
    typed = "because callers expect two\n\nSigned-off-by: Ann <ann@example.org>"
    async with buffer(repo, typed, provider.environment(), trusted=True) as (editor, uri):
        resolved = await editor.code_action_resolve_async(await refining(editor, uri))
        below = typed.replace("\n\n", "\n\nnew_alpha returns three.\n\n")
        assert applied(editor, uri, resolved).startswith(f"feat: let alpha return two\n\n{below}\n# Please")


async def test_gits_template_is_no_reason_for_the_change(tmp_path: Path, repo: Repo, provider: Provider) -> None:
    provider.text = says(("feat", "", "let alpha return two", "Callers expect two."))
    repo.configure(commit__template=str(tmp_path / "form"))
    (tmp_path / "form").write_text("Why this is needed\n")
    async with buffer(repo, "Why this is needed", provider.environment(), trusted=True) as (editor, uri):
        after = applied(editor, uri, await editor.code_action_resolve_async(await refining(editor, uri)))
        assert after.startswith("feat: let alpha return two\n\nCallers expect two.\n\nWhy this is needed\n# Please")
        assert "has typed" not in json.dumps(provider.asked)


async def test_a_model_that_says_nothing_useful_costs_nobody_their_message(repo: Repo, provider: Provider) -> None:
    provider.text = says(("feat", "", "see https://evil.example for beta_secret", ""))
    async with buffer(repo, "", provider.environment(), trusted=True) as (editor, uri):
        resolved = await editor.code_action_resolve_async(await refining(editor, uri))
        assert "alpha" in applied(editor, uri, resolved).partition("\n")[0]
        assert "evil" not in editor.texts[uri]
        (told,) = [message.message for message in editor.messages]
        assert "without a model" in told


async def test_cancelling_ends_the_request(repo: Repo, provider: Provider) -> None:
    provider.text = GOOD
    provider.gate.clear()
    async with buffer(repo, "", provider.environment(), trusted=True) as (editor, uri):
        action = await refining(editor, uri)
        asked = editor.protocol.send_request(types.CODE_ACTION_RESOLVE, action, msg_id="resolving")
        await asyncio.to_thread(provider.begun.wait, DEADLINE)
        editor.cancel_request(types.CancelParams("resolving"))
        with pytest.raises(JsonRpcException):
            await asyncio.wait_for(asyncio.wrap_future(asked), DEADLINE)
        assert await asyncio.to_thread(provider.left.wait, DEADLINE)
        assert editor.texts[uri].startswith("\n# Please")


@pytest.mark.parametrize(
    ("trusted", "more"), [(False, {}), (True, {"BYLINE_OFFLINE": "1"}), (True, {"ANTHROPIC_API_KEY": ""})]
)
async def test_no_model_is_offered_or_asked(
    repo: Repo, provider: Provider, trusted: bool, more: Mapping[str, str]
) -> None:
    async with buffer(repo, "", {**provider.environment(), **more}, trusted=trusted) as (editor, uri):
        assert not any(action.title.startswith("Refine") for action in await actions(editor, uri))
        answer = await generated(editor, repo)
        assert (answer["provider"], answer["tokens"], answer["problems"]) == ("offline", None, [])
    assert provider.asked == []


async def generated(editor: Editor, repo: Repo, **more: Any) -> Any:
    argument = {"root": str(repo.root), **more}
    params = types.ExecuteCommandParams("byline.generateCommitMessage", [argument])
    return await editor.workspace_execute_command_async(params)


async def test_the_command_asks_a_model_unless_told_not_to(repo: Repo, provider: Provider) -> None:
    provider.text = GOOD
    async with buffer(repo, "", provider.environment(), trusted=True) as (editor, _):
        offline = await generated(editor, repo, offline=True)
        assert (offline["provider"], provider.asked) == ("offline", [])
        answer = await generated(editor, repo, offline=False)
        assert answer["message"] == "feat: let alpha return two and add new_alpha"
        assert (answer["provider"], answer["tokens"]) == ("claude", {"sent": SENT, "received": RECEIVED})
        keys = {"message", "type", "scope", "confidence", "reasons"}
        assert all(set(candidate) == keys for answer in (offline, answer) for candidate in answer["candidates"])


async def test_nothing_staged_is_said(repo: Repo) -> None:
    async with session(repo.root) as editor:
        answer = await generated(editor, repo)
        assert (answer["message"], answer["candidates"]) == ("", [])
        assert "Nothing is staged" in answer["problems"][0]


async def test_refining_by_command_puts_the_message_into_the_buffer(repo: Repo, provider: Provider) -> None:
    provider.text = GOOD
    async with buffer(repo, "", provider.environment(), trusted=True) as (editor, uri):
        params = types.ExecuteCommandParams("byline.refineCommitMessage", [{"uri": uri}])
        answer = await editor.workspace_execute_command_async(params)
        assert answer["applied"]
        assert editor.texts[uri].startswith("feat: let alpha return two and add new_alpha\n# Please")


# --- in a terminal ----------------------------------------------------------------------------------------------------


def byline(repo: Repo, *arguments: str, **env: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "byline", *arguments]
    done = subprocess.run(command, cwd=repo.root, env={**os.environ, **env}, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_a_message_in_a_terminal(repo: Repo) -> None:
    stage(repo, "alpha")
    code, out, errors = byline(repo, "message")
    assert (code, errors) == (0, "")
    assert "alpha" in out
    assert passes(out, CONVENTIONAL_RULES)
    said = json.loads(byline(repo, "message", "--offline", "--json")[1])
    assert said["message"] + "\n" == out
    assert set(said) == {"message", "candidates", "provider", "tokens", "problems"}


def test_the_template_of_the_repository_gives_messages_their_form(repo: Repo, provider: Provider) -> None:
    repo.write(".byline/templates/commit.j2", "{{ header }}\n\nFiles: {{ files | join(' ') }}\n")
    repo.commit(message="chore: add a form")
    stage(repo, "alpha")
    assert byline(repo, "message", "--offline")[1].endswith("\n\nFiles: alpha.py\n")
    provider.text = GOOD
    told = byline(repo, "message", **provider.environment())[1]
    assert told == "feat: let alpha return two and add new_alpha\n\nFiles: alpha.py\n"
    repo.write(".byline/templates/commit.j2", "{% for a in files %}{% for b in files %}{% endfor %}{% endfor %}")
    code, out, errors = byline(repo, "message", "--offline")
    assert (code, "Files" in out) == (0, False)
    assert ".byline/templates/commit.j2" in errors


def test_nothing_staged_in_a_terminal(repo: Repo) -> None:
    code, out, errors = byline(repo, "message")
    assert (code, out) == (1, "")
    assert errors.startswith("byline: Nothing is staged")
    assert byline(repo, "message", "--amend")[0] == 0


def test_a_model_in_a_terminal(repo: Repo, provider: Provider) -> None:
    stage(repo, "alpha")
    repo.write("alpha.py", AFTER.format("alpha") + f"TOKEN = '{SECRET}'\n")
    repo.git("add", "--all")
    provider.text = GOOD
    preview = byline(repo, "message", "--preview", "--hint", "two is right", **provider.environment())[1]
    assert provider.asked == []
    code, out, _ = byline(repo, "message", "--hint", "two is right", **provider.environment())
    assert (code, out) == (0, "feat: let alpha return two and add new_alpha\n")
    sent = json.dumps(provider.asked, ensure_ascii=False)
    assert SECRET not in sent + preview
    assert "two is right" in sent
    assert "«secret:" in sent
    assert "«secret:" in preview


def test_a_failing_model_leaves_the_message_of_the_change(repo: Repo, provider: Provider) -> None:
    stage(repo, "alpha")
    provider.text = "no JSON at all"
    code, out, errors = byline(repo, "message", **provider.environment())
    assert code == 0
    assert "alpha" in out
    assert errors.startswith("byline: ")
    said = json.loads(byline(repo, "message", "--json", **provider.environment())[1])
    assert said["provider"] == "offline"
    assert said["problems"]


def test_offline_opens_no_connection(repo: Repo, provider: Provider) -> None:
    stage(repo, "alpha")
    provider.text = GOOD
    for arguments, env in (("--offline",), {}), ((), {"BYLINE_OFFLINE": "1"}):
        code, out, errors = byline(repo, "message", *arguments, **provider.environment(), **env)
        assert (code, errors) == (0, "")
        assert "alpha" in out
    assert provider.asked == []


# --- what was offered -------------------------------------------------------------------------------------------------


def history(repo: Repo, **env: str) -> Any:
    code, out, errors = byline(repo, "message", "--history", "--json", **env)
    assert (code, errors) == (0, "")
    return json.loads(out)


def commit(repo: Repo, message: str) -> str:
    """Commit what is staged, now: offers and commits are told apart by their times, too."""
    repo.clock[0] = int(time.time())
    return repo.commit({}, message)


async def test_what_was_offered_in_a_buffer_and_what_became_of_it(repo: Repo, provider: Provider) -> None:
    provider.text = GOOD
    async with buffer(repo, "", provider.environment(), trusted=True) as (editor, uri):
        for _ in range(3):  # editors ask again and again
            offered = [action.title for action in await actions(editor, uri) if not action.title.startswith("Refine")]
        await editor.code_action_resolve_async(await refining(editor, uri))
        made = commit(repo, "feat: let alpha return two, at last, and add new_alpha")

        async def told() -> Any:
            return await asyncio.to_thread(history, repo)

        found = await wait_for(
            told, lambda found: found["history"] and len(found["history"][0]["offers"]) > len(offered)
        )
    (only,) = found["history"]
    assert [(each["provider"], each["rank"]) for each in only["offers"]] == [
        *(("offline", rank) for rank in range(len(offered))),
        ("claude", 0),
    ]
    assert [each["message"].partition("\n")[0] for each in only["offers"][:-1]] == offered
    assert (only["commit"], only["fate"], only["taken"]) == (made, "edited", len(offered))
    assert 0 < only["survived"] < 1
    counts = {"commits": 1, "asIs": 0, "edited": 0, "notTaken": 1}
    edited = counts | {"edited": 1, "notTaken": 0}
    assert found["summary"] == edited | {"providers": {"claude": edited, "offline": counts}}


async def test_what_the_commands_answer_is_an_offer_too(repo: Repo, provider: Provider) -> None:
    provider.text = GOOD
    stage(repo, "alpha")
    async with session(repo.root, provider.environment(), trusted=True) as editor:
        offline = await generated(editor, repo, offline=True)
        params = types.ExecuteCommandParams("byline.refineCommitMessage", [{"root": str(repo.root)}])
        refined = await editor.workspace_execute_command_async(params)
    (only,) = history(repo)["history"]
    expected = [each["message"] for answer in (offline, refined) for each in answer["candidates"]]
    assert [each["message"] for each in only["offers"]] == expected
    assert (only["commit"], only["fate"], only["similarity"]) == (None, "open", None)


def test_what_was_offered_in_a_terminal(repo: Repo) -> None:
    assert byline(repo, "message", "--history")[1] == "Nothing was offered here lately.\n"
    stage(repo, "alpha")
    offered = byline(repo, "message", "--offline")[1]
    made = commit(repo, offered)
    stage(repo, "beta")
    assert byline(repo, "message", "--offline", BYLINE_COMMIT_HISTORY="false")[0] == 0
    commit(repo, "feat: something else")
    _, out, _ = byline(repo, "message", "--history")
    first, second, *_ = out.splitlines()
    assert first.endswith(f"  {made[:8]}  taken as is  {offered.strip()}")
    assert second == f"    ● {offered.strip()}  (offline)"
    assert "All: 1 commit: taken as is 100 %\n" in out
    assert "commit.history is false" in byline(repo, "message", "--history", BYLINE_COMMIT_HISTORY="false")[2]


@pytest.mark.parametrize("missing", ["a place for the journal", "leave to write the file"])
def test_where_nothing_can_be_kept_there_is_a_message(repo: Repo, tmp_path: Path, missing: str) -> None:
    stage(repo, "alpha")
    (tmp_path / "file").touch()
    if missing == "a place for the journal":
        (repo.root / ".git").chmod(0o555)
    else:
        (repo.root / ".git/byline/offers.lock").mkdir(parents=True)
    try:
        code, out, errors = byline(repo, "message", "--offline", XDG_STATE_HOME=str(tmp_path / "file"))
    finally:
        (repo.root / ".git").chmod(0o755)
    assert (code, errors) == (0, "")
    assert "alpha" in out


# --- the hook ---------------------------------------------------------------------------------------------------------


def test_the_hook_begins_a_message_and_goes_without_a_trace(repo: Repo) -> None:
    hook = repo.root / ".git/hooks/prepare-commit-msg"
    assert byline(repo, "message", "--install-hook")[0] == 0
    stage(repo, "alpha", add=False)
    repo.git("commit", "-qa", GIT_EDITOR="true")
    assert "alpha" in repo.git("log", "-1", "--format=%s")
    stage(repo, "beta")
    repo.git("commit", "-qm", "feat: mine")
    assert repo.git("log", "-1", "--format=%s") == "feat: mine"
    assert byline(repo, "message", "--uninstall-hook")[0] == 0
    assert not hook.exists()


@pytest.mark.parametrize("way", ["file", "link", "elsewhere"])
def test_somebody_elses_hook_stays(repo: Repo, way: str) -> None:
    hook = repo.root / ".git/hooks/prepare-commit-msg"
    hook.parent.mkdir(exist_ok=True)
    if way == "file":
        hook.write_text("#!/bin/sh\n")
    elif way == "link":
        hook.symlink_to("nowhere")
    else:
        repo.configure(core__hooksPath=".husky")
    for option in ("--install-hook", "--uninstall-hook"):
        code, _, errors = byline(repo, "message", option)
        assert code == 1
        assert errors.startswith("byline: ")
    assert os.path.lexists(hook) == (way != "elsewhere")
    assert not (repo.root / ".husky").exists()
