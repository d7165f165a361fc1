"""A repository's rules in a commit buffer: those that cannot be read, and fixes of what is only begun."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types

from e2e.test_commit_messages import actions, applied, buffer, diagnostics, document, repo
from support.client import DEADLINE
from support.repo import Repo

__all__ = ["repo"]


async def test_a_configuration_that_cannot_be_read_is_said_in_the_buffer(repo: Repo) -> None:
    repo.write(".commitlintrc.json", '{"extends": ["gitmoji"]}')
    async with buffer(repo, "") as (editor, uri):
        (shown,) = await diagnostics(editor, uri, lambda codes: "configuration" in codes)
        assert (shown.source, shown.severity) == ("byline", types.DiagnosticSeverity.Information)
        assert shown.range.start == types.Position(0, 0)
        assert "`gitmoji` is not checked" in shown.message
        messages = [action for action in await actions(editor, uri) if action.edit]
        assert messages
        assert all(": " in action.title for action in messages)


async def test_one_action_mends_all_that_it_mends(repo: Repo) -> None:
    async with buffer(repo, "Fix: repair alpha") as (editor, uri):
        await diagnostics(editor, uri, lambda codes: {"type-case", "type-enum"} <= codes)
        found = [action for action in await actions(editor, uri) if action.title == "Write `fix`"]
        assert [[each.code for each in action.diagnostics or ()] for action in found] == [["type-case", "type-enum"]]
        assert found[0].is_preferred


@pytest.mark.parametrize(("begun", "whole"), [("docs(", "docs: …"), ("feat:", "feat: …"), (": x", "feat: x")])
async def test_what_is_only_begun_is_mended(repo: Repo, begun: str, whole: str) -> None:
    async with buffer(repo, begun) as (editor, uri):
        await diagnostics(editor, uri, lambda codes: "type-empty" in codes)
        fixes = [action for action in await actions(editor, uri) if action.diagnostics]
        assert applied(editor, uri, fixes[0]).startswith(f"{whole}\n#")
        await diagnostics(editor, uri, lambda codes: not codes)


async def test_the_committer_is_known_to_completion(repo: Repo) -> None:
    async with buffer(repo, "fix: x\n\nSigned-off-by: ") as (editor, uri):
        params = types.CompletionParams(document(uri), types.Position(2, 15))
        found = await asyncio.wait_for(editor.text_document_completion_async(params), DEADLINE)
        assert isinstance(found, types.CompletionList)
        assert [item.label for item in found.items] == ["{} <{}>".format(*repo_committer(repo))]
        comment = types.CompletionParams(document(uri), types.Position(4, 1))
        found = await asyncio.wait_for(editor.text_document_completion_async(comment), DEADLINE)
        assert isinstance(found, types.CompletionList)
        assert not found.items


def repo_committer(repo: Repo) -> tuple[str, str]:
    name, _, mail = repo.git("var", "GIT_COMMITTER_IDENT").partition(" <")
    return name, mail.partition(">")[0]
