# `make help` lists what can be done here.

PYTHON ?= python3
UV ?= uv
BENCH ?= latency capacity
BIN := .venv/bin
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check setup lock bench clean venv browser

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: venv setup ## Prepare everything and serve calls and pages on http://127.0.0.1:8000 (PORT)
	@exec $(BIN)/python app.py serve

test: venv setup browser check ## Run all checks and tests
	@scripts/tests

check: setup ## Check style, types, layering, prompts and flows (no tests)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python app.py check

setup: ## Make the environment in .venv from the lock file, nothing else (PYTHON=…)
	@scripts/setup $(PYTHON)

lock: ## Lock the dependencies anew with uv (UPGRADE=--upgrade takes the newest)
	@command -v $(UV) >/dev/null || { echo "uv is not installed. Type: python3 -m pip install uv"; exit 1; }
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

bench: setup ## Measure latency and capacity over the built-in exchange (BENCH=name for another)
	@for name in $(BENCH); do $(BIN)/python -m bench $$name || exit 1; done

clean: ## Remove the environment and all caches; var/ with its bookings stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/out
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# System packages, only where they are missing.
venv:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || scripts/system-packages python3-venv

browser:
	@scripts/browser
