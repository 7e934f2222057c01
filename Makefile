# `make run` and `make test` need only python3 (3.11 or newer, with venv). `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Tests keep their order, so that those which commit, and leave an empty database, come last in every process.
PROCESSES ?= auto
PYTEST := $(BIN)/python -m pytest -n $(PROCESSES) --maxprocesses 8 --dist load
TESTS ?= tests
DATABASE_URL_POSTGRES = $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/marginalia)

.PHONY: help run test test-slow test-postgres e2e bench screenshots lint lock install install-dev

help:
	@echo "make run            the site on http://127.0.0.1:8000 (PORT=8001, HOST=0.0.0.0); again: just starts"
	@echo "make test           all tests but the slow ones, on SQLite (TESTS=tests/blog for some, PROCESSES=1)"
	@echo "make test-slow      the slow ones"
	@echo "make test-postgres  all tests on PostgreSQL (DATABASE_URL=postgres://…)"
	@echo "make e2e            those that drive a browser"
	@echo "make bench          measures all that docs/benchmarks.md says, and writes it (ONLY='cached growth' for some groups;"
	@echo "                    SITES='SMALL LARGE': folders or postgres:// addresses of sites that are there)"
	@echo "make screenshots    takes the README's pictures anew"
	@echo "make lint           ruff, djlint, migrations, deploy checks"
	@echo "make lock           writes requirements*.txt anew from pyproject.toml"

run: install
	@$(MANAGE) prepare
	@exec $(MANAGE) serve

test: install-dev
	@command -v chromium >/dev/null || echo "chromium is not here, so browser tests are skipped: apt-get install chromium"
	$(PYTEST) -m "not slow" $(TESTS)

test-slow: install-dev
	$(PYTEST) -m slow $(TESTS)

test-postgres: install-dev
	@DATABASE_URL='$(DATABASE_URL_POSTGRES)' $(PYTEST) $(TESTS)

e2e: install-dev
	$(PYTEST) -m e2e $(TESTS)

bench: install-dev
	@$(BIN)/python -m tests.benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(SITES),--sites $(SITES))

screenshots: install-dev
	$(BIN)/python -m tests.e2e.screenshots

# A throw-away folder, and the settings of a site in production.
lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	export DATA_DIR="$$folder" SITE_URL=https://blog.example.org DEBUG= DATABASE_URL= ALLOWED_HOSTS= && \
	set -x && $(MANAGE) makemigrations --check --dry-run && $(MANAGE) check --deploy --fail-level WARNING

lock: install-dev
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header pyproject.toml --group dev -o requirements-dev.txt

install:
	@$(PYTHON) -I config/install.py requirements.txt

install-dev:
	@$(PYTHON) -I config/install.py requirements-dev.txt
