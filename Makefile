# The two commands a newcomer needs: `make run` and `make test`. Everything is set up by them, in .venv and .cache.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
SHELF := src/matinee/catalogue/shelf.json
PAGE := $(shell git ls-files ui hatch_build.py pyproject.toml 2>/dev/null)

.PHONY: run test check bench fuzz torture pictures clean
.DELETE_ON_ERROR:

run: .venv/.ready $(SHELF) ## Start Matinee and print its address
	@$(BIN)/matinee $(ARGS)

test: .venv/.ready .venv/.test .cache/.system
	@echo "Testing; the first time also pulls a film and a client from the registries (two minutes)"
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.ready .venv/.test .venv/.check
	$(BIN)/ruff check src tests bench docs hatch_build.py
	$(BIN)/ruff format --check src tests bench docs hatch_build.py
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m docs.audit
	$(BIN)/python -m matinee.catalogue.shelf
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -c "from pathlib import Path; import hatch_build as page; page.install(Path('ui')); page.npm(Path('ui'), 'run', 'check', limit_s=300)"

bench: .venv/.ready .venv/.test .cache/.system $(SHELF) ## Measure beside the rivals; needs root for its network namespaces
	$(BIN)/python -m bench $(ARGS)

fuzz: .venv/.ready .venv/.test .venv/.fuzz ## Feed every reader two million broken inputs, for as long as it takes
	$(BIN)/python -m tests.fuzz $(ARGS)

torture: .venv/.ready .venv/.test .cache/.system ## Kill it and cut its power, by the hundred; cuts need root and loop mounts
	$(BIN)/python -m tests.torture $(ARGS)

pictures: .venv/.ready .venv/.test .cache/.system ## Keep how every page looks now, for the tests to come
	$(BIN)/python -m pytest --renew-looks tests/browser/test_looks.py

clean:
	rm -rf .venv .cache src/matinee/web/static ui/node_modules $(SHELF)

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Matinee needs Python 3.11 or newer. Is there another one? make PYTHON=python3.12 run")'
	@echo "Making an environment in .venv"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.ready: .venv/.made requirements/run.txt requirements/build.txt $(PAGE)
	@echo "Installing what Matinee stands on"
	@$(PIP) -r requirements/run.txt -r requirements/build.txt
	@echo "Building the page, where it has changed"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(SHELF): src/matinee/catalogue/shelf $(wildcard src/matinee/catalogue/shelf/*.toml) | .venv/.ready
	@$(BIN)/python -m matinee.catalogue.shelf_compile

.venv/.test: .venv/.made requirements/test.txt
	@echo "Installing what the tests need"
	@$(PIP) -r requirements/test.txt
	@touch $@

.venv/.check: .venv/.made requirements/check.txt
	@echo "Installing what the checks need"
	@$(PIP) -r requirements/check.txt
	@touch $@

.venv/.fuzz: .venv/.made requirements/fuzz.txt
	@$(PIP) -r requirements/fuzz.txt
	@touch $@

# Foreign clients and a browser for the tests, from the system's own packages.
.cache/.system: tests/install-system.sh
	@mkdir -p .cache
	@bash tests/install-system.sh
	@touch $@
