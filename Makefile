# `make help` lists what there is. Every target does all of its own set-up.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
CORPORA ?= ../shared/corpora
export CORPORA

.PHONY: help deps check format unit try demo test conformance bench sandbox clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

node_modules/.deps: package.json package-lock.json
	@echo "installing the dependencies (about 20 s)"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

deps: node_modules/.deps ## install the dependencies, Node.js among them

check: deps ## types, lint, unit and property tests; no servers
	@tsc --noEmit
	@biome check --error-on-warnings .
	@vitest run --project unit

format: deps ## format and fix what can be fixed
	@biome check --write .
