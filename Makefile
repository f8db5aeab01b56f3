# Names for what is done often. What CI runs stands in `.ci/run`, and here only its name.
.DEFAULT_GOAL := help
.PHONY: help venv check fast translate snapshots pictures hooks release

bin = .venv/bin
texts = tui_app screens
catalogues = assets/locale

help: ## lists these targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

venv: .venv/ready ## .venv with everything, in the versions of constraints.txt

check: ## what CI runs: all tests, a part with the lowest versions, format, lint, types
	.ci/run

fast: .venv/ready ## the quick lane: format, lint, types, the tests that are not slow
	.ci/lint
	$(bin)/pytest -m "not slow"

translate: .venv/ready ## brings the texts of the source into the catalogues, compiles and tests them
	mkdir -p build
	$(bin)/pybabel -q extract -k _ -k N_ -k NN_:1,2 -k counted:2,3 --no-location --sort-output \
	    -w 1000 -o build/procession.pot $(texts)
	$(bin)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date -w 1000 \
	    -D procession -i build/procession.pot -d $(catalogues)
	$(bin)/pybabel -q compile -D procession -d $(catalogues)
	$(bin)/pytest -q tests/test_language.py

snapshots: .venv/ready ## takes new pictures of the screens, which you then look at
	$(bin)/pytest tests/screens --snapshot-update

pictures: .venv/ready ## makes the README's pictures anew, from recorded runs
	$(bin)/python -m tests.readme_pictures

hooks: .venv/ready ## has git run format, lint and types before each commit
	$(bin)/pip install -q 'pre-commit>=4'
	$(bin)/pre-commit install

release: ## makes a release: make release VERSION=1.2.3 (OPTIONS=--dry-run only tries it)
	.ci/release $(VERSION) $(OPTIONS)

# As the README's test command does.
.venv/ready: pyproject.toml constraints.txt
	python3 -m venv .venv
	$(bin)/pip install -q -e '.[dev]' -c constraints.txt
	touch $@
