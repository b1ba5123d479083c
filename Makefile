# Few words: demo, test, check, bench, truth. Each sets up what it needs.

PYTHON ?= python3
DATA ?= omtanke-data
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check bench truth soak pins

demo: $(VENV)/.runtime
	@exec $(BIN)/omtanke demo --data $(DATA)

# TESTS=tests/unit runs those alone.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -ra $(TESTS)

check: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Whether the questions recover what was planted, on 200 seeded shops: about 25 minutes on two cores; goes on where it was stopped.
truth: $(VENV)/.dev
	$(BIN)/python -m benchmarks.truth

# Slower: the worker is killed many more times, with more customers.
soak: $(VENV)/.dev
	OMTANKE_SOAK=1 $(BIN)/python -m pytest -ra --timeout=3600 tests/integration/test_crash.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Pins with hashes and without addresses, after a change of requirements/*.in.
pins:
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 requirements/runtime.in requirements/build.in -o requirements/runtime.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 -c requirements/runtime.txt requirements/dev.in requirements/build.in -o requirements/dev.txt
