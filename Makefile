# `make help` lists what there is. Every target does all of its own set-up.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
CORPORA ?= ../shared/corpora
export CORPORA

.PHONY: help deps image check format tools sandbox try demo test conformance corpora scale bench kills faults soak fuzz audit clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

node_modules/.deps: package.json package-lock.json
	@echo "installing the dependencies (about 20 s)"
	@npm ci --no-audit --no-fund --loglevel=error
	@# npm 10 installs the pinned Node.js but does not link it.
	@[ -e node_modules/.bin/node ] || ln -s ../$$(cd node_modules && ls -d node-*/bin/node) node_modules/.bin/node
	@touch $@

deps: node_modules/.deps ## install the dependencies, Node.js among them

check: deps ## types, lint, unit and property tests: a minute, no servers
	@tsc --noEmit
	@biome check --error-on-warnings .
	@vitest run --project unit

format: deps ## format and fix what can be fixed
	@biome check --write .

tools: deps ## build or fetch etcd, Kubernetes, KWOK, helm, Gitea, moto and Ansible into the cache (about 15 min at first)
	@node sandbox/main.ts tools

sandbox: deps ## a control plane with one simulated node, and Gitea, until Ctrl-C
	@node sandbox/main.ts up

try: deps ## a shop in the sandbox that Holdfast watches: break it, change it, push past the gate
	@node sandbox/main.ts try

demo: deps ## the same three stories by themselves; exits 0 only if each had the right end
	@node sandbox/main.ts demo

test: check ## check, then the gate over whole histories, then everything on real parts
	@vitest run --project histories
	@node sandbox/main.ts tools
	@vitest run --project real

conformance: deps ## the drift cases, and what the corpora declare (CORPORA, default ../shared/corpora)
	@node sandbox/main.ts tools
	@vitest run --project cloudformation --project conformance

corpora: deps ## every set applied in four ways, edited by hand, and validated (long; MUTATIONS_SEED, MUTATIONS_PER_SET)
	@node sandbox/main.ts tools
	@vitest run --project corpora

scale: deps ## observers that share 200 units and 100,000 objects, which a stand-in lists (SCALE_OBSERVERS=2, SCALE_UNITS, SCALE_OBJECTS)
	@node sandbox/main.ts tools >/dev/null
	@node test/bench/scale/main.ts

bench: deps ## figures beside kubectl and a bare LIST (BENCH_SIZES=5000,20000 BENCH_WAYS=us,apply,create)
	@node sandbox/main.ts tools >/dev/null
	@node test/bench/main.ts
	@node test/bench/converge.ts
	@node test/bench/previewing.ts

kills: deps ## syncs killed at 50 random points, the converger or the API server (SHORT=1: 10; KILLS_SEED)
	@node sandbox/main.ts tools >/dev/null
	@node test/kills/main.ts

faults: deps ## an hour in which everything around two daemons breaks (MINUTES=60; SHORT=1: 4 minutes; FAULTS_SEED)
	@node sandbox/main.ts tools >/dev/null
	@node test/faults/main.ts

soak: deps ## half an hour over 10,000 objects, whose memory and delays stay as they are (MINUTES, OBJECTS; SHORT=1)
	@node sandbox/main.ts tools >/dev/null
	@node test/soak/main.ts

fuzz: deps ## what is written, what comes in and what differs, fuzzed for FUZZ_SECONDS (60) each
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-60} vitest run --project unit test/fuzz

audit: deps ## known holes in what is shipped, as far as the registry answers such questions
	@npm audit --omit=dev --audit-level=high >node_modules/.audit 2>&1 || code=$$?; \
	if grep -q 'audit endpoint returned an error\|ENOTFOUND\|ECONNREFUSED\|EAI_AGAIN' node_modules/.audit; then \
	echo 'the registry answers no questions about known holes: nothing was checked'; exit 0; fi; \
	cat node_modules/.audit; exit $${code:-0}

# HEALTHCHECK is of the docker format; podman and buildah write another one unless told.
ENGINE ?= $(shell command -v docker || command -v podman || command -v buildah)
VERSION = $(shell sed -n 's/^  "version": "\(.*\)",$$/\1/p' package.json)
image: ## the image, by docker, podman or buildah (ENGINE, KUBECTL_SHA256, HELM_SHA256, TOFU_SHA256, BASE, TOOLS, TOFU, TARGET=holdfast)
	@test -n "$(ENGINE)" || { echo "make image: neither docker nor podman nor buildah is on PATH; install one of them"; exit 1; }
	@test -n "$(KUBECTL_SHA256)$(TOOLS)" || { echo "make image: say KUBECTL_SHA256 and HELM_SHA256, the published digests of the two files, or TOOLS, an image that has both; see docs/install.md"; exit 1; }
	$(ENGINE) $(if $(filter %docker,$(ENGINE)),build,build --format docker) --target $(or $(TARGET),holdfast) --tag $(or $(TARGET),holdfast):$(VERSION) \
	  $(foreach name,BASE TOOLS TOFU KUBECTL_SHA256 HELM_SHA256 TOFU_SHA256,$(if $($(name)),--build-arg $(name)=$($(name)))) .

clean: ## remove what was installed and built here; the cache of tools stays
	@rm -rf node_modules dist coverage
