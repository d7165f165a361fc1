"""Whose the text of a change is.

`owners()` has a letter for each character: `.` base text, `h` and `g` people, `a` and `b` AI sessions, `u` unknown,
`t` a tool.
"""

from __future__ import annotations

import time
from textwrap import dedent

import pytest
from desk import Desk, Page

from byline.provenance.origin import Channel

BLOCK = dedent(
    """\
    def total(cart, rate):
        price = sum(item.price for item in cart)

        return price * (1 + rate)
    """
)
OTHER = dedent(
    """\
    def find_user(name):
        user = database.query(name).first()
        if user is None:
            raise UserNotFound(name)
        return user
    """
)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def type_in(page: Page, text: str, after: str = "", channel: Channel | None = Channel.TYPING) -> None:
    at = page.text.index(after) + len(after)
    for offset, letter in enumerate(text):
        place = page.position(at + offset)
        page.change(place, place, letter, "h", channel)


class TestTyping:
    @pytest.mark.parametrize("channel", [Channel.TYPING, None])
    def test_letters_in_a_line(self, desk: Desk, channel: Channel | None) -> None:
        page = desk.open("x = 1\n")
        type_in(page, "ab", after="x", channel=channel)
        assert page.owners() == [".hh....", ""]
        assert page.states() == ["human"]

    def test_enter_at_a_lines_end_leaves_it_its_break(self, desk: Desk) -> None:
        page = desk.open("a\nb\n", "ai", "ai")
        page.insert("\n", "h", Channel.TYPING, after="a")
        assert page.breaks() == ".h."
        assert page.states() == ["ai", "human", "ai"]

    def test_enter_with_indent(self, desk: Desk) -> None:
        page = desk.open("if a:\nb\n")
        page.insert("\n    ", "h", Channel.TYPING, after=":")
        assert page.owners() == [".....", "hhhh", ".", ""]
        assert page.breaks() == ".h."

    def test_enter_behind_a_blank_line(self, desk: Desk) -> None:
        page = desk.open("\nb\n", "ai", "ai")
        page.insert("\n", "h", Channel.TYPING)
        assert page.states() == ["ai", "human", "ai"]

    def test_enter_in_a_line_splits_it(self, desk: Desk) -> None:
        page = desk.open("a b\nc\n", "ai")
        page.insert("\n", "h", Channel.TYPING, after="a ")
        assert page.states() == ["ai", "ai", "unknown"]

    def test_enter_at_a_lines_start_pushes_it_down(self, desk: Desk) -> None:
        page = desk.open("a\nb\n", "ai", "ai")
        page.change((1, 0), (1, 0), "\n", "h", Channel.TYPING)
        assert page.states() == ["ai", "human", "ai"]

    def test_enter_at_the_end_of_a_text_without_a_final_break(self, desk: Desk) -> None:
        page = desk.open("a", "ai")
        page.insert("\nb", "h", after="a")
        assert page.states() == ["ai", "human"]

    @pytest.mark.parametrize("stop", ["\n", "\r\n", "\r"])
    def test_line_added_at_a_lines_end_takes_nobodys_break(self, desk: Desk, stop: str) -> None:
        page = desk.open(f"a{stop}{stop}b{stop}", "human", "human", "human")
        page.insert(f"{stop}new", "a", Channel.AGENT, after=f"a{stop}")
        assert page.text == f"a{stop}{stop}new{stop}b{stop}"
        assert page.states() == ["human", "human", "ai", "human"]

    def test_deleting_a_line_from_the_end_of_the_one_before_leaves_that_its_break(self, desk: Desk) -> None:
        page = desk.open("a\n", "ai")
        page.insert("b\n", "h", after="a\n")
        page.delete("\nb", "h", Channel.TYPING)
        assert page.breaks() == "."

    def test_what_is_typed_again_is_the_persons(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert(BLOCK, "a", Channel.AGENT)
        page.delete("price = sum", "h", Channel.TYPING)
        type_in(page, "price = sum", after="    ")
        assert page.owners()[1] == "aaaa" + "h" * 11 + "a" * 29

    @pytest.mark.parametrize(("channel", "author"), [(Channel.TYPING, "h"), (Channel.SNIPPET, "h"), (None, "a")])
    def test_letter_put_back_in_its_place(self, desk: Desk, channel: Channel | None, author: str) -> None:
        page = desk.open("")
        page.insert("limit = 25\n", "a", Channel.AGENT)
        page.delete("5", "h", Channel.TYPING)
        page.insert("5", "h", channel, after="2")
        assert page.owners()[0] == "a" * 9 + author

    def test_joining_lines_touches_none(self, desk: Desk) -> None:
        page = desk.open("a\n  b\n", "ai", "ai")
        page.delete("\n  ", "h", Channel.TYPING)
        assert page.states() == ["ai"]


class TestOnlyWhatDiffers:
    def test_equal_text_changes_nothing(self, desk: Desk) -> None:
        page = desk.open("x = 1\n")
        assert page.rewrite("x = 1\n", "a").splices == []

    def test_one_word_of_a_line(self, desk: Desk) -> None:
        page = desk.open("limit = 10\n", "human")
        page.rewrite("limit = 25\n", "a", Channel.AGENT)
        assert page.owners() == ["........aa", ""]
        assert page.states() == ["ai_modified"]

    def test_whole_file_from_a_client_that_knows_no_better(self, desk: Desk) -> None:
        page = desk.open(f"{BLOCK}\n{OTHER}")
        page.rewrite(f"{BLOCK}\n# new\n{OTHER.replace('user is None', 'not user')}", "u")
        changed = [i for i, owners in enumerate(page.owners()) if set(owners) - {"."}]
        assert [page.document.lines[i] for i in changed] == ["# new\n", "    if not user:\n"]

    def test_rewritten_block_keeps_no_return_of_its_own(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert(BLOCK, "h")
        page.rewrite(OTHER, "a", Channel.AGENT)
        assert page.states() == ["ai"] * 5

    def test_line_added_in_the_middle_of_a_block(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert("f(\n    a,\n    b,\n)\n", "a", Channel.AGENT)
        page.insert("    human_arg,\n", "h", after="a,\n")
        assert page.states() == ["ai", "ai", "human", "ai", "ai"]

    def test_brace_of_the_second_function_is_its_own(self, desk: Desk) -> None:
        page = desk.open("fn f() {\n    1\n}\n")
        page.rewrite(f"{page.text}\nfn g() {{\n    2\n}}\n", "a", Channel.AGENT)
        assert page.states() == ["unknown"] * 3 + ["ai"] * 4

    @pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\nb", "a\fb\u2028c\rd\n", "\n\n\n", "\r\r\n"])
    def test_from_and_to_nothing(self, desk: Desk, text: str) -> None:
        page = desk.open("")
        page.rewrite(text, "a")
        page.rewrite("", "h")
        assert page.document.lines == [""]
        assert page.tombstones() == []


class TestFormatting:
    """Nobody's text changes hands by it, whoever formats and whatever the client says."""

    CASES = (
        ("f(a, b, c)\n", "f(\n    a,\n    b,\n    c,\n)\n"),
        ("f(\n    a,\n    b,\n    c,\n)\n", "f(a, b, c)\n"),
        ("if a:\n  b\n", "if a:\n    b\n"),
        ("\tb\n", "    b\n"),
        ("a   \nb\t\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("a\nb\n", "a\r\nb\r\n"),
        ("a\nb", "a\nb\n"),
        ("a;b\n", "a; b\n"),
        ("x = {'a':1}\n", 'x = {"a": 1}\n'),
    )

    @pytest.mark.parametrize("channel", [Channel.FORMAT, Channel.AGENT, Channel.OTHER, None])
    @pytest.mark.parametrize(("before", "after"), CASES)
    @pytest.mark.parametrize("author", ["h", "a"])
    def test_owners_stay(self, desk: Desk, before: str, after: str, channel: Channel | None, author: str) -> None:
        page = desk.open("")
        page.insert(before, author)
        page.rewrite(after, "b" if channel is Channel.AGENT else "u", channel)
        assert set(page.states()) == {"ai" if author == "a" else "human"}
        letters = {
            o
            for line, owners in zip(page.document.lines, page.owners(), strict=True)
            for c, o in zip(line, owners, strict=False)
            if c.isalnum()
        }
        assert letters == {author}

    def test_trailing_comma_touches_nothing(self, desk: Desk) -> None:
        page = desk.open("f(a)\n", "ai")
        page.insert(",", "h", Channel.TYPING, after="a")
        assert page.states() == ["ai"]

    def test_long_file_indented_anew(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert("".join(f"if a{i}: call(b{i},c{i})\n" for i in range(3_000)), "h")
        page.rewrite("".join(f"if a{i}:\n    call(b{i}, c{i})\n" for i in range(3_000)), "a", Channel.AGENT)
        assert set(page.states()) == {"human"}


class TestTools:
    """What a tool writes is whose the text was that it replaced, else its line's."""

    def test_renamed(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert("limit = ", "h")
        page.insert("compute(limit)", "a", Channel.AGENT, after="= ")
        page.replace("limit", "maximum", "t", Channel.REFACTOR)
        page.replace("compute", "calculate", "t", Channel.REFACTOR)
        assert page.owners() == ["h" * 10 + "a" * 16]
        assert page.tombstones() == []

    def test_added_to_a_line(self, desk: Desk) -> None:
        page = desk.open("x = 1\n", "ai")
        page.insert(": int", "t", Channel.REFACTOR, after="x")
        assert page.owners()[0] == ".........."
        assert page.states() == ["ai"]

    def test_indent_does_not_make_an_heir(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert("x = 1\n", "h")
        page.insert(" " * 20, "a", Channel.AGENT)
        page.insert(": int", "t", Channel.REFACTOR, after="x")
        assert page.owners()[0] == "a" * 20 + "h" * 10

    def test_most_letters_make_the_heir_and_not_the_longest_span(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert("a = ((((((((b))))))))", "h")
        page.replace("a", "first_name", "a", Channel.AGENT)
        page.insert(" # ok", "t", Channel.FORMAT, after="b))))))))")
        assert page.owners()[0].endswith("aaaaa")

    def test_alone_it_is_unknown(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert("import os\n", "t", Channel.REFACTOR)
        assert page.states() == ["unknown"]

    def test_what_it_moves_is_whose_it_was(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert(BLOCK, "a", Channel.AGENT)
        page.insert(OTHER, "h", after=BLOCK)
        page.delete(BLOCK, "t", Channel.REFACTOR)
        page.insert(f"\n{BLOCK}", "t", Channel.REFACTOR, after=OTHER)
        assert page.states() == ["human"] * 5 + ["ai"] * 5


class TestTombstones:
    def test_another_kinds_text_leaves_one(self, desk: Desk) -> None:
        page = desk.open("f(one, two)\n", "ai")
        page.delete(", two", "h", Channel.TYPING)
        assert page.tombstones() == ["h/."]
        assert page.states() == ["ai_modified"]

    @pytest.mark.parametrize(("noted", "deleter"), [("ai", "a"), ("ai_modified", "b"), ("human", "h")])
    def test_ones_own_kinds_text_leaves_none(self, desk: Desk, noted: str, deleter: str) -> None:
        page = desk.open("f(one, two)\n", noted)
        page.delete(", two", deleter)
        assert page.tombstones() == []
        assert page.states() == [noted]

    @pytest.mark.parametrize("gone", ["f(one, two)", "f(one, two)\n", "a\nf(one, two)\n"])
    def test_whole_line_leaves_none(self, desk: Desk, gone: str) -> None:
        page = desk.open("a\nf(one, two)\nb\n", "ai", "ai", "ai")
        page.delete(gone, "h")
        assert page.tombstones() == []

    @pytest.mark.parametrize("gone", ["(", ",", ";", "  ", '"'])
    def test_punctuation_and_white_space_leave_none(self, desk: Desk, gone: str) -> None:
        page = desk.open('f  (one, "two");\n', "ai")
        page.delete(gone, "h")
        assert page.tombstones() == []
        assert page.states() == ["ai"]

    def test_ends_of_a_deletion_over_lines_leave_one_each(self, desk: Desk) -> None:
        page = desk.open("one two\nthree\nfour five\n", "ai", "ai", "ai")
        page.replace(" two\nthree\nfour", "\n", "h")
        assert page.tombstones() == ["h/.", "h/."]
        assert page.states() == ["ai_modified", "ai_modified"]

    @pytest.mark.parametrize("channel", [Channel.UNDO, Channel.REDO, Channel.RELOAD, Channel.FORMAT])
    def test_undo_redo_reload_and_formatting_leave_none(self, desk: Desk, channel: Channel) -> None:
        page = desk.open("f(one, two)\n", "ai")
        page.delete(", two", "u", channel)
        assert page.tombstones() == []

    @pytest.mark.parametrize("channel", [Channel.UNDO, None])
    def test_gone_when_the_text_comes_back(self, desk: Desk, channel: Channel | None) -> None:
        page = desk.open("f(one, two)\n", "ai")
        page.undo(page.delete(", two", "h"), channel)
        assert page.tombstones() == []
        assert page.states() == ["ai"]

    def test_word_deleted_letter_by_letter_leaves_one(self, desk: Desk) -> None:
        page = desk.open("limit = 10\n", "ai")
        for end in range(10, 7, -1):
            page.change((0, end - 1), (0, end), "", "h", Channel.TYPING)
        assert page.tombstones() == ["h/."]

    def test_trace_survives_a_deletion_across_it(self, desk: Desk) -> None:
        page = desk.open("alpha beta gamma delta\n", "ai")
        page.delete(" beta", "h")
        page.delete("ha ga", "h")
        assert page.text == "alpmma delta\n"
        assert page.states() == ["ai_modified"]

    def test_replacement_of_a_replacement_leaves_the_last_word(self, desk: Desk) -> None:
        page = desk.open("limit = default\n", "human")
        page.replace("default", "fallback", "a", Channel.AGENT)
        assert page.states() == ["ai_modified"]
        page.replace("fallback", "standard", "h", Channel.TYPING)
        assert page.states() == ["human"]


class TestComingBack:
    @pytest.mark.parametrize("told", [True, False])
    @pytest.mark.parametrize("gone", [BLOCK, "price * (1 + rate)", "    return price"])
    def test_undo_of_a_deletion(self, desk: Desk, told: bool, gone: str) -> None:
        page = desk.open("")
        page.insert(BLOCK, "a", Channel.AGENT)
        page.insert("# mine\n", "h")
        before = list(page.document.marks)
        done = page.delete(gone, "h")
        undone = page.undo(done, Channel.UNDO if told else None)
        assert page.document.marks == before
        redone = page.redo(undone, Channel.REDO if told else None)
        page.undo(redone, Channel.UNDO if told else None)
        assert page.document.marks == before

    @pytest.mark.parametrize("told", [True, False])
    def test_undo_and_redo_of_an_ais_edit(self, desk: Desk, told: bool) -> None:
        page = desk.open("x = compute(limit)\nprint(x)\n", "human", "human")
        done = page.replace("compute(limit)", "remember(compute, limit)", "a", Channel.AGENT)
        after = page.owners()
        undone = page.undo(done, Channel.UNDO if told else None)
        assert page.states() == ["human", "human"]
        page.redo(undone, Channel.REDO if told else None)
        assert page.owners() == after
        assert page.states() == ["ai_modified", "human"]

    def test_undo_in_parts_of_what_went_as_one(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert("limit = default(10)\n", "a", Channel.AGENT)
        for end in range(18, 14, -1):
            page.change((0, end - 1), (0, end), "", "h", Channel.TYPING)
        for place in range(14, 18):
            page.change((0, place), (0, place), "limit = default(10)"[place], "u", Channel.UNDO)
        assert page.owners()[0] == "a" * 19

    def test_undo_of_unknown_text_makes_no_owner(self, desk: Desk) -> None:
        page = desk.open("a\n")
        page.insert("never seen before, by anyone at all\n", "u", Channel.UNDO, after="a\n")
        assert page.states()[1] == "unknown"

    def test_undo_takes_the_text_of_its_place(self, desk: Desk) -> None:
        mine, its = desk.open("x = 1\n", "human"), desk.open("y = 1\n", "ai")
        mine_gone = mine.delete("1", "h")
        its.delete("1", "h")
        mine.undo(mine_gone)
        assert mine.states() == ["human"]
        assert mine.tombstones() == []

    @pytest.mark.parametrize("channel", [Channel.PASTE, None])
    def test_cut_and_paste_in_one_document(self, desk: Desk, channel: Channel | None) -> None:
        page = desk.open(OTHER)
        page.insert(BLOCK, "a", Channel.AGENT)
        page.delete(BLOCK, "h")
        page.insert(BLOCK, "u", channel, after="return user\n")
        assert page.states()[5:] == ["ai"] * 4

    def test_cut_and_paste_across_documents(self, desk: Desk) -> None:
        source, target = desk.open(""), desk.open("x\n")
        source.insert(BLOCK, "a", Channel.AGENT)
        source.delete(BLOCK, "h")
        target.insert(f"\n{BLOCK}", "u", Channel.PASTE, after="x")
        assert target.states() == ["unknown", *["ai"] * 5]

    @pytest.mark.parametrize("text", ["}\n", "return None\n", "    x += 1\n"])
    def test_common_text_is_not_recognised_elsewhere(self, desk: Desk, text: str) -> None:
        source, target = desk.open(""), desk.open("x\n")
        source.insert(text, "a", Channel.AGENT)
        source.delete(text, "h")
        target.insert(text, "u", Channel.PASTE, after="x\n")
        assert target.states()[1] == "unknown"

    def test_copy_is_unknown(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert(BLOCK, "a", Channel.AGENT)
        page.insert(BLOCK, "u", Channel.PASTE, after=BLOCK)
        assert page.states()[4:] == ["unknown"] * 4

    def test_ai_moves_a_persons_block(self, desk: Desk) -> None:
        page = desk.open(OTHER)
        page.insert(BLOCK, "h")
        page.delete(BLOCK, "a", Channel.AGENT)
        page.insert(BLOCK, "a", Channel.AGENT, after="return user\n")
        assert page.states()[5:] == ["human"] * 4

    @pytest.mark.parametrize("channel", [Channel.AGENT, None])
    def test_block_moved_within_one_change(self, desk: Desk, channel: Channel | None) -> None:
        page = desk.open("")
        page.insert(f"{BLOCK}\n\n", "h")
        page.insert(OTHER, "g", after="\n\n\n")
        page.rewrite(f"{OTHER}\n\n{BLOCK}", "a", channel)
        solid = [state for state, line in zip(page.states(), page.document.lines, strict=False) if line.strip()]
        assert set(solid) == {"human"}

    def test_ai_that_writes_an_ais_text_again_is_its_author(self, desk: Desk) -> None:
        page = desk.open("")
        page.undo(page.insert(BLOCK, "a", Channel.AGENT))
        page.insert(BLOCK, "b", Channel.AGENT)
        assert set("".join(page.owners())) == {"b"}

    def test_reload_to_what_was_there(self, desk: Desk) -> None:
        page = desk.open("")
        page.insert(BLOCK, "a", Channel.AGENT)
        before = page.owners()
        page.rewrite(OTHER, "u", Channel.RELOAD)
        assert page.states() == ["unknown"] * 5
        page.rewrite(BLOCK, "u", Channel.RELOAD)
        assert page.owners() == before


class TestStrangeLines:
    @pytest.mark.parametrize("stop", ["\f", "\u2028", "\x85", "\v", "\x1c"])
    def test_what_python_takes_for_a_line_break_is_none(self, desk: Desk, stop: str) -> None:
        page = desk.open(f"a{stop}b\nc\n", "ai", "human")
        page.replace("b", "x", "h", Channel.TYPING)
        assert page.owners() == ["..h", ".", ""]

    def test_lone_carriage_return_ends_a_line(self, desk: Desk) -> None:
        page = desk.open("a\rb\n", "ai", "human")
        page.change((1, 0), (1, 1), "x", "h")
        assert page.owners() == [".", "h", ""]

    def test_carriage_return_and_line_feed_that_meet_are_one_break(self, desk: Desk) -> None:
        page = desk.open("a\rb\nc\n")
        page.delete("b", "h")
        assert page.document.lines == ["a\r\n", "c\n", ""]
        page.insert("b", "h", after="a")
        assert page.owners() == [".h", ".", ""]


class TestSize:
    """Bounds with much room, so that only what grows faster than the text can break them."""

    def test_two_megabytes_in_one_line(self, desk: Desk) -> None:
        page = desk.open("x = [" + "1, " * 700_000 + "]\n")
        started = time.process_time()
        page.change((0, 1_000_000), (0, 1_000_000), "y", "h", Channel.TYPING)
        assert time.process_time() - started < 1
        started = time.process_time()
        page.rewrite("x = [" + "2, " * 700_000 + "]\n", "a", Channel.AGENT)
        assert time.process_time() - started < 10

    def test_sixty_thousand_lines_replaced(self, desk: Desk) -> None:
        old = [f"value_{i} = compute({i % 97})\n" for i in range(60_000)]
        page = desk.open("".join(old))
        new = [line.replace("compute", "calculate") if i % 10 == 0 else line for i, line in enumerate(old)]
        started = time.process_time()
        page.rewrite("".join(new), "a", Channel.AGENT)
        assert time.process_time() - started < 20
        assert page.owners()[0] == "." * 10 + "a" * 9 + "..."
        assert page.owners()[1] == "." * 20
