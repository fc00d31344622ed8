# Every target does its own set-up. PYTHON names the interpreter that makes the environment.
PYTHON ?= python3
SCHEDULES ?= 10000
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install dev demo test matrix drill check format bench bench-quick bench-long bench-matching ablation clean python-is-fit

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /: /' | awk -F': ' '{printf "  make %-14s %s\n", $$1, $$2}'

python-is-fit:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "hubroster needs Python 3.11 or newer, and there is no '$(PYTHON)'."; \
	  echo "On Debian and Ubuntu: apt-get install python3 python3-venv. Another name: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "hubroster needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1 | cut -d' ' -f2). Try: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(BIN)/python: | python-is-fit
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# The marks remember what was installed, so that a second call is quick.
$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing hubroster and what it runs on (a minute or so) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt constraints-dev.txt $(VENV)/.installed
	@echo "Installing what the tests and checks need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -c constraints-dev.txt -e '.[dev]'
	@touch $@

install: $(VENV)/.installed ## .venv/bin/hubroster, ready to run
	@echo "Installed: $(BIN)/hubroster"

dev: $(VENV)/.installed-dev ## the same, with tests and checks
	@echo "Installed, with the developers' tools, in $(VENV)"

demo: $(VENV)/.installed ## a whole check against a stand-in for Meta, offline (ARGS=--json for machines)
	@$(BIN)/hubroster demo $(ARGS)

# Three workers on two cores: many tests wait for a process of their own. In the order of the folders, so that the
# long files of e2e, which have few tests, do not come last.
test: $(VENV)/.installed-dev ## the tests (ARGS goes to pytest)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/.installed-dev ## format, lint, types, layers
	@echo "Format ..." && $(BIN)/ruff format --check .
	@echo "Lint ..." && $(BIN)/ruff check .
	@echo "Types ..." && $(BIN)/mypy
	@echo "Layers ..." && $(BIN)/lint-imports

format: $(VENV)/.installed-dev ## put the code into its form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

matrix: $(VENV)/.installed-dev ## every fault at Meta on every edge, every boundary, every night: what `make test` plays a part of (long)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --all-cases tests/reliability tests/flows/test_check.py tests/flows/test_check_faults.py tests/flows/test_altered_evidence.py tests/flows/test_disconnect_erase.py tests/tasks/test_meta_beside_faults.py tests/matching/test_people_asked_before.py tests/e2e $(ARGS)

drill: $(VENV)/.installed-dev ## 2,000 bad nights and 10,000 schedules of approvals, drawn at random (hours; ARGS="--nights 200 --seed 7")
	@$(BIN)/python -m tests.reliability.drill $(ARGS)
	@$(BIN)/python -m tests.reliability.approval_drill --schedules $(SCHEDULES)
	@$(BIN)/python -m tests.reliability.served_drill
	@$(BIN)/python -m tests.reliability.kill_moments 50 7
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/reliability/checks_as_processes_by_*.py

bench: $(VENV)/.installed-dev ## the measurements of docs/performance.md but matching's (up to 25 minutes)
	@$(BIN)/python -m tests.bench $(ARGS)

bench-quick: $(VENV)/.installed-dev ## the same, smaller (up to 5 minutes)
	@$(BIN)/python -m tests.bench --quick $(ARGS)

bench-long: $(VENV)/.installed-dev ## 400 hubs, 100,000 members in one hub, a year of checks (an hour or so; ARGS="--quick" for less)
	@$(BIN)/python -m tests.bench.long $(ARGS)

# The programs that matching is measured against, away from our own: they want other versions. One by one, so
# that one that can't be installed leaves the others; what then can't be measured is said in the output.
WANTED := import sys, tomllib; print("\n".join(tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"]))
.venv-bench/.installed: pyproject.toml constraints-bench.txt | python-is-fit
	@echo "Installing what matching is measured against, in .venv-bench ..."
	@$(PYTHON) -m venv .venv-bench
	@$(PYTHON) -c '$(WANTED)' > .venv-bench/wanted.txt
	@while read -r package; do .venv-bench/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints-bench.txt "$$package" </dev/null || echo "Not installed: $$package"; done < .venv-bench/wanted.txt
	@touch $@

bench-matching: $(VENV)/.installed-dev .venv-bench/.installed ## how good and how fast matching is, against others (up to 40 minutes; ARGS="--quick" up to 5)
	@$(BIN)/python -m tests.bench.matching $(ARGS)

ablation: $(VENV)/.installed-dev ## what each part of matching earns: off, and measured again (up to 10 minutes)
	@$(BIN)/python -m tests.bench.ablation $(ARGS)

clean: ## remove the environment and what the demo left
	@rm -rf $(VENV) .venv-bench .hubroster-demo
