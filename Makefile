# `make run` and `make test` need only python3 (3.11 or newer, with venv). `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Tests keep their order, so that those which commit, and leave an empty database, come last in every process.
PROCESSES ?= auto
PYTEST := $(BIN)/python -m pytest -n $(PROCESSES) --maxprocesses 8 --dist load
TESTS ?= tests
DATABASE_URL_POSTGRES = $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/marginalia)

.PHONY: help run test test-slow test-postgres e2e fuzz bench screenshots lint lock licences audit sbom outdated \
	install install-dev install-check

help:
	@echo "make run            the site on http://127.0.0.1:8000 (PORT=8001, HOST=0.0.0.0); again: just starts"
	@echo "make test           all tests but the slow ones, on SQLite (TESTS=tests/blog for some, PROCESSES=1)"
	@echo "make test-slow      the slow ones"
	@echo "make test-postgres  all tests on PostgreSQL (DATABASE_URL=postgres://…)"
	@echo "make e2e            those that drive a browser"
	@echo "make fuzz           the long run: 100,000 odd requests, and ten minutes of odd files and texts for what reads them (FUZZ_SEED=2 for others)"
	@echo "make bench          measures all that docs/benchmarks.md says, and writes it (ONLY='cached growth' for some groups;"
	@echo "                    SITES='SMALL LARGE': folders or postgres:// addresses of sites that are there)"
	@echo "make screenshots    takes the README's pictures anew"
	@echo "make lint           ruff, djlint, migrations, deploy checks"
	@echo "make lock           writes requirements*.txt anew from pyproject.toml (UPGRADE=--upgrade: with the newest versions)"
	@echo "make licences       writes docs/licences.md anew; make sbom: a bill of materials, sbom.json"
	@echo "make audit          asks for known weaknesses of what is pinned; make outdated: for newer versions (docs/supply.md)"
	@echo "make install-check  types docs/operating.md into an empty Debian (root; debootstrap, systemd-container)"

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

fuzz: install-dev
	FUZZ_REQUESTS=100000 FUZZ_SECONDS=120 $(BIN)/python -m pytest -s $(TESTS)/config/security/test_fuzz.py $(TESTS)/config/security/test_fuzz_readers.py

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
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header $(UPGRADE) pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header $(UPGRADE) pyproject.toml --extra sentry -o requirements-sentry.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header $(UPGRADE) pyproject.toml --group dev -o requirements-dev.txt

install:
	@$(PYTHON) -I config/install.py requirements.txt

install-dev:
	@$(PYTHON) -I config/install.py requirements-dev.txt

licences: install-dev
	@$(BIN)/python -m tests.supply.licences

sbom: install-dev
	@$(BIN)/python -m tests.supply.sbom

audit: install-dev
	@$(BIN)/python -m tests.supply.audit

outdated: install-dev
	@$(BIN)/uv pip list --outdated --python $(BIN)/python 2>/dev/null || \
	{ echo "Not compared: the package index is not reached from here. Try again online."; exit 2; }

install-check: install-dev
	@$(BIN)/python -m tests.install
