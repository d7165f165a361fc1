from __future__ import annotations

import random
from math import isclose

import pytest
from stories import past, style

from byline.commit_messages.style.features import path_features
from byline.commit_messages.style.habits import Habits
from byline.commit_messages.style.scopes import NONE, Scopes
from byline.commit_messages.style.softmax import Softmax
from byline.commit_messages.style.style import Style
from byline.commit_messages.style.verbs import Mood, inflected, mood_of
from byline.git.history import PastFile

ANN = "Ann <ann@example.org>"
HISTORY = (
    past("feat(parser): add loops", "src/parser/loops.py", "tests/test_loops.py"),
    past("fix(parser): correct loops", "src/parser/loops.py"),
    past("docs: explain loops", "docs/loops.md"),
    past("ci: run on Mondays", ".github/workflows/ci.yml"),
    past("fix(writer): close files", "src/writer/files.py"),
)


def files(*paths: str) -> list[PastFile]:
    return [PastFile(path, "M") for path in paths]


@pytest.mark.parametrize(
    ("path", "type_", "scope"),
    [
        ("docs/loops.md", "docs", NONE),
        ("docs/new.md", "docs", NONE),
        (".github/workflows/other.yml", "ci", NONE),
        ("src/writer/files.py", "fix", "writer"),
    ],
)
def test_what_files_were_before_they_are_again(path: str, type_: str, scope: str) -> None:
    learned = style(*HISTORY, times=20)
    types = learned.type_odds(files(path), ANN, {})
    assert next(iter(types)) == type_
    assert isclose(sum(types.values()), 1.0)
    assert next(iter(learned.scope_odds(files(path), {type_: 1.0}))) == scope


@pytest.mark.parametrize(
    ("path", "scope"),
    [("packages/{}/index.ts", "{}"), ("core/services/{}/lib.rs", "services/{}"), ("in/a/{}.go", "in.{}")],
)
def test_a_scope_that_is_made_of_parts_of_the_path_is_understood_in_a_new_package(path: str, scope: str) -> None:
    scopes = Scopes()
    for name in ("alpha", "beta", "gamma", "delta", "epsilon"):
        for _ in range(4):
            scopes.remember(files(path.format(name)), "fix", scope.format(name))
    odds = scopes.odds(files(path.format("omega")), {"fix": 1.0})
    assert max(odds, key=lambda found: odds[found]) == scope.format("omega")


def test_several_files_have_the_scope_that_they_had_together() -> None:
    together = past("fix(both): change", "a/one.py", "b/two.py")
    apart = (past("fix(a): change", "a/one.py"), past("fix(b): change", "b/two.py"))
    learned = style(*apart, *apart, together, *apart, *apart, together)
    assert next(iter(learned.scope_odds(together.files, {"fix": 1.0}))) == "both"
    for commit, scope in zip(apart, ("a", "b"), strict=True):
        odds = learned.scope_odds(commit.files, {"fix": 1.0})
        assert next(iter(odds)) == scope
        assert isclose(sum(odds.values()), 1.0)


def test_only_allowed_types_are_likely() -> None:
    odds = style(*HISTORY, times=20).type_odds(files("docs/a.md"), ANN, {}, ("feat", "fix"))
    assert set(odds) == {"feat", "fix"}


def test_a_repository_without_a_history_has_the_usual_types() -> None:
    odds = Style(()).type_odds(files("README.md"), ANN, {"always": 1.0, "only docs": 1.0, "kinds docs": 1.0})
    assert next(iter(odds)) == "docs"
    assert {"feat", "fix", "chore"} <= set(odds)


@pytest.mark.parametrize(
    "commit",
    [
        past("chore(deps): update all", "a.py", author="renovate[bot] <bot@renovate.com>"),
        past("Merge branch 'main'", "a.py"),
        past("fixup! feat: a", "a.py"),
        past("not conventional", "a.py"),
        past("feat: nothing"),
    ],
    ids=["a program's", "a merge", "a fix-up", "another form", "without files"],
)
def test_what_teaches_nothing(commit: object) -> None:
    assert style(commit).taught == ()  # type: ignore[arg-type]


