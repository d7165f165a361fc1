from __future__ import annotations

import pytest

from byline.agents.prompts import own_words, own_words_of_parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  add logging\n", "add logging"),
        ("", None),
        (None, None),
        ("use a < b here", "use a < b here"),
        ("<user_query>\nadd logging\n</user_query>", "add logging"),
        ("<attachments>\n<attachment id='a'>x</attachment>\n</attachments>\n<userRequest>\nadd\n</userRequest>", "add"),
        ("<task>\nadd logging\n</task>\n<environment_details>x</environment_details>", "add logging"),
        ("<system-reminder>a</system-reminder>add<system-reminder>b</system-reminder> logging", "add logging"),
        ("<session_context>\nThis is …\n</session_context>", None),
        ("<task-notification>done</task-notification>", None),
        ("<local-command-stdout></local-command-stdout>", None),
        ("<command-name>/clear</command-name><command-args></command-args>", "/clear"),
        ("<command-name>/fix</command-name>\n<command-args>the tests\nplease</command-args>", "/fix the tests\nplease"),
        ("[Request interrupted by user for tool use]", None),
        ("This session is being continued from a previous conversation that ran out", None),
        ("# AGENTS.md instructions for /repo\n\n<INSTRUCTIONS>", None),
        ("x" * 200_001, None),
    ],
)
def test_one_text(text: str | None, expected: str | None) -> None:
    assert own_words(text) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("add", "add"),
        ([{"type": "text", "text": "<ide_selection>x</ide_selection>"}, {"type": "text", "text": "add"}], "add"),
        ([{"text": "add"}, {"inlineData": {"data": "x"}}, "loose", {"text": 3}], "add"),
        ([{"type": "tool_result", "content": "x"}], None),
        ({"text": "add"}, None),
        (None, None),
    ],
)
def test_parts(content: object, expected: str | None) -> None:
    assert own_words_of_parts(content) == expected
