"""A thousand made-up credentials of all kinds, in all surroundings, as added and as deleted lines: none is missed."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

import byline
from byline.privacy import redact
from byline.privacy.engine import Words
from byline.privacy.patterns import PATTERNS
from support.credentials import credentials
from support.leaks import Lookout
from support.surroundings import planted

COUNT = 1_000
SEEDS = range(40 if os.environ.get("BYLINE_FUZZ") else 2)
SIGNS = ("", "+", "-")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sign", SIGNS)
def test_nothing_planted_is_missed(seed: int, sign: str) -> None:
    made = planted(credentials(COUNT, seed), seed)
    texts = ["".join(f"{sign}{line}\n" for line in plant.text.splitlines()) for plant in made]
    missed = [
        text
        for plant, text in zip(made, map(redact, texts), strict=True)
        if any(piece in text.text for piece in plant.credential.telling())
    ]
    assert missed == []


def test_in_one_text_as_in_many() -> None:
    made = planted(credentials(COUNT, 0), 0)
    clean = redact("".join(f"{plant.text}\nbetween the two\n\n" for plant in made))
    assert Lookout(plant.credential for plant in made).seen_in(clean.text) == {}
    assert clean.text.count("between the two") == COUNT
    assert redact(clean.text).count == 0


TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"

SPLIT = [
    'KEY = (\n    "{}"\n    "{}"\n)',
    "key = '{}' \\\n    '{}'",
    'key = "{}" +\n  "{}";',
    'key = "{}"\n  + "{}";',
    "$key = '{}' .\r\n  '{}';",
    "export KEY={}\\\n{}",
    "key: >-\n  {}\n  {}\nnext: 1",
    "key: |\r\n    {}\r\n    {}\r\n",
]


@pytest.mark.parametrize("around", SPLIT)
@pytest.mark.parametrize("at", [8, 20, 32])
def test_a_token_over_two_lines_is_seen_whole(around: str, at: int) -> None:
    text = around.format(TOKEN[:at], TOKEN[at:])
    clean = redact(text).text
    assert TOKEN[:at] not in clean
    assert TOKEN[at:] not in clean
    assert clean.count("\n") == text.count("\n")  # whoever counts lines still finds them


BLOCKS = [
    "words: |\n  an ordinary sentence\n  of two lines\n",
    'message = (\n    "the token is read from "\n    "the environment"\n)',
    "run: >-\n  pytest\n  --quiet\n",
    "make all \\\n  install \\\n  clean",
]


@pytest.mark.parametrize("text", BLOCKS)
def test_ordinary_text_over_several_lines_stays(text: str) -> None:
    assert redact(text).text == text


HOSTILE = ['"\n"', "\\\n", ": >-\n aaaa\n", '= (\n"', '"S' + "K" + "0f1e2d3c" * 4 + 'pu"\n"l-' + "0f1e2d3c" * 2 + '"\n']


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_where_lines_go_on(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        redact(text)
        return time.process_time() - start

    small, large = min(seconds(10_000) for _ in range(3)), min(seconds(80_000) for _ in range(2))
    assert large < 28 * small + 0.05, f"{small * 1e3:.1f} ms for 10 KB, {large * 1e3:.1f} ms for 80 KB"


def test_words_are_found_whatever_their_case_and_wherever_they_stand() -> None:
    """The one pass over a text finds what looking for each word finds: else its pattern would never be tried."""
    words = sorted({word for pattern in PATTERNS for word in pattern.words})
    automaton = Words(words)
    chance = random.Random(1)
    for _ in range(300):
        pieces = chance.choices(words, k=chance.randrange(6)) + chance.choices(["x", "\n", "«", "ghp", "Ke"], k=4)
        chance.shuffle(pieces)
        text = "".join(chance.choice((str.upper, str.lower, str.title))(piece) for piece in pieces)
        expected = {at for at, word in enumerate(words) if word in text.lower()}
        assert set(automaton.within(text.encode())) == expected
    assert set(automaton.within(("\0" + " ".join(words)).encode())) == set(range(len(words)))


NOISE = [
    'resolved "https://registry.example.org/x/-/x-1.2.3.tgz#{0}"',
    "  integrity sha512-{1}==",
    'checksum = "{0}{0}"',
    "    --hash=sha256:{0}{0} \\",
    "  digest: sha256:{0}{0}",
    "image: example.org/app@sha256:{0}{0}",
    "id: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    "commit {0}",
    "Merge: {0} {0}",
    "url(data:font/woff2;base64,{1})",
    '<img src="data:image/png;base64,{1}">',
    'var e=function(t){{return t.a1b2||(t.a1b2=n(3)),r.c3d4(e,"{0}")}};',
    "//# sourceMappingURL=data:application/json;base64,{1}",
    "h1:{1}=",
    'etag: W/"{0}"',
    "KEYS = 0x0B96, 0x8803",
    '"1password": "^10.2.2"',
    "STENCIL_PASS_DEPTH_PASS: 0x0B96;",
    "PASSWORD_OID = ObjectIdentifier('1.2.840.113549.1.9.7')",
    "'redis://user:pass@localhost:6379'",
    "const currentAccountKey = currentAccountKeys.find(key);",
    "password = strict; next = 1",
    "'AES_KEY', 'PKCS7_ISSUER_AND_SERIAL',",
    "Set-Cookie: PART_NUMBER=ROCKET_LAUNCHER_0001; path=/",
]


@pytest.mark.parametrize("around", NOISE)
def test_hashes_and_other_noise_stay(around: str) -> None:
    chance = random.Random(around)
    hexadecimal = "".join(chance.choices("0123456789abcdef", k=40))
    base64 = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=86))
    text = around.format(hexadecimal, base64)
    assert redact(text).text == text


def test_a_diff_of_two_thousand_lines_takes_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(Path(byline.__file__).parent.rglob("*.py"))
    lines = [f"+{line}\n" for file in files for line in file.read_text("utf-8").splitlines()][:2_000]
    text = "".join(lines)
    redact(text)

    def seconds() -> float:
        start = time.process_time()
        redact(text)
        return time.process_time() - start

    best = min(seconds() for _ in range(5))
    with capsys.disabled():
        print(f"\nredact: {len(lines)} lines, {len(text) / 1000:.0f} KB in {best * 1000:.1f} ms")
    assert best < 0.025
