# make build: every product of cards/ into build/.  make test: everything that has to hold.
# make bench: what building costs.  make clean: as checked out.
# Only relative paths and `python -m`, so that the folder may have a space in its name.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

# A virtual environment is good for one place and one Python: moved, or after a system upgrade, it is made anew.
HERE := $(CURDIR), $(shell { "$(PYTHON)" -V || :; } 2>&1)
MADE := $(shell cat $(VENV)/made-for 2>/dev/null)
STALE := $(if $(subst x$(HERE),,x$(MADE)),stale)
export HERE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help build test bench clean stale
.NOTPARALLEL:

help:
	@echo 'make build   every product of cards/ into build/'
	@echo 'make test    lint, types and tests'
	@echo 'make bench   what building costs, beside two other programs (bench/README.md)'
	@echo 'make clean   removes what these made'

build: $(VENV)/ready-to-run
	@$(RUN) -m cardforge build all
	@echo 'The products are in build/:'
	@for product in build/*.apkg build/*.pdf build/*.html; do test ! -f "$$product" || echo "  $$product"; done

test: $(VENV)/ready-to-test
	@sh tests/install-programs.sh
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy --exclude 'tests/backends/.*/conftest\.py$$'
	@for each in tests/backends/*/conftest.py; do echo "$(RUN) -m mypy $$each"; $(RUN) -m mypy "$$each" || exit 1; done
	$(RUN) -m pytest -n 2

bench: $(VENV)/ready-to-run
	$(RUN) -m bench.speed

clean:
	@rm -rf $(VENV) .bench .mypy_cache .pytest_cache .ruff_cache .hypothesis .cardforge_cache src/cardforge.egg-info
	@find build -mindepth 1 ! -name .gitkeep -delete
	@find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

# The project itself is installed in place (`-e`): an edit needs no new installation, a second `make` starts at once.
$(VENV)/ready-to-run: pyproject.toml src/cardforge/__init__.py $(VENV)/made-for
	@echo 'Installing cardforge into $(VENV) …'
	@$(RUN) -m pip install -qq --editable .
	@touch $@

$(VENV)/ready-to-test: pyproject.toml src/cardforge/__init__.py $(VENV)/made-for
	@echo 'Installing cardforge and what its tests need into $(VENV) …'
	@$(RUN) -m pip install -qq --editable '.[test]'
	@touch $(VENV)/ready-to-run $@

$(VENV)/made-for: $(STALE)
	@{ "$(PYTHON)" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'; } 2>/dev/null || { \
	  echo 'cardforge needs Python 3.11 or newer with its venv module ($(PYTHON) will not do): apt-get install python3 python3-venv make' >&2; \
	  exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV)
	@printf '%s\n' "$$HERE" > $@
