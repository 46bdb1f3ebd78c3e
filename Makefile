# One word a task; each makes .venv when it is missing.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
ARGS ?=
STAMP := $(VENV)/.complete

.PHONY: setup demo run talk quick test night check fmt bench docs pages lock kill-test simulate doubt help-pictures clean

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

# Many tests wait for a clock, so one worker more than there are cores.
PYTEST := $(RUN) -m pytest -q --dist worksteal -n $$($(RUN) -c 'import os; print(os.cpu_count() + 1)')

quick: setup  ## for every save: no PostgreSQL, no browser, no office, no kills
	@$(PYTEST) -m "not postgresql and not browser and not office and not kills and not slow" --ignore tests/e2e --ignore tests/simulation $(ARGS)

test: setup  ## the gate: all that must pass before a change is merged, SQL on both databases, nothing drawn by lot
	@$(RUN) tools/optional_parts.py
	$(PYTEST) $(ARGS)

night: setup  ## the slow ring: everything on both databases, seeds by lot, kills and simulation again and again
	@$(RUN) tools/optional_parts.py
	LANGNGHE_RING=night $(PYTEST) $(ARGS)

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

pages: setup  ## write the generated pages again: third parties, schema, permissions
	@$(RUN) -m tools.third_party
	@$(RUN) -m tools.schema_page
	@$(RUN) -m tools.permissions_page

help-pictures: setup  ## photograph every answer and lesson as a phone shows it
	$(RUN) tools/photograph_help.py

kill-test: setup  ## of the slow ring the kill loops: LANGNGHE_KILLS, LANGNGHE_BROADCAST_KILLS say how many
	LANGNGHE_RING=night $(RUN) -m pytest -q -s tests/e2e/test_kills.py tests/e2e/test_broadcast_kills.py $(ARGS)

simulate: setup  ## of the slow ring the simulated universes: LANGNGHE_SEEDS says how many
	LANGNGHE_RING=night $(PYTEST) tests/simulation $(ARGS)

doubt: setup  ## what 500 published rounds say of what they withhold: nothing that could not be otherwise
	LANGNGHE_SEEDS=$${LANGNGHE_SEEDS:-500} $(RUN) -m pytest -q -n auto tests/surveys/results/test_published_doubt.py $(ARGS)

lock: setup  ## compile the locked requirements again, without index addresses
	$(VENV)/bin/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -q -o requirements.lock
	$(VENV)/bin/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -q -o requirements-dev.lock

clean:  ## remove what can be made again
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
