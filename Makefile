# «Электронный дневник». All commands need only python3 >= 3.11 with venv, make and git.

VENV_PYTHON := .venv/bin/python
export ARGS

.DEFAULT_GOAL := help
.PHONY: help bootstrap run stop test check bench lock

help:
	@echo 'make run     поставить всё нужное, создать демо-школу и открыть дневник на http://127.0.0.1:8000'
	@echo '             (PORT=8001 — другой порт, HOST=0.0.0.0 — видно в сети, WORKERS=4 — больше процессов,'
	@echo '             DATABASE_URL и DATABASE_OWNER_URL — свой PostgreSQL)'
	@echo 'make stop    остановить дневник и базу данных; данные остаются'
	@echo 'make test    все тесты на временной базе данных, на всех ядрах (ARGS="-k journal -x" — параметры pytest; -n0 — на одном)'
	@echo 'make check   стиль, типы, порядок комнат, миграции, шаблоны, переводы'
	@echo 'make bench   измерения скорости (ARGS="…")'
	@echo 'make lock    обновить requirements*.lock по pyproject.toml'

bootstrap:
	@sh start/bootstrap.sh

run: bootstrap
	@exec $(VENV_PYTHON) -m start.run

stop:
	@if [ -x $(VENV_PYTHON) ]; then exec $(VENV_PYTHON) -m start.stop; fi

test: bootstrap
	@exec $(VENV_PYTHON) -m start.test

check: bootstrap
	@exec $(VENV_PYTHON) -m start.check

bench: bootstrap
	@exec $(VENV_PYTHON) -m bench $(ARGS)

COMPILE := $(VENV_PYTHON) -m uv pip compile --quiet pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links

lock: bootstrap
	@$(COMPILE) --extra demo --extra dev --output-file requirements.lock
	@$(COMPILE) --constraint requirements.lock --output-file requirements.production.lock
