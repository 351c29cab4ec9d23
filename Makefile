# Everything runs in .venv, which is made anew whenever the lock or the project's settings change, the project is
# copied or moved, or another Python is asked for: .venv/ready says where and for which Python it was made.
UNIT ?= tu-mo-rong
PERIOD ?= 2023-08
PYTHON ?= python3
BIN := .venv/bin
# A Python that nobody asked for is the one that .venv has.
ASKED := $(if $(filter file,$(origin PYTHON)),$(BIN)/python,$(PYTHON))
MADE_FOR = pwd -P && $(1) -c 'import sys; print(sys.base_prefix, sys.version)'

.PHONY: report test lab bench lint lock messages guides pictures

report: .venv/ready
	$(BIN)/giamngheo report $(UNIT) $(PERIOD)

test: .venv/ready lint
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/deptry .

lab: .venv/ready
	$(BIN)/giamngheo lab

bench: .venv/ready
	$(BIN)/python -m bench

# docs/workbook.md and docs/households.md, from the schema and the rules; docs/api.md, from the docstrings.
guides: .venv/ready
	$(BIN)/python -m tools
	$(BIN)/python -m tools.api_guide

# The pictures of README.md, from the made-up province; needs Chromium.
pictures: .venv/ready
	$(BIN)/python -m tools.pictures

messages: .venv/ready
	$(BIN)/pybabel compile --domain messages --directory lib/giamngheo/locale --locale vi

# Needs uv (a developer's tool): rewrites requirements.lock for all platforms, with hashes, without addresses.
lock:
	uv pip compile --quiet --universal --generate-hashes --group dev --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-header pyproject.toml --output-file requirements.lock

ifneq ($(shell { $(call MADE_FOR,$(ASKED)); } 2>/dev/null | cmp -s - .venv/ready && echo yes),yes)
.PHONY: .venv/ready
endif
.venv/ready: requirements.lock pyproject.toml
	@case "$$PWD" in *[{}\"\`\\$$]*) \
		echo 'pip không cài được ở thư mục mà đường dẫn có { } $$ " ` hoặc \; đổi tên thư mục rồi chạy lại.' >&2; exit 1;; esac
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	# The commands write no byte code, and would compile all of lib every time.
	$(BIN)/python -m compileall -q --invalidation-mode checked-hash lib
	{ $(call MADE_FOR,$(BIN)/python); } > .venv/ready
