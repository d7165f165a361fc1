"""What sort of file a path names, by its name alone.

The lists are of names that mean the same everywhere: lock files of package managers, directories that hold other
people's code, endings of generated files (after GitHub's linguist and the defaults of package managers).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class FileKind(StrEnum):
    """What a file is there for."""

    SOURCE = "source"
    TEST = "test"
    DOCS = "docs"
    CI = "ci"
    BUILD = "build"
    CONFIG = "config"
    LOCK = "lock"
    GENERATED = "generated"
    VENDORED = "vendored"
    ASSET = "asset"


NOISE = frozenset({FileKind.LOCK, FileKind.GENERATED, FileKind.VENDORED})
"""Kinds whose content nobody wrote: only that they changed is worth saying."""

_LOCKS = frozenset({
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock",
    "cargo.lock", "poetry.lock", "pdm.lock", "uv.lock", "pipfile.lock", "requirements.lock", "pixi.lock", "go.sum",
    "gemfile.lock", "composer.lock", "podfile.lock", "package.resolved", "pubspec.lock", "mix.lock", "flake.lock",
    "gradle.lockfile", "packages.lock.json", "conan.lock", "lazy-lock.json", "mise.lock", "stack.yaml.lock",
})  # fmt: skip
_BUILD = frozenset({
    "makefile", "gnumakefile", "justfile", "cmakelists.txt", "meson.build", "build", "build.bazel", "workspace",
    "package.json", "cargo.toml", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "pipfile", "go.mod",
    "go.work", "gemfile", "rakefile", "composer.json", "pom.xml", "build.gradle", "build.gradle.kts",
    "settings.gradle", "settings.gradle.kts", "dockerfile", "docker-bake.hcl", "pnpm-workspace.yaml", "lerna.json",
    "nx.json", "turbo.json", "mix.exs", "build.rs", "flake.nix", "tox.ini", "noxfile.py", "goreleaser.yml",
    ".goreleaser.yml", ".goreleaser.yaml", "dune-project", "podfile", "package.swift", "build.zig",
})  # fmt: skip
_CI_NAMES = frozenset({
    ".travis.yml", ".gitlab-ci.yml", "azure-pipelines.yml", "jenkinsfile", "appveyor.yml", ".appveyor.yml",
    "codecov.yml", ".codecov.yml", "renovate.json", "renovate.json5", "dependabot.yml", "bitbucket-pipelines.yml",
    ".drone.yml", "cloudbuild.yaml", "mergify.yml", ".mergify.yml", "netlify.toml", "vercel.json",
})  # fmt: skip
_CI_FOLDERS = (".github/workflows/", ".github/actions/", ".circleci/", ".buildkite/", ".gitlab/", ".tekton/")
_DOCS_NAME = re.compile(
    r"(?:readme|changelog|changes|history|contributing|authors|license|licence|copying|code_of_conduct|security|notice"
    r"|support|governance|maintainers|roadmap|upgrading|migration)\b.*"
)
_DOCS_EXTENSIONS = frozenset({"md", "mdx", "rst", "adoc", "asciidoc", "txt", "tex", "org", "pod", "1", "5", "7", "8"})
_DOCS_FOLDERS = frozenset({"doc", "docs", "documentation", "website", "site", "man"})
_TEST_FOLDERS = frozenset({
    "test", "tests", "__tests__", "spec", "specs", "testing", "testdata", "test-data", "fixtures", "__snapshots__",
    "e2e", "__mocks__", "snapshots",
})  # fmt: skip
_TEST_NAME = re.compile(
    r"(?:test_.+|.+[._-](?:test|tests|spec|specs|e2e|snap)(?:\..+)?|.+test\.(?:java|kt|cs)|conftest\.py)"
)
_VENDOR_FOLDERS = frozenset({
    "vendor", "vendored", "third_party", "third-party", "thirdparty", "node_modules", "bower_components", "_vendor",
    "external",
})  # fmt: skip
_GENERATED_FOLDERS = frozenset({"dist", "__generated__", "generated", "gen", ".yarn", "out", "target"})
_GENERATED_NAME = re.compile(
    r".+(?:\.min\.(?:js|css|mjs)|\.bundle\.js|\.map|\.pb\.go|\.pb\.\w+|_pb2(?:_grpc)?\.pyi?|\.g\.dart|\.freezed\.dart"
    r"|\.generated\.\w+|\.gen\.\w+|_generated\.\w+|\.designer\.cs|zz_generated.*|\.snap|\.lock)"
)
_ASSETS = frozenset({
    "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif", "bmp", "mp3", "mp4", "wav", "ogg", "webm", "woff",
    "woff2", "ttf", "otf", "eot", "pdf", "zip", "gz", "tar", "wasm", "bin", "jar", "exe", "dll", "so", "dylib",
})  # fmt: skip
_CONFIG_EXTENSIONS = frozenset(
    {"json", "jsonc", "json5", "yaml", "yml", "toml", "ini", "cfg", "conf", "env", "properties"}
)
_CONFIG_NAME = re.compile(r"\..+|.+\.config\.\w+|.*rc(?:\.\w+)?|tsconfig.*\.json")


@lru_cache(maxsize=16_384)
def kind_of(path: str) -> FileKind:
    """What the file at `path` is there for; SOURCE where nothing says otherwise."""
    lowered = path.lower()
    *folders, name = lowered.split("/")
    held_by = frozenset(folders)
    stem, _, extension = name.rpartition(".")
    if name in _LOCKS:
        return FileKind.LOCK
    if held_by & _VENDOR_FOLDERS:
        return FileKind.VENDORED
    if _is_ci(lowered, name):
        return FileKind.CI
    if held_by & _TEST_FOLDERS or _TEST_NAME.fullmatch(name):
        return FileKind.TEST
    if held_by & _GENERATED_FOLDERS or _GENERATED_NAME.fullmatch(name):
        return FileKind.GENERATED
    if extension in _ASSETS and stem:
        return FileKind.ASSET
    if name in _BUILD or name.startswith(("dockerfile.", "requirements")):
        return FileKind.BUILD
    return _of_the_rest(held_by, name, extension)


def _of_the_rest(folders: frozenset[str], name: str, extension: str) -> FileKind:
    is_config = extension in _CONFIG_EXTENSIONS or _CONFIG_NAME.fullmatch(name)
    if extension in _DOCS_EXTENSIONS or (_DOCS_NAME.fullmatch(name) and "." not in name.lstrip(".")):
        return FileKind.DOCS
    if folders & _DOCS_FOLDERS and not is_config:
        return FileKind.DOCS
    return FileKind.CONFIG if is_config else FileKind.SOURCE


def _is_ci(path: str, name: str) -> bool:
    return (
        name in _CI_NAMES
        or path.startswith(_CI_FOLDERS)
        or (path.startswith(".github/") and name.endswith(("yml", "yaml")))
    )
