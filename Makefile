# keyaccount: everything a developer runs. Needs Python >= 3.11, make and a package index.
#
#   make PYTHON=/path/to/python3.12 VENV=.venv-3.12 test     another interpreter, another environment
#   make test PYTEST_ARGS="tests/scoring -x"                 part of the suite
#   make test TEST_GROUP=test                                without Spark, which is large

VENV ?= .venv
# The first interpreter that really runs and is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	echo $$p; break; fi; done)
PYTEST_ARGS ?=
# `test` is the suite without Spark, which weighs 400 MB: the tests that need it are skipped then.
TEST_GROUP ?= engines
BENCH_ARGS ?=

BIN := $(VENV)/bin
# basedpyright reads the packages of the first `python` on the path.
ACTIVATED := PATH="$(abspath $(BIN)):$$PATH"
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# A stamp per set of installed packages: a run with nothing new to install starts at once.
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench docs clean distclean

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: $(STAMP)-cli ## install what the command needs, review the synthetic book, write a page
	$(BIN)/keyaccount demo --out demo-output

test: $(STAMP)-test ## run the whole test suite: unit tests, properties, examples in the docs
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(STAMP)-check ## lint, formatting, types, imports; runs no test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(ACTIVATED) basedpyright
	$(ACTIVATED) basedpyright --verifytypes keyaccount --ignoreexternal >$(VENV)/verifytypes.txt \
		&& grep 'Type completeness score: 100%' $(VENV)/verifytypes.txt \
		|| { cat $(VENV)/verifytypes.txt; exit 1; }
	$(BIN)/lint-imports --no-logo

format: $(STAMP)-check ## fix what ruff can fix, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)-bench ## time the library beside its peers, in one run, and print the ratios
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

docs: $(STAMP)-docs ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "The documentation is at site/index.html"

clean: ## remove what was built, written and cached
	rm -rf build dist site demo-output .benchmarks .coverage htmlcov .hypothesis .nox \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the virtual environments as well
	rm -rf .venv .venv-*

$(STAMP)-pip:
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

$(STAMP)-cli: $(STAMP)-pip pyproject.toml
	$(PIP) install --editable '.[cli]'
	@touch $@

$(STAMP)-test: $(STAMP)-pip pyproject.toml
	$(PIP) install --editable '.[all]' --group $(TEST_GROUP)
	@touch $@

$(STAMP)-check: $(STAMP)-pip pyproject.toml
	$(PIP) install --editable '.[all]' --group check
	@touch $@

$(STAMP)-bench: $(STAMP)-pip pyproject.toml
	$(PIP) install --editable '.[all]' --group bench
	@touch $@

$(STAMP)-docs: $(STAMP)-pip pyproject.toml
	$(PIP) install --editable '.[cli]' --group docs
	@touch $@
