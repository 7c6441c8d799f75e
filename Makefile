# Every command of the project. `make demo` and `make test` do all their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data/boston311
ONLY ?=
export ONEGRID_HOME ?= $(CURDIR)/.onegrid

.DEFAULT_GOAL := help
.PHONY: help demo test check bench replay api lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

$(VENV)/.ready: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.ready  ## the sample city at 1/20, served, with a simulated day of reports; Ctrl-C stops all
	@$(BIN)/python -m onegrid demo

test: $(VENV)/.ready  ## all tests, on a real PostgreSQL
	@$(BIN)/python -m pytest

check: $(VENV)/.ready  ## style, types, import contracts, missing migrations, stale OpenAPI file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy -p onegrid -p bench
	$(BIN)/python -m onegrid makemigrations --check --dry-run
	$(BIN)/python -m onegrid api --check

bench: $(VENV)/.ready  ## all figures beside their peers; ONLY=<name> for one
	@$(BIN)/python -m bench $(ONLY)

replay: $(VENV)/.ready  ## 81,408 real civic cases through the road; DATA=<folder of cases>
	@$(BIN)/python -m onegrid replay --city $(DATA)

api: $(VENV)/.ready  ## write docs/openapi.json anew
	@$(BIN)/python -m onegrid api

lock: $(VENV)/.ready  ## resolve requirements.lock anew (needs the network)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.lock

clean:  ## remove the virtual environment and this folder's data
	rm -rf $(VENV) .onegrid
