.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := .venv-clients
READY := $(VENV)/.ready
# What runs the tests; a pipeline measures while it tests, and tells `check` so with MEASURED=yes.
PYTEST ?= python -m pytest
BROWSER := $(VENV)/.browser

.PHONY: help
help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | awk -F '\t' '{printf "  make %-13s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)

.PHONY: install
install: $(READY) ## Create .venv with the locked dependencies and the command .venv/bin/rictl

.PHONY: demo
demo: $(READY) ## Show the whole story on the embedded Dataverse
	$(BIN)/python examples/demo.py

.PHONY: test
test: $(READY) ## Run the tests (needs nothing but Python)
	$(BIN)/$(PYTEST) -q

$(CLIENTS)/.ready: requirements-clients.lock tests/clients/package-lock.json
	$(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-clients.lock
	npm ci --prefix tests/clients --silent --no-audit --no-fund
	@touch $@

.PHONY: clients
clients: $(READY) $(CLIENTS)/.ready ## Let other people's clients judge the embedded Dataverse (needs node and npm)
	$(CLIENTS)/bin/python -m pytest -q --confcutdir=tests/clients tests/clients

$(BROWSER): $(READY) requirements-browser.lock tests/browser/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.lock
	npm ci --prefix tests/browser --silent --no-audit --no-fund --ignore-scripts
	@touch $@

.PHONY: browser
browser: $(BROWSER) ## Look at the pages with a browser (needs chromium, node and npm)
	.ci/chromium
	$(BIN)/python -m pytest -q tests/browser

.PHONY: check
check: $(READY) format-check lint types imports coverage fresh ## Everything that CI checks after the tests

.PHONY: format
format: $(READY) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: format-check
format-check: $(READY) ## Check the format
	$(BIN)/ruff format --check .

.PHONY: lint
lint: $(READY) ## Look for mistakes
	$(BIN)/ruff check .

.PHONY: types
types: $(READY) ## Check the types, strictly
	$(BIN)/mypy

.PHONY: imports
imports: $(READY) ## Check who may import whom
	$(BIN)/lint-imports

.PHONY: coverage
coverage: $(READY) ## Run the tests and require their coverage, branches included
ifndef MEASURED
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -q
endif
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: fresh
fresh: $(READY) ## Check that generated files are fresh
	$(BIN)/python -m reconciler.cli.generate --check

.PHONY: schemas
schemas: $(READY) ## Generate the JSON Schemas from the catalogue
	$(BIN)/python -m reconciler.cli.generate

.PHONY: golden
golden: $(READY) ## Write the expected files of the scenarios anew; look at the difference before you commit it
	RICTL_GOLDEN=write $(BIN)/python -m pytest -q tests/kinds tests/test_forms_page.py

.PHONY: bench
bench: $(READY) ## Measure, each figure as a ratio in the same run
	$(BIN)/python -m bench

.PHONY: corpus
corpus: $(READY) ## Take every form of a folder there and back: make corpus CORPUS=DIR
	$(BIN)/python -m bench.corpus $(CORPUS)
