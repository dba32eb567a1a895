# Two commands: `make run` and `make test`. The rest: `make help`.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?=
SAMPLES ?=
ARGS ?=
JOBS ?= 2
BIN := .venv/bin
# Whatever the caller's shell has set, our interpreter sees this clone and nothing else.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.PHONY: help run test test-samples bench soak fuzz check demo migrate clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/built ## build what is missing and start everything on http://localhost:8000 (PORT=…), with the demo
	@exec $(BIN)/charterway up --demo --end-with-parent

test: .venv/built ## build what is missing (Chromium too) and run every test (ARGS=tests/saas for some)
	@CHROMIUM="$$(tools/find-chromium)" $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

test-samples: .venv/built ## run the checks with real documents: make test-samples SAMPLES=DIR
	@if [ ! -d "$(SAMPLES)" ]; then echo "charterway: SAMPLES is '$(SAMPLES)': expected a folder with the documents" >&2; exit 2; fi
	@SAMPLES="$$(cd "$(SAMPLES)" && pwd)" $(BIN)/python -m pytest -m samples

bench: .venv/built ## measure the work beside its floors (ARGS="--councils 4000", ARGS="seal_60_files")
	@$(BIN)/python -m tests.bench $(ARGS)

soak: .venv/built ## kill the processes under load and count what was lost (MINUTES=10 USERS=200 SEED=… KILLS=none)
	@$(BIN)/python -m tests.soak

fuzz: .venv/built ## call the API's operations at random (CALLS=10000)
	@FUZZ_CALLS=$${CALLS:-10000} $(BIN)/python -m pytest tests/journeys/test_api_fuzz.py

check: .venv/built ## lint, format, types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

demo: .venv/built ## load the demo region (replaces a demo that is there)
	@$(BIN)/charterway demo load

migrate: .venv/built ## bring the database's schema up to date
	@$(BIN)/charterway migrate

clean: ## remove what make built; the data in DATA_DIR (./var) stays
	rm -rf .venv .hypothesis .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment knows where it was made; that of a folder that was moved is made again.
ifneq ($(shell cat .venv/built 2>/dev/null),$(CURDIR))
.PHONY: .venv/built
endif
.venv/built: requirements.lock tools/build-environment
	@tools/build-environment "$(PYTHON)"
