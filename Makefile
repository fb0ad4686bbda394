# App of apps on Pulumi. `make help` lists the targets; the work is done by `python -m sandbox` and `aoa`.
PYTHON ?= python3
VENV := .venv/bin
SANDBOX := $(VENV)/python -m sandbox
CLUSTERS ?= eu-1,us-1

.DEFAULT_GOAL := help
.PHONY: help venv up servers down status env test test-fast bench check lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: ## make .venv with the pinned dependencies, if it is not in place
	@command -v $(PYTHON) >/dev/null || { echo 'no $(PYTHON) on PATH: install Python 3.11 or newer' >&2; exit 3; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "found `$(PYTHON) --version`; Python 3.11 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 3; }
	@$(PYTHON) -m sandbox.bootstrap

up: venv ## start everything and deploy stack dev; CLUSTERS=eu-1,us-1,ap-1 adds a third cluster
	@$(SANDBOX) up --clusters $(CLUSTERS)

servers: venv ## start everything, deploy nothing
	@$(SANDBOX) up --clusters $(CLUSTERS) --no-deploy

down: ## stop and remove everything that `up` started
	@test ! -d .sandbox || { { test -x $(VENV)/python || $(MAKE) -s venv; } && $(SANDBOX) down; }

status: ## tell what runs
	@test -x $(VENV)/python || { echo 'nothing runs; `make up` starts it'; exit 0; }; $(SANDBOX) status

env: ## print shell exports, for `eval`
	@test -x $(VENV)/python || { echo 'nothing runs here yet: `make up` starts it' >&2; exit 3; }
	@$(SANDBOX) env

check: venv ## ruff, mypy, import arrows
	@$(VENV)/ruff check . && $(VENV)/ruff format --check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports

test-fast: venv ## tests without servers, under a minute
	@$(VENV)/pytest -q -m "not e2e" -n 2

# Each worker starts clusters and an AWS API of its own, and stops them.
test: check test-fast ## all tests: checks, fast ones, then end to end on the real engine
	@$(SANDBOX) toolchain
	@$(VENV)/pytest -q -m e2e -n 3 --dist loadfile --durations=15

bench: venv ## measure against a plain program, kubectl and helm, on a cluster of its own; writes bench.json
	@$(VENV)/python -m bench

lock: venv ## pin requirements.in with hashes into requirements.txt
	@$(VENV)/pip-compile -q --generate-hashes --no-header --allow-unsafe --no-emit-options --strip-extras \
	  --output-file requirements.txt requirements.in
