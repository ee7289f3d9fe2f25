# Two commands: `make run` and `make test`. Both set up first; see README.md.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q
# Compiled modules make the second start quick, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

UV := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: run setup test lint suite seeds soak bench lock clean setup-test

run: setup            ## everything, until Ctrl-C; PORT=8080 make run
	@$(BIN)/python manage.py run

setup:                ## environment, packages, front-end files
	@$(PYTHON) .ci/setup run

setup-test:
	@$(PYTHON) .ci/setup test

test: setup-test lint suite seeds   ## lint, types, floors and rooms, templates, all tests, a second seed

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

suite: setup-test     ## every suite but the large sizes, with the fixed seed
	$(PYTEST) -n 2 --dist loadfile -m "not soak"

seeds: setup-test     ## what depends on the seed, once more with a random one (printed at the end)
	PLATFORM_SEED=random $(PYTEST) -n 2 --dist loadfile -m "seeded and not soak"

soak: setup-test      ## the large sizes
	$(PYTEST) -m soak

bench: setup-test     ## make bench NAME=x writes var/bench/x.json
	@$(BIN)/python manage.py bench "$(NAME)"

lock:                 ## new exact versions and hashes, then the front end's
	$(UV) --group embedded -o requirements.lock pyproject.toml
	$(UV) -c requirements.lock --group test --group dev -o requirements-test.lock pyproject.toml
	$(UV) -c requirements.lock --group node -o requirements-node.lock
	npm install --package-lock-only

clean:                ## environment, caches and all local data
	@if [ -x $(BIN)/python ]; then $(BIN)/python manage.py services stop || true; fi
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis node_modules
