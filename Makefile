# `make demo` and `make test` on a fresh checkout need nothing but Python 3.11 or newer.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test check format bench accuracy accuracy-quick clips lab-clips train-back train-lumbar docs constraints clean

help:
	@echo "make demo         run FormCheck on a clip that ships with it"
	@echo "make test         run all tests"
	@echo "make check        format, lint, types, import rules"
	@echo "make format       put the code into its format"
	@echo "make bench        measure speed and memory"
	@echo "make accuracy     measure on rendered clips how often the coach is right; writes docs/accuracy.md"
	@echo "make clips        render the clips that ship (needs the extra lab)"
	@echo "make lab-clips    render the laboratory's clips into .lab (hours; needs the extra lab)"
	@echo "make train-back   make training pictures and train the back's model (hours; needs the extra lab)"
	@echo "make train-lumbar make the readings and fit the lumbar angle's model (an hour; needs the extra lab)"
	@echo "make docs         build the handbook"
	@echo "make figures      draw the handbook's figures anew, into docs/images"
	@echo "make constraints  resolve the pinned dependencies anew"

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "FormCheck needs Python 3.11 or newer. Install it and try again."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(READY)

demo: $(READY)
	$(BIN)/formcheck demo

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m tests.bench

accuracy: $(READY)
	$(BIN)/python -m tests.lab.bench

accuracy-quick: $(READY)
	$(BIN)/python -m tests.lab.bench --quick

clips: $(READY)
	$(BIN)/python -m tests.lab.render --out assets/clips --ship

lab-clips: $(READY)
	$(BIN)/python -m tests.lab.render --all --jobs 2 --out .lab

train-back: $(READY)
	$(BIN)/python -m tests.lab.training.samples --jobs 2
	$(BIN)/python -m tests.lab.training.train

train-lumbar: $(READY)
	$(BIN)/python -m tests.lab.training.lumbar_samples --jobs 2
	$(BIN)/python -m tests.lab.training.lumbar_fit --rows .lab/lumbar

docs: $(READY)
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build
	@echo "The handbook: docs/_build/index.html"

figures: $(READY)
	$(BIN)/python docs/figures.py

constraints:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url -o constraints.txt

clean:
	rm -rf $(VENV) demo-out build dist docs/_build docs/exercises
