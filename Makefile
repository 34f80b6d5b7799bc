# One verb per habit. `make` alone lists them.
PYTHON ?= python3
VENV := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run dev test lint ci demo bench backup drill restore lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: ## Bring everything needed into this folder (also for tests and checks)
	@$(PYTHON) bin setup --dev

run: ## Start Keyline: database, broker, web, worker; PORT=8000, HOST=127.0.0.1
	@$(PYTHON) bin run

dev: ## The same, reloading on every change, with debug pages and the gallery
	@$(PYTHON) bin run --dev

test: ## Run all tests; ARGS='-k maven' goes to pytest
	@$(PYTHON) bin setup --dev
	@$(PYTHON) bin test $(ARGS)

lint: ## All static checks
	@$(PYTHON) bin setup --dev
	@$(PYTHON) bin lint

ci: lint test ## What must pass before a commit

demo: ## Throw away all data and load the demo company afresh
	@$(PYTHON) bin setup
	@$(PYTHON) bin manage prepare --demo

bench: ## Measure the pages on a large data set (docs/performance.md)
	@$(PYTHON) bin setup
	@$(PYTHON) bin bench $(ARGS)

backup: ## Dump the embedded database and the uploaded files; DIR=/some/folder
	@$(PYTHON) bin keep backup $(DIR)

drill: ## Prove that a backup can be restored; FILE=….dump
	@$(PYTHON) bin keep drill $(FILE)

restore: ## Put a backup in the place of the data; FILE=….dump
	@$(PYTHON) bin keep restore $(FILE)

lock: ## Pin every package anew from requirements*.in
	@$(PYTHON) bin setup --dev
	@$(PYTHON) bin lock

clean: ## Stop the embedded servers and remove what set-up made; data stays
	@$(PYTHON) bin clean
