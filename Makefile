# Few words: demo, test, check, bench, truth. Each sets up what it needs.

# The first Python on the path that was built with optimisations, which the system's own is; with a plain build, as pyenv makes unless told, everything takes
# half as long again.
SUITS = import ensurepip, sys, sysconfig as built; sys.exit(not ((3, 11) <= sys.version_info < (3, 14) and (sys.prefix == "/usr" or "--enable-optimizations" in str(built.get_config_var("CONFIG_ARGS")))))
FOUND = $(shell IFS=:; for at in $$PATH; do for it in $$at/python3 $$at/python3.11 $$at/python3.12 $$at/python3.13; do $$it -c '$(SUITS)' 2>/dev/null && echo $$it && exit; done; done)
PYTHON ?= $(or $(FOUND),python3)
DATA ?= omtanke-data
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := tests/senders/node_modules

.PHONY: demo test test-spark check bench truth soak pins

demo: $(VENV)/.runtime
	@exec $(BIN)/omtanke demo --data $(DATA)

# TESTS=tests/unit runs those alone.
test: $(VENV)/.dev $(if $(shell command -v npm),$(CLIENTS))
	$(BIN)/python -m pytest -ra $(TESTS)

# Questions and replay on Spark against one process, also on some hundred thousand facts. Spark is half a gigabyte and needs Java.
test-spark: $(VENV)/.dev $(VENV)/.spark
	OMTANKE_SOAK=1 $(BIN)/python -m pytest -ra --timeout=3600 tests/spark

check: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Whether the questions recover what was planted, on 200 seeded shops: about 25 minutes on two cores, and as many for the remembered cart; goes on where it was stopped.
truth: $(VENV)/.dev
	$(BIN)/python -m benchmarks.truth
	$(BIN)/python -m benchmarks.reminder

# Slower: the worker is killed many more times, with more customers, and the door under every client; the stories from end to end; whole files.
soak: $(VENV)/.dev
	OMTANKE_SOAK=1 $(BIN)/python -m pytest -ra --timeout=3600 tests/integration/test_crash.py tests/integration/test_once.py tests/integration/test_erasure_killed.py tests/integration/test_linking_killed.py \
		tests/integration/test_to_customers_killed.py tests/integration/test_truth.py tests/senders/test_door_killed.py tests/browser/test_stories.py tests/browser/test_living_mail.py \
		tests/integration/test_olist.py tests/unit/importers/test_mapped.py tests/unit/importers/test_olist_real.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.spark: requirements/spark.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r requirements/spark.txt
	@touch $@

# The clients of Node that shops have, as the lock file names them; the tests that run them say so where there is no npm.
$(CLIENTS): tests/senders/package-lock.json tests/senders/package.json
	npm ci --silent --prefix tests/senders
	@touch $@

# Pins with hashes and without addresses, after a change of requirements/*.in.
pins:
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 requirements/runtime.in requirements/build.in -o requirements/runtime.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 -c requirements/runtime.txt requirements/dev.in requirements/build.in -o requirements/dev.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 -c requirements/runtime.txt requirements/spark.in requirements/build.in -o requirements/spark.txt
