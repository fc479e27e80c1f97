# The clinic's commands; `make help` lists them. Logic lives in scripts/, not here.
PYTHON ?= python3
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run setup test test-sqlite test-postgres test-browser check format lock bench

help:  ## List these commands
	@sed -n 's/^\([a-z-]*\):.*##/\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-14s%s\n", $$1, $$2}'

run: .base  ## Prepare everything and serve the clinic (PORT and DATA_DIR can be set)
	@DEMO=$${DEMO:-1} $(VENV)/python manage.py serve

setup: .dev  ## Install what the product, the tests and the checks need

test: .dev  ## Run all tests, on SQLite and PostgreSQL and in a browser
	@$(VENV)/python scripts/run_tests.py

test-sqlite: .dev  ## Run the tests on SQLite
	@$(VENV)/python scripts/run_tests.py sqlite

test-postgres: .dev  ## Run the tests on a throw-away PostgreSQL cluster
	@$(VENV)/python scripts/run_tests.py postgres

test-browser: .dev  ## Run the browser journeys on both databases
	@$(VENV)/python scripts/run_tests.py browser

check: .dev  ## Check format, style, types, layers, templates, migrations and settings
	@$(VENV)/python scripts/run_checks.py

bench: .dev  ## Measure the planner with a million appointments (BENCH_ROWS and BENCH_DB can be set)
	@$(VENV)/python -m bench

format: .dev  ## Format the Python files and the templates
	@$(VENV)/python scripts/run_checks.py --format

lock: .dev  ## Pin the newest allowed versions of all packages, with hashes (needs uv)
	@$(VENV)/python scripts/lock.py

.PHONY: .base .dev
.base .dev:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is needed, and there is no $(PYTHON) here: install it, or name one with PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) scripts/setup.py $(patsubst .%,%,$@)
