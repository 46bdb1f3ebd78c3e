# One word a task; each makes .venv when it is missing.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
ARGS ?=
STAMP := $(VENV)/.complete

.PHONY: setup demo run talk test check fmt bench docs pages lock kill-test simulate doubt help-pictures clean

setup: $(STAMP)  ## the virtual environment, from the locked requirements

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; say: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup  ## the whole program with sample data: make demo ARGS="--port 9000"
	@$(RUN) -m bot demo $(ARGS)

run: setup  ## the program as config.toml says
	@$(RUN) -m bot run $(ARGS)

talk: setup  ## a conversation in this terminal
	@$(RUN) -m bot talk $(ARGS)

test: setup  ## all tests, on both databases; many wait for a clock, so one worker more than there are cores
	@$(RUN) tools/optional_parts.py
	$(RUN) -m pytest -q -n $$($(RUN) -c 'import os; print(os.cpu_count() + 1)') --dist worksteal $(ARGS)

check: setup  ## the gate before every commit: format, lint, types, import rule
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

fmt: setup  ## put the code in shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: setup  ## the benchmarks: make bench ARGS=inbound
	@$(RUN) -m bot bench $(ARGS)

docs: setup  ## take the README's pictures again
	$(RUN) tools/take_pictures.py

pages: setup  ## write the generated pages again: third parties, schema
	@$(RUN) -m tools.third_party
	@$(RUN) -m tools.schema_page

help-pictures: setup  ## photograph every answer and lesson as a phone shows it
	$(RUN) tools/photograph_help.py

kill-test: setup  ## the long kill loops
	LANGNGHE_KILLS=200 $(RUN) -m pytest -q tests/e2e/test_kills.py $(ARGS)
	LANGNGHE_BROADCAST_KILLS=$${LANGNGHE_BROADCAST_KILLS:-1000} $(RUN) -m pytest -q -s tests/e2e/test_broadcast_kills.py $(ARGS)

simulate: setup  ## rounds in 10,000 simulated universes: crashes, lost requests, floods
	LANGNGHE_SEEDS=$${LANGNGHE_SEEDS:-10000} $(RUN) -m pytest -q -n auto tests/simulation $(ARGS)

doubt: setup  ## what 500 published rounds say of what they withhold: nothing that could not be otherwise
	LANGNGHE_SEEDS=$${LANGNGHE_SEEDS:-500} $(RUN) -m pytest -q -n auto tests/surveys/results/test_published_doubt.py $(ARGS)

lock: setup  ## compile the locked requirements again, without index addresses
	$(VENV)/bin/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -q -o requirements.lock
	$(VENV)/bin/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -q -o requirements-dev.lock

clean:  ## remove what can be made again
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
