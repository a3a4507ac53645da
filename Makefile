# `make demo` and `make test` on a fresh checkout need nothing but Python 3.11 or newer.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PINNED_PIP := pip==26.3
PINNED_BUNDLER := pyinstaller==6.22.3

.PHONY: help setup demo test stories test-clinic check format bench bench-store accuracy accuracy-quick repeat clips lab-clips train-back train-lumbar docs figures constraints dist bundle clean

help:
	@echo "make demo         run FormCheck on a clip that ships with it"
	@echo "make test         run all tests"
	@echo "make stories      run a clinic's stories in Debian's Chromium (needs chromium)"
	@echo "make test-clinic  the same, and the tests of the store on a PostgreSQL server (needs both)"
	@echo "make check        format, lint, types, import rules"
	@echo "make format       put the code into its format"
	@echo "make bench        measure speed and memory"
	@echo "make bench-store  measure a store with 10,000 sessions, and kill a program in a set 100 times"
	@echo "make accuracy     measure on rendered clips how often the coach is right; writes docs/accuracy.md"
	@echo "make repeat       measure whether clips are judged the same after changes that nobody sees (needs ffmpeg)"
	@echo "make clips        render the clips that ship (needs the extra lab)"
	@echo "make lab-clips    render the laboratory's clips into .lab (hours; needs the extra lab)"
	@echo "make train-back   make training pictures and train the back's model (hours; needs the extra lab)"
	@echo "make train-lumbar make the readings and fit the lumbar angle's model (an hour; needs the extra lab)"
	@echo "make docs         build the handbook"
	@echo "make figures      draw the handbook's figures anew, into docs/images"
	@echo "make dist         build the wheel and the source archive into dist/"
	@echo "make bundle       build the self-contained program for this system into dist/FormCheck, and try it"
	@echo "make constraints  resolve the pinned dependencies anew"

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

$(READY): pyproject.toml constraints.txt packaging/pip.txt
	@test -n "$(PYTHON)" || { echo "FormCheck needs Python 3.11 or newer. Install it and try again."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r packaging/pip.txt
	$(PIP) --require-hashes -r constraints.txt
	$(PIP) --no-build-isolation -e .
	@touch $@

setup: $(READY)

demo: $(READY)
	$(BIN)/formcheck demo

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

stories: $(READY)
	$(BIN)/python -m pytest -n 2 --dist load -o python_files='story_*.py' tests/clinic

test-clinic: stories
	$(BIN)/python -m tests.store.server $(BIN)/python -m pytest -n 2 --dist loadfile tests/store

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

bench-store: $(READY)
	$(BIN)/python -m tests.bench.store --verify --kills 100

accuracy: $(READY)
	$(BIN)/python -m tests.lab.bench

accuracy-quick: $(READY)
	$(BIN)/python -m tests.lab.bench --quick

repeat: $(READY)
	$(BIN)/python -m tests.lab.bench.repeat --differences
	$(BIN)/python -m tests.lab.bench.repeat --wobble 3 --differences

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
	$(BIN)/python -m tests.lab.training.lumbar_net --rows .lab/lumbar

docs: $(READY)
	$(BIN)/python docs/demonstrations.py
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build
	@echo "The handbook: docs/_build/index.html"

figures: $(READY)
	$(BIN)/python docs/figures.py

RESOLVE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

constraints:
	$(RESOLVE) pyproject.toml --extra dev -o constraints.txt
	echo "$(PINNED_PIP)" | $(RESOLVE) - -o packaging/pip.txt
	echo "$(PINNED_BUNDLER)" | $(RESOLVE) - -c constraints.txt -o packaging/bundler.txt

dist: $(READY)
	rm -rf dist/*.whl dist/*.tar.gz
	$(BIN)/python -m build --no-isolation --outdir dist
	$(BIN)/python -m twine check --strict dist/*.whl dist/*.tar.gz

# From the wheel, not from this folder: what a patient gets holds no path of the machine that built it.
bundle: dist
	$(PIP) --require-hashes -r packaging/bundler.txt
	rm -rf build/bundle
	$(PIP) --no-compile --target build/bundle/wheel dist/*.whl
	rm build/bundle/wheel/formcheck-*.dist-info/direct_url.json
	PYTHONPATH=build/bundle/wheel $(BIN)/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/bundle packaging/formcheck.spec
	cp packaging/linux/add-to-menu.sh dist/FormCheck/
	$(BIN)/python packaging/smoke.py dist/FormCheck

clean:
	rm -rf $(VENV) demo-out build dist docs/_build docs/exercises
