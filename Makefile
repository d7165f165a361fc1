# Everything that is done with a checkout. `make` alone lists it.
# Needs Python 3.11 or newer with venv, git and make; everything else goes into .venv. With npm (Node 20) the VS Code
# extension is built and tested too, with Chromium and ripgrep in a real VS Code.

PYTHON ?= python3
JOBS   ?= 2
ARGS   ?=
REPOS  ?= .

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
PIP   := $(BIN)/python -m pip --quiet --disable-pip-version-check

EXTENSION := editors/vscode
NPM       := $(shell command -v npm)
# Node's packages: each folder has a lock file, and is set up when that has changed.
PACKAGES  := $(if $(NPM),$(patsubst %,%/node_modules/.package-lock.json,$(EXTENSION) tests/commitlint))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(READY) ## Show what Byline does, in a throw-away repository
	@$(BIN)/byline demo

.PHONY: test
test: $(READY) $(PACKAGES) editors ## Run all tests; for some of them: make test ARGS="-k blame"
	@$(if $(NPM),npm --prefix $(EXTENSION) test --silent,echo "Skipped: the extension's own tests, npm is not here")
	@$(BIN)/pytest -q -n $(JOBS) --dist loadgroup $(ARGS)

# What tests in real editors need and the system's packages do not have; what cannot be had, the tests name.
.PHONY: editors
editors: $(if $(NPM),vsix)
	@if [ -n "$(NPM)" ] && command -v chromium >/dev/null && command -v rg >/dev/null; then \
	  tests/editors/vscode/install-code-server >/dev/null; fi

.PHONY: vsix
vsix: $(READY) $(PACKAGES) ## Build the VS Code extension, with the server in it
	@PYTHON=$(abspath $(BIN))/python npm --prefix $(EXTENSION) run --silent vsix

.PHONY: lint
lint: $(READY) $(PACKAGES) ## Check style, formatting, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(if $(NPM),npm --prefix $(EXTENSION) run --silent check,echo "Skipped: the extension's own checks, npm is not here")

.PHONY: format
format: $(READY) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: bench
bench: $(READY) ## Measure every budget beside its floor
	@$(BIN)/python -m bench

.PHONY: kill
kill: $(READY) ## Kill writers and servers far more often than the tests do
	@BYLINE_KILLS=2000 BYLINE_SERVER_KILLS=200 $(BIN)/pytest -q tests/e2e -k kill --timeout 3600 $(ARGS)

.PHONY: fuzz
fuzz: $(READY) ## Run the tests with far more generated cases
	@BYLINE_FUZZ=1 $(BIN)/pytest -q -n $(JOBS) --dist worksteal --timeout 3600 $(ARGS)

.PHONY: conformance
conformance: $(READY) ## Compare with git in real repositories: make conformance REPOS="../one ../two"
	@$(BIN)/python -m tests.conformance $(REPOS) $(ARGS)

.PHONY: quality
quality: $(READY) ## Measure offline commit messages on real histories: make quality REPOS="../one ../two"
	@$(BIN)/python -m tests.quality $(REPOS) $(ARGS)

.PHONY: privacy
privacy: $(READY) ## Measure what redaction finds in ordinary code, and what it misses
	@$(BIN)/python -m tests.privacy $(ARGS)

.PHONY: docs
docs: $(READY) ## Write the pages that are made from code
	@$(BIN)/python -m byline.config.reference > docs/settings.md
	@$(BIN)/python $(EXTENSION)/scripts/settings.py

.PHONY: lock
lock: $(READY) ## Lock the newest versions of all dependencies that pyproject.toml allows
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --extra test --extra lint --group build --custom-compile-command "make lock" --output-file requirements.lock

.PHONY: clean
clean: ## Remove everything that make made
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf $(EXTENSION)/dist $(EXTENSION)/server $(EXTENSION)/*.vsix $(EXTENSION)/node_modules tests/commitlint/node_modules
	@find server tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

%/node_modules/.package-lock.json: %/package-lock.json
	@npm --prefix $* ci --silent --no-audit --no-fund
	@touch $@

# What is locked is installed by its hash, and Byline itself without looking for anything more.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Byline needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV); the first time this takes about a minute."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
