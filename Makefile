# Battuta's one front door. Written for every make since 3.81 and for BSD tools as well as GNU's.
#
# PY is looked at once, when .venv is made. ARGS is handed to the command of the target.

PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
PRICES ?=
NAME ?=
WORKERS ?= auto
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check lint format types imports tidy bench bench-peers proof docs lock data schema clean

help: ## print this list
	@awk -v later="$(if $(wildcard benchmarks/proof.py),,proof)" 'BEGIN {FS = ":.*## "} \
		/^[a-z-]+:.*## / && $$1 != later {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo '  PY=python3.12 names the Python to use, ARGS="..." is handed on, as in: make run ARGS="--json"'

# --- use ---------------------------------------------------------------------------------------------------------
run: $(VENV)/.run ## bring simulated sites to life for a week; PRICES=file.csv for your own prices
	@$(BIN)/battuta run $(if $(PRICES),--prices "$(PRICES)") $(ARGS) || { code=$$?; [ $$code -eq 130 ] || exit $$code; }

schema: $(VENV)/.run ## print the schema of a file, NAME=asset
	@$(BIN)/battuta schema $(or $(NAME),asset) $(ARGS)

data: $(VENV)/.run ## fetch the public benchmark data, each with its licence and checksum
	@$(BIN)/battuta data fetch $(ARGS)

# --- develop -----------------------------------------------------------------------------------------------------
test: $(VENV)/.dev ## run the tests, examples of the documentation among them
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) $(ARGS)

check: lint format types imports tidy ## style, types, import contracts and tidiness

lint: $(VENV)/.dev
	@$(BIN)/ruff check

format: $(VENV)/.dev
	@$(BIN)/ruff format --check

types: $(VENV)/.dev
	@$(BIN)/basedpyright

imports: $(VENV)/.dev
	@$(BIN)/lint-imports

tidy: $(VENV)/.dev
	@$(BIN)/python -m pytest --quiet tests/tidy

# --- prove -------------------------------------------------------------------------------------------------------
bench: $(VENV)/.dev ## measure one claim, NAME=schedule; prints one JSON object, fails where a goal is missed
	@test -n "$(NAME)" || { echo 'which? make bench NAME=<one of benchmarks/*.py>' >&2; exit 2; }
	@$(BIN)/python benchmarks/$(NAME).py --json $(ARGS)

bench-peers: $(VENV)/.run ## build the environments of the programs that benchmarks compare with
	@$(BIN)/python benchmarks/peers/environments.py $(NAME)

ifneq ($(wildcard benchmarks/proof.py),)
proof: $(VENV)/.dev ## gather the long evidence into proof/, resumable
	@$(BIN)/python benchmarks/proof.py $(ARGS)
endif

# --- publish -----------------------------------------------------------------------------------------------------
docs: $(VENV)/.docs $(VENV)/.run ## build the documentation into site/
	@$(BIN)/python docs/make_pages.py
	@$(VENV)-docs/bin/zensical build $(ARGS)

UV_COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

lock: $(VENV)/.base ## resolve the requirements anew; ARGS=--upgrade for newer versions
	@$(UV_COMPILE) $(ARGS) pyproject.toml --output-file requirements/run.txt
	@$(UV_COMPILE) $(ARGS) pyproject.toml --group dev --constraints requirements/run.txt --output-file requirements/dev.txt
	@$(UV_COMPILE) $(ARGS) --group docs --output-file requirements/docs.txt

clean: ## remove environments and caches, keep results
	rm -rf $(VENV) $(VENV)-docs benchmarks/peers/.envs site dist build .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up, done once -------------------------------------------------------------------------------------------
SETUP = @sh requirements/setup.sh "$(PY)" $(VENV)

$(VENV)/.base:
	$(SETUP) base

$(VENV)/.run: $(VENV)/.base requirements/run.txt pyproject.toml
	$(SETUP) run

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(SETUP) dev

$(VENV)/.docs: $(VENV)/.base requirements/docs.txt
	$(SETUP) docs
