# The four commands of Copydesk. Each sets up what it needs, from Python >= 3.11 and the package index.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2
ARGS ?=

PYTEST = .venv/bin/pytest -n $(JOBS) --dist worksteal
ANY_DATABASE = tests/unit tests/integration tests/conformance tests/house

help:  ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

demo: .venv/.runtime  ## Serve a demo publication: make demo [HOST=127.0.0.1] [PORT=8000]
	.venv/bin/copydesk demo --host $(HOST) --port $(PORT)

test: test-sqlite test-postgresql test-browser  ## Run every test

test-sqlite: .venv/.dev  ## Run the tests on SQLite, browser apart: make test-sqlite [ARGS="-k words"]
	tools/need xgettext gettext
	env -u COPYDESK_DATABASE_URL $(PYTEST) $(ANY_DATABASE) $(ARGS)

test-postgresql: .venv/.dev  ## Run those that use the database on PostgreSQL
	tools/need xgettext gettext
	.venv/bin/python tools/with_postgres.py $(PYTEST) $(ANY_DATABASE) $(ARGS)

test-browser: .venv/.dev  ## Run the tests in Chromium
	tools/need chromium chromium fonts-dejavu-core
	env -u COPYDESK_DATABASE_URL $(PYTEST) tests/browser $(ARGS)

check: .venv/.dev  ## Check format, lint, types, imports, templates, migrations, settings, catalogs
	tools/need msgfmt gettext
	@.venv/bin/python tools/check.py

format: .venv/.dev  ## Put Python and templates in form
	.venv/bin/ruff check --fix --quiet . || true
	.venv/bin/ruff format --quiet .
	.venv/bin/djlint --reformat --quiet copydesk || true

bench: .venv/.dev  ## Measure speed and size; results go to bench/
	tools/need wrk wrk
	tools/need nginx nginx-light
	.venv/bin/python -m bench $(ARGS)

clean:  ## Remove environments and caches; the data of the demo stays
	rm -rf .venv .tools .cache

# Two stamps in one environment: a demo does not wait for browsers' drivers and type checkers.
.venv/.runtime: pyproject.toml uv.lock tools/bootstrap tools/uv.txt
	@tools/bootstrap runtime

.venv/.dev: pyproject.toml uv.lock tools/bootstrap tools/uv.txt
	@tools/bootstrap dev

.PHONY: help demo test test-sqlite test-postgresql test-browser check format bench clean
