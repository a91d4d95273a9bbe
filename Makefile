# `make help` says what there is. Everything is made from files in this repository and the two package registries.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
TARGETS ?= access_log json_lines predicate rollup_file
SECONDS_EACH ?= 3600
JOBS ?= auto

BIN := $(abspath $(VENV))/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PINS := constraints/runtime.txt constraints/dev.txt
WHEEL := dist/.wheel
RUNTIME := $(VENV)/.runtime
TOOLS := $(VENV)/.tools
READY := $(VENV)/.ready
SDIST_VENV := build/sdist/venv
IN_SDIST := --doctest-modules tests --ignore=tests/judges --ignore=tests/unit/test_errors_page.py --pyargs backburn

SOURCES := $(shell find rust python -type f -not -path 'rust/fuzz/*' -not -name '*.pyc' -not -name '*.so') \
	Cargo.toml Cargo.lock pyproject.toml $(wildcard README.md LICENSE THIRD-PARTY-LICENSES.txt)
NEXTEST := $(shell command -v cargo-nextest)

# The core builds against the interpreter that it is told of, and otherwise against the `python3` of the path.
ifneq ($(PYTHON),python3)
export PYO3_PYTHON := $(shell command -v $(PYTHON))
endif

.PHONY: help demo test test-rust test-python judge lint lint-rust lint-python lint-types lint-layers lint-licences format bench instructions test-instructions mutants fuzz test-fuzz errors wheel sdist-test licences pin clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

