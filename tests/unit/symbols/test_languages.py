"""One table per language: a source and the symbols that its outline must have, as `start-end depth kind name`."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from byline.symbols import outline

SOURCES = {
    "python": """
        import os

        class Store:
            limit = 3

            @property
            def size(self) -> int:
                return 1

            class Row:
                pass

        @cache
        @other(lambda x: x)
        async def load(path):
            def inner():
                return 2
            return inner
        # end
        """,
    "javascript": """
        export default class Store extends Base {
          size = () => {
            return 1;
          };
          constructor() {
            super();
          }
          static *rows() {}
        }
        export const load = async (path) => {
          return path;
        };
        const plain = 3;
        function* walk() {
          yield 1;
        }
        export const late = function () {};
        """,
    "typescript": """
        @Component({ name: "x" })
        export class Store<T> {
          private size = (): number => {
            return 1;
          };
          get(key: string): T {
            return this.map[key];
          }
        }
        interface Row {
          id: number;
        }
        abstract class Base {}
        enum Colour { Red, Green }
        namespace Deep.Inner {
          export function load(): void {}
        }
        """,
    "typescriptreact": """
        export function App(props: Props) {
          const view = () => <b>{props.name}</b>;
          return <div>{view()}</div>;
        }
        """,
    "go": """
        package main

        type Store struct {
            size int
        }

        type (
            Reader interface {
                Read() int
            }
            Alias = int
        )

        func (s *Store) Size() int {
            return s.size
        }

        func main() {
            println("x")
        }
        """,
    "rust": """
        pub struct Store<T> {
            size: T,
        }

        impl<T> Reader for Store<T> {
            fn read(&self) -> i32 {
                1
            }
        }

        mod tests {
            #[test]
            fn works() {}
        }

        trait Reader {
            fn read(&self) -> i32;
            fn twice(&self) -> i32 { 2 }
        }
        mod elsewhere;
        enum Colour { Red }
        macro_rules! twice { ($x:expr) => { $x }; }
        """,
    "java": """
        package a;

        public class Store<T> implements Reader {
            public Store() {
                super();
            }

            @Override
            public int size() {
                return 1;
            }

            enum Colour { RED }
        }

        interface Reader {
            int size();
        }

        record Row(int id) {}
        """,
    "c": """
        #include <stdio.h>

        struct row {
          int id;
        };

        typedef struct node {
          struct row *next;
        } node_t;

        static char **load(const char *path)
        {
          return NULL;
        }

        int declared(void);
        enum { RED, GREEN };
        int main(void) { return 0; }
        """,
    "cpp": """
        namespace deep::inner {
        template <typename T>
        class Store : public Base {
         public:
          Store() : size_(0) {}
          ~Store() {}
          int size() const {
            return size_;
          }
        };
        }  // namespace

        template <typename T>
        template <typename U>
        int Store<T>::total(U u) {
          return 1;
        }

        bool operator==(const Row& a, const Row& b) { return true; }
        struct Row { int id; };
        """,
    "csharp": """
        namespace Shop
        {
            public class Store<T> : IReader
            {
                public Store() { }

                [Test]
                public int Size()
                {
                    int Twice(int x) => x * 2;
                    return Twice(1);
                }
            }

            public record Row(int Id);
            interface IReader { int Size(); }
        }
        """,
    "php": """
        <html>
        <?php
        namespace Shop;

        final class Store implements Reader
        {
            #[Pure]
            public function size(): int
            {
                return 1;
            }
        }

        trait Counts { }

        function load(string $path) {
            return $path;
        }
        """,
    "ruby": """
        module Shop
          class Store < Base
            def size
              1
            end

            def self.open(path)
              new
            end
          end
        end

        def load(path) = path
        """,
    "shellscript": """
        #!/bin/sh
        set -e

        load() {
          cat "$1"
        }

        function main {
          load x
        }
        main "$@"
        """,
}

EXPECTED = {
    "python": """
        2-10 0 class Store
        5-7 1 method size
        9-10 1 class Row
        12-17 0 function load
        15-16 1 function inner
        """,
    "javascript": """
        0-8 0 class Store
        1-3 1 method size
        4-6 1 method constructor
        7-7 1 method rows
        9-11 0 function load
        13-15 0 function walk
        16-16 0 function late
        """,
    "typescript": """
        0-8 0 class Store
        2-4 1 method size
        5-7 1 method get
        9-11 0 interface Row
        12-12 0 class Base
        13-13 0 enum Colour
        14-16 0 module Deep.Inner
        15-15 1 function load
        """,
    "typescriptreact": """
        0-3 0 function App
        1-1 1 function view
        """,
    "go": """
        2-4 0 struct Store
        7-9 0 interface Reader
        13-15 0 method Size
        17-19 0 function main
        """,
    "rust": """
        0-2 0 struct Store
        4-8 0 impl Store<T>
        5-7 1 method read
        10-13 0 module tests
        12-12 1 function works
        15-18 0 trait Reader
        17-17 1 method twice
        20-20 0 enum Colour
        21-21 0 function twice
        """,
    "java": """
        2-13 0 class Store
        3-5 1 constructor Store
        7-10 1 method size
        12-12 1 enum Colour
        15-17 0 interface Reader
        16-16 1 method size
        19-19 0 class Row
        """,
    "c": """
        2-4 0 struct row
        6-8 0 struct node_t
        10-13 0 function load
        17-17 0 function main
        """,
    "cpp": """
        0-10 0 module deep::inner
        1-9 1 class Store
        4-4 2 method Store
        5-5 2 method ~Store
        6-8 2 method size
        12-16 0 function Store<T>::total
        18-18 0 function operator==
        19-19 0 struct Row
        """,
    "csharp": """
        0-16 0 module Shop
        2-12 1 class Store
        4-4 2 constructor Store
        6-11 2 method Size
        9-9 3 function Twice
        14-14 1 class Row
        15-15 1 interface IReader
        15-15 2 method Size
        """,
    "php": """
        4-11 0 class Store
        6-10 1 method size
        13-13 0 trait Counts
        15-17 0 function load
        """,
    "ruby": """
        0-10 0 module Shop
        1-9 1 class Store
        2-4 2 method size
        6-8 2 method open
        12-12 0 method load
        """,
    "shellscript": """
        3-5 0 function load
        7-9 0 function main
        """,
}


def shown(text: str, language: str | None, path: str = "") -> list[str]:
    return [f"{s.start}-{s.end} {s.depth} {s.kind} {s.name}" for s in outline(text, language, path)]


def source(language: str) -> str:
    return dedent(SOURCES[language]).removeprefix("\n")


@pytest.mark.parametrize("language", SOURCES)
def test_symbols_of(language: str) -> None:
    assert shown(source(language), language) == dedent(EXPECTED[language]).split("\n")[1:-1]


@pytest.mark.parametrize("language", SOURCES)
def test_crlf_changes_nothing(language: str) -> None:
    assert shown(source(language).replace("\n", "\r\n"), language) == shown(source(language), language)


@pytest.mark.parametrize("language", SOURCES)
def test_a_symbol_begins_on_a_line_and_holds_its_name(language: str) -> None:
    lines = source(language).split("\n")
    for symbol in outline(source(language), language, ""):
        body = "\n".join(lines[symbol.start : symbol.end + 1])
        assert re.search(re.escape(symbol.name), body), symbol


@pytest.mark.parametrize(
    ("language", "path", "names"),
    [
        ("python", "any", ["f"]),
        (None, "src/a.py", ["f"]),
        (None, "src/A.PYI", ["f"]),
        ("plaintext", "a.py", ["f"]),
        ("", "a.py", ["f"]),
        ("python", "a.rb", ["f"]),
        ("markdown", "a.md", []),
        (None, "Makefile", []),
        (None, "", []),
    ],
)
def test_the_language_comes_from_the_editor_or_the_extension(language: str | None, path: str, names: list[str]) -> None:
    assert [symbol.name for symbol in outline("def f():\n    return 1\n", language, path)] == names


@pytest.mark.parametrize(
    ("file_type", "language"),
    [("cs", "csharp"), ("sh", "shellscript"), ("bash", "shellscript"), ("javascriptreact", "javascript")],
)
def test_vims_file_types_are_known_too(file_type: str, language: str) -> None:
    assert shown(source(language), file_type) == shown(source(language), language)