def test_learning_is_deterministic_and_knows_how_sure_it_is() -> None:
    chance = random.Random(3)
    examples = []
    for _ in range(300):
        type_ = chance.choice(["feat", "fix"])
        folder = type_ if chance.random() < 0.8 else "both"
        examples.append((path_features(files(f"{folder}/{chance.randrange(40)}.py"), ANN), type_))
    first, second = (Softmax.learned(examples, ["feat", "fix"]) for _ in range(2))
    assert first == second
    sure = first.log_odds(path_features(files("fix/1.py"), ANN))
    unsure = first.log_odds(path_features(files("both/1.py"), ANN))
    assert sure["fix"] > unsure["fix"] > sure["feat"]


@pytest.mark.parametrize(
    ("subjects", "wanted"),
    [
        (["feat: add a", "fix(x): correct b"], {"conventional": True, "capitalised": False, "mood": Mood.IMPERATIVE}),
        (["Add a thing", "Fix the other"], {"conventional": False, "capitalised": True, "full_stop": False}),
        (["Added a thing.", "Fixed the other."], {"mood": Mood.PAST, "full_stop": True}),
        (["Adds a thing", "Fixes the other"], {"mood": Mood.PRESENT}),
        (["Adding a thing", "Fixing the other"], {"mood": Mood.ONGOING}),
        (["✨ add a", "🐛 fix b"], {"capitalised": False, "mood": Mood.IMPERATIVE}),
        (["ABC-1 add a", "ABC-2 fix b"], {"key_first": True}),
        (["Add\n\nSigned-off-by: A <a@b>"] * 2, {"trailers": ("Signed-off-by",), "bodies": 0.0}),
        (["Add\n\nBecause.\n\nRefs: ABC-1"] * 2, {"key_trailer": "Refs", "bodies": 1.0}),
    ],
)
def test_habits(subjects: list[str], wanted: dict[str, object]) -> None:
    habits = Habits.of(subjects * 10)
    assert {name: getattr(habits, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("subjects", "known"),
    [
        (["feat: add a", "fix: mend b"], False),
        (["feat: add a", "fix: mend b", "docs: explain"], True),
        (["feat: add a", "fix: mend b", "More"], False),
        (["feat: add a", "fix: mend b", "core: more"], False),
        (["feat: add a", "fix: mend b", "docs: explain", "feat: add c", "chore: d"], True),
        (["feat: add a", "fix: mend b", "docs: explain", "More", "And more"], True),
        (["feat: add a", "fix: mend b", "More", "And more", "More still"], False),
    ],
)
def test_few_messages_show_whether_there_are_types(subjects: list[str], known: bool) -> None:
    habits = Habits.of(subjects)
    assert (habits.conventional, habits.capitalised) == (known, not known)


def test_too_few_messages_show_no_habit() -> None:
    assert Habits.of(["Added a thing."] * 3) == Habits()


@pytest.mark.parametrize(
    ("verb", "mood", "form"),
    [
        ("add", Mood.PAST, "added"),
        ("remove", Mood.PAST, "removed"),
        ("drop", Mood.PAST, "dropped"),
        ("tidy", Mood.PRESENT, "tidies"),
        ("fix", Mood.PRESENT, "fixes"),
        ("update", Mood.IMPERATIVE, "update"),
        ("reformat", Mood.PAST, "reformatted"),
        ("format", Mood.PAST, "formatted"),
        ("format", Mood.PRESENT, "formats"),
        ("convert", Mood.PAST, "converted"),
        ("extend", Mood.PAST, "extended"),
        ("plug", Mood.PAST, "plugged"),
        ("strip", Mood.PAST, "stripped"),
        ("fix", Mood.PAST, "fixed"),
        ("mark", Mood.PAST, "marked"),
        ("show", Mood.PAST, "showed"),
        ("clean", Mood.PAST, "cleaned"),
        ("support", Mood.PAST, "supported"),
        ("transfer", Mood.PAST, "transferred"),
        ("simplify", Mood.PAST, "simplified"),
        ("switch", Mood.PRESENT, "switches"),
        ("make", Mood.PAST, "made"),
        ("make", Mood.ONGOING, "making"),
        ("reformat", Mood.ONGOING, "reformatting"),
        ("add", Mood.ONGOING, "adding"),
        ("drop", Mood.ONGOING, "dropping"),
        ("run", Mood.ONGOING, "running"),
        ("extend", Mood.ONGOING, "extending"),
        ("tidy", Mood.ONGOING, "tidying"),
    ],
)
def test_verbs(verb: str, mood: Mood, form: str) -> None:
    assert inflected(verb, mood) == form
    assert mood_of(form) is mood


def test_the_nearest_commits_are_those_of_the_same_files() -> None:
    learned = style(*HISTORY)
    assert [commit.message for commit in learned.nearest(files("docs/loops.md"), 1)] == ["docs: explain loops"]
    assert learned.last_types(files("src/parser/loops.py", "docs/loops.md", "new.py")) == {"feat": 1, "docs": 1}


FEATURES = style(past("feature: base", "a.py"))
NEW = {"always": 1.0, "only source": 1.0, "has source": 1.0, "source only added": 1.0, "symbols only added": 1.0}


@pytest.mark.parametrize(
    ("known", "allowed", "wanted"),
    [
        (style(past("FEAT: base", "a.py")), ["DOCS", "FEAT", "FIX"], ["FEAT", "FIX", "DOCS"]),
        (FEATURES, ["feature", "bugfix", "documentation"], ["feature", "bugfix", "documentation"]),
        (FEATURES, ["documentation", "bugfix", "feature"], ["feature", "bugfix", "documentation"]),
        (Style(()), ["Docs", "Bug", "Enhancement"], ["Enhancement", "Bug", "Docs"]),
        (Style(()), ["zulu", "alpha", "mike"], ["zulu", "alpha", "mike"]),
        (style(past("mike: x", "a.py"), past("mike: y", "a.py"), past("alpha: z", "a.py")),
         ["zulu", "alpha", "mike"], ["mike", "alpha", "zulu"]),
        (Style(()), ["user-story", "bugfix", "epic"], ["bugfix", "user-story", "epic"]),
        (style(past("bug: x", "a.py"), past("fix: y", "a.py"), past("bug: z", "a.py")),
         ["fix", "bug"], ["bug", "fix"]),
    ],
)  # fmt: skip
def test_types_by_other_names_are_those_that_they_stand_for(
    known: Style, allowed: list[str], wanted: list[str]
) -> None:
    odds = known.type_odds(files("a.py"), ANN, NEW, allowed)
    assert list(odds) == wanted
    assert isclose(sum(odds.values()), 1.0)


def test_a_young_repository_keeps_its_own_names_for_types() -> None:
    odds = style(past("feature: base", "a.py"), past("bugfix: a", "a.py"), times=2).type_odds(files("a.py"), ANN, NEW)
    assert next(iter(odds)) == "feature"
    assert {"bugfix", "docs"} <= odds.keys()
    assert not {"feat", "fix"} & odds.keys()


@pytest.mark.parametrize("times", [1, 4, 12])
def test_in_a_young_history_a_new_function_is_a_feature(times: int) -> None:
    for types in (("feat",), ("feat", "fix"), ("fix", "docs", "feat")):
        young = style(*(past(f"{type_}: change", "src/app.py") for type_ in types), times=times)
        assert next(iter(young.type_odds(files("src/app.py"), ANN, NEW))) == "feat"