demo: $(READY) build/demo/.done ## make a month of traffic, evaluate its promises and show the table
	$(BIN)/backburn evaluate data/examples/fleet.yaml build/demo/*.parquet --exit-zero

test: test-rust test-python ## run every test, of Rust and of Python against the installed wheel

test-rust: ## run the tests of the Rust workspace
ifdef NEXTEST
	cargo nextest run --workspace --exclude backburn-python --locked
	cargo test --workspace --exclude backburn-python --locked --doc --quiet
else
	cargo test --workspace --exclude backburn-python --locked --quiet
endif

test-python: $(READY) $(TOOLS) ## run pytest and the doctests; ARGS="tests/unit -k budget" narrows them
	mkdir -p build/tests
	$(call pytest,$(VENV),build/tests/wheel,--doctest-modules tests --pyargs backburn)

judge: $(READY) $(TOOLS) ## hold backtests of whole weeks against a real Prometheus, tick by tick; takes some minutes
	PATH="$(BIN):$$PATH" $(BIN)/python -m pytest -n $(JOBS) tests/judges/weeks.py $(ARGS)

lint: lint-rust lint-python lint-types lint-layers lint-licences ## check the form of everything, by the targets below

# Clippy would have to build all that the fuzz targets need once more; their form costs nothing.
lint-rust: ## rustfmt, and clippy with the lints of the workspace
	cargo fmt --all --check
	cargo fmt --manifest-path rust/fuzz/Cargo.toml --check
	cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

lint-python: $(TOOLS) ## ruff: the form of Python, and its rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

lint-types: $(READY) $(TOOLS) ## mypy on the source, on the public API as a user sees it, and on the compiled module's stub
	$(BIN)/mypy
	cd tests/typing && $(BIN)/mypy --strict --config-file= --cache-dir=../../.mypy_cache/typing api.py
	mkdir -p build && cd build && $(BIN)/python -m mypy.stubtest backburn._rust

lint-layers: $(TOOLS) ## the arrows between the packages, which point downwards only
	PYTHONPATH=python $(BIN)/lint-imports --no-logo

lint-licences: $(TOOLS) ## licences, bans and origins of every dependency, without a network
	cargo fetch --locked --quiet --target x86_64-unknown-linux-gnu
	$(BIN)/python .ci/licences.py check

format: $(TOOLS) ## put Rust and Python into their settled form
	cargo fmt --all
	cargo fmt --manifest-path rust/fuzz/Cargo.toml
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

bench: $(READY) $(TOOLS) ## measure beside DuckDB, Polars and pyarrow; ARGS="--rows 5e6 --runs 3 --only parquet/" narrows it
	$(BIN)/python benches/run.py $(ARGS)

instructions: $(TOOLS) ## record what counting a row costs, in instructions
	$(BIN)/python benches/instructions.py --write

test-instructions: $(TOOLS) ## count what a row costs; over 5 % more instructions than recorded fail
	$(BIN)/python benches/instructions.py

mutants: ## change the core and the count loop in every small way; the tests must notice each
	command -v cargo-mutants >/dev/null || cargo install cargo-mutants --locked
	NEXTEST_PROFILE=mutants PROPTEST_MAX_SHRINK_ITERS=0 cargo mutants --output build

fuzz: ## feed readers bytes that nobody wrote, an hour each; SECONDS_EACH=60 TARGETS="json_lines" narrows it
	$(fuzz)

test-fuzz: SECONDS_EACH = 60
test-fuzz: ## the same for a minute each
	$(fuzz)

errors: $(READY) $(TOOLS) ## write tests/errors.md anew: every bad input, its message and its exit code
	$(BIN)/python tests/errors.py --write

wheel: $(WHEEL) ## build the release wheel into dist/
	@ls dist/*.whl

# The source and how it is built are those of the wheel, so only what an sdist may lack can differ: files of the package
# and of the crates, metadata, licences. Whatever reads them runs here, and random logs are a few; `make test` proves the rest.
sdist-test: export HYPOTHESIS_PROFILE = quick
sdist-test: $(TOOLS) ## build the sdist, its wheel in an empty venv, and run against that what may differ
	rm -rf build/sdist dist/*.tar.gz
	$(BIN)/maturin sdist --out dist
	$(PYTHON) -m venv $(SDIST_VENV)
	CARGO_TARGET_DIR=$(CURDIR)/target PIP_CONSTRAINT=$(CURDIR)/constraints/dev.txt \
		PIP_BUILD_CONSTRAINT=$(CURDIR)/constraints/dev.txt \
		$(SDIST_VENV)/bin/python -m pip --disable-pip-version-check wheel --no-cache-dir --no-deps --wheel-dir build/sdist dist/*.tar.gz
	$(SDIST_VENV)/bin/python -m pip --disable-pip-version-check --quiet install \
		-c constraints/runtime.txt build/sdist/*.whl
	$(SDIST_VENV)/bin/python -m pip --disable-pip-version-check --quiet install -r constraints/dev.txt
	mkdir -p build/tests
	$(call pytest,$(SDIST_VENV),build/tests/sdist,$(IN_SDIST))

licences: $(TOOLS) ## write THIRD-PARTY-LICENSES.txt anew: what is linked into the wheel
	cargo fetch --locked --quiet --target x86_64-unknown-linux-gnu
	$(BIN)/python .ci/licences.py write

pin: ## choose the newest versions within the declared ranges and write them to constraints/
	.ci/pin "$(PYTHON)"

clean: ## remove what these targets made, but for Cargo's target/
	rm -rf build dist $(VENV)

# The programs of the venv come first on the path, as they do for a person who has activated it. The package is named,
# not its folder: what is tested is what was installed. Tests run side by side, a process for each processor, and those
# that measure time or memory (`alone`) one by one after them; each of the two leaves a report.
define pytest
$(if $(strip $(ARGS)),$(call run_pytest,$(1),$(2),$(ARGS)),failed=0; \
$(call run_pytest,$(1),$(2),-n $(JOBS) --dist worksteal -m "not alone" $(3)) || failed=1; \
$(call run_pytest,$(1),$(2)-alone,-m alone tests) || failed=1; exit $$failed)
endef

define run_pytest
PATH="$(abspath $(1))/bin:$$PATH" $(1)/bin/python -m pytest --junitxml=$(2).xml $(3)
endef

# What is fuzzed holds no `unsafe`, so it is built without the address sanitizer, which a stable toolchain does not offer
# and which takes twice the time; overflow and the assertions of a debug build are looked for.
define fuzz
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked --quiet
cargo fetch --locked --quiet --manifest-path rust/fuzz/Cargo.toml --target x86_64-unknown-linux-gnu
CARGO_TERM_QUIET=true cargo fuzz build --dev --fuzz-dir rust/fuzz --sanitizer none --target-dir target/fuzz
printf '%s\n' $(TARGETS) | xargs -P 2 -I TARGET .ci/fuzz TARGET $(SECONDS_EACH)
endef

build/demo/.done: data/generate.py | $(READY)
	rm -rf build/demo
	$(BIN)/python data/generate.py --rows 5e6 --days 30 --services 20 --seed 7 -o build/demo
	touch $@

$(WHEEL): $(SOURCES) | $(BIN)/maturin
	rm -rf dist/*.whl
	$(BIN)/maturin build --release --locked --quiet --out dist --interpreter $(BIN)/python
	touch $@

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "CPython 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(BIN)/maturin: $(PINS) | $(BIN)/python
	$(PIP) install -c constraints/dev.txt maturin
	touch $@

# What a person needs to see the demo: the wheel, what it requires, and what the generator requires.
$(READY): $(WHEEL) $(PINS) | $(BIN)/python
	$(PIP) install -c constraints/dev.txt numpy pyarrow
	$(PIP) install -c constraints/runtime.txt dist/*.whl
	$(PIP) install --no-deps --force-reinstall dist/*.whl
	touch $@

$(TOOLS): constraints/dev.txt | $(BIN)/python
	$(PIP) install -r $<
	touch $@
