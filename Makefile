# Everything that is done with a checkout. `make` alone lists it.
# Needs Python 3.11 or newer with venv, git and make; everything else goes into .venv.

PYTHON ?= python3
JOBS   ?= 2
ARGS   ?=
REPOS  ?= .

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
PIP   := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(READY) ## Show what Byline does, in a throw-away repository
	@$(BIN)/byline demo

.PHONY: test
test: $(READY) ## Run all tests; for some of them: make test ARGS="-k blame"
	@$(BIN)/pytest -q -n $(JOBS) --dist worksteal $(ARGS)

.PHONY: lint
lint: $(READY) ## Check style, formatting, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

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

.PHONY: docs
docs: $(READY) ## Write the pages that are made from code
	@$(BIN)/python -m byline.config.reference > docs/settings.md

.PHONY: lock
lock: $(READY) ## Lock the newest versions of all dependencies that pyproject.toml allows
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --extra test --extra lint --group build --custom-compile-command "make lock" --output-file requirements.lock

.PHONY: clean
clean: ## Remove everything that make made
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find server tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# What is locked is installed by its hash, and Byline itself without looking for anything more.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Byline needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV); the first time this takes about a minute."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
