# Everything a newcomer needs: make run, make test. `make help` lists the rest.

.POSIX:
.PHONY: help install run test check format proof bench docs screenshots clean

BIN = .venv/bin
STAMP = .venv/.installed
REPLICATIONS = 30
YEARS = 10
OUT = results/latest
PYTEST_ARGS = -n 2
SCENARIOS = \
	wijkobservatiegroepen \
	wijkobservatiegroepen-verplichte-poort \
	sbo-in-gewone-scholen \
	sbo-in-gewone-scholen-zonder-voorwaarden \
	een-sbo-minder \
	grotere-klassen \
	grotere-klassen-zonder-voorwaarden

help:
	@echo "make run      install, run the shipped scenarios, print the comparison, open the dashboard"
	@echo "              (OPEN=0: do not open the dashboard)"
	@echo "make test     install, find or install a Chromium, run the tests (PYTEST_ARGS=... is passed on)"
	@echo "make check    formatting, lint and types"
	@echo "make format   format the code and repair what ruff can repair"
	@echo "make proof    run every proof at full size; tables go to docs/proof/"
	@echo "make bench    print how long things take"
	@echo "make docs     write the generated pages of docs/ again"
	@echo "make screenshots  picture every page of the dashboard for docs/screens/ (PAGES=verken: only that one)"
	@echo "make install  make .venv and install into it (PYTHON=... names the interpreter)"
	@echo "make clean    remove caches and build output; .venv and results/ stay"

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@sh scripts/make_venv.sh "$(PYTHON)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[app,report,analysis,dev]"
	@touch $(STAMP)

run: $(STAMP)
	$(BIN)/doorstroom run $(SCENARIOS) --replications $(REPLICATIONS) --years $(YEARS) --out $(OUT)
	@if [ "$(OPEN)" = 0 ]; then \
		echo "The dashboard was not opened (OPEN=0). To open it: $(BIN)/doorstroom dashboard"; \
	else \
		$(BIN)/doorstroom dashboard; \
	fi

test: $(STAMP)
	@chromium=$$($(BIN)/python scripts/ensure_chromium.py) && \
		CHROMIUM="$$chromium" $(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

proof: $(STAMP)
	@chromium=$$($(BIN)/python scripts/ensure_chromium.py) && \
		CHROMIUM="$$chromium" $(BIN)/python -m proof

bench: $(STAMP)
	@chromium=$$($(BIN)/python scripts/ensure_chromium.py) && \
		CHROMIUM="$$chromium" $(BIN)/python -m benchmarks

docs: $(STAMP)
	$(BIN)/python scripts/generate_docs.py

screenshots: $(STAMP)
	@chromium=$$($(BIN)/python scripts/ensure_chromium.py) && \
		CHROMIUM="$$chromium" $(BIN)/python scripts/screenshots.py $(PAGES)

clean:
	rm -rf build dist doorstroom.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +
