# The whole newcomer interface. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help run test lint bench trust backup restore drill sbom lock words clean dev

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: ## Set up what is missing and serve the site with demo cases
	@tools/setup.sh run
	@exec .venv/bin/flask --app app serve

test: dev ## Set up what is missing and run every test
	.venv/bin/pytest -n auto --dist worksteal

lint: dev ## Check style, types and who imports whom
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

bench: ## Measure against Viewflow and raw SQL; see benchmarks/README.md
	@tools/setup.sh bench
	benchmarks/.venv/bin/python -m benchmarks

trust: dev ## Run the trust tests at full size, which takes more than an hour
	.venv/bin/pytest -m trust tests/trust tests/processes --full --timeout 3600

backup: ## Copy the database and all files into one archive in instance/backups
	@tools/setup.sh run
	@.venv/bin/flask --app app backup

restore: ## Put a backup in its place: ARCHIVE=… or the newest; REPLACE=1 where something is there
	@tools/setup.sh run
	@.venv/bin/flask --app app restore $(ARCHIVE) $(if $(REPLACE),--replace) $(addprefix --checkpoint ,$(CHECKPOINT))

drill: ## Restore the newest backup beside the living system, try it, and tell how it went
	@tools/setup.sh run
	@.venv/bin/flask --app app drill $(addprefix --checkpoint ,$(CHECKPOINT))

sbom: ## List every package of the locks as CycloneDX JSON in .cache/sbom.json
	@mkdir -p .cache
	@python3 tools/make_sbom.py >.cache/sbom.json

lock: ## Rewrite the locks after a change of requirements*.in or package.json
	@tools/setup.sh lock

words: dev ## Gather the sentences to translate after a change of the Vietnamese ones
	@mkdir -p .cache
	.venv/bin/python -m babel.messages.frontend --quiet extract -F babel.cfg -k _l -k N_ --no-location --sort-output --omit-header -o .cache/messages.pot .
	.venv/bin/pybabel --quiet update -i .cache/messages.pot -d translations --width 100 --no-fuzzy-matching --omit-header --ignore-obsolete

clean: ## Remove all that setting up has made, never the data
	rm -rf .tools .venv benchmarks/.venv .cache node_modules static/vendor
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

dev:
	@tools/setup.sh dev
