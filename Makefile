# Callweave: `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

export CALLWEAVE_TOOLS ?= $(HOME)/.cache/callweave/tools
export PATH := $(CALLWEAVE_TOOLS)/go/bin:$(CALLWEAVE_TOOLS)/node/bin:$(HOME)/go/bin:$(PATH)
export GOTOOLCHAIN := local

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
WEB     := cloud/web

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: build
build: need-build web binaries ## Build bin/callweave and bin/callweave-edge, portal included

.PHONY: need-build
need-build:
	@.ci/need go node

.PHONY: binaries
binaries:
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/callweave-edge ./edge
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/callweave ./cloud
	CGO_ENABLED=0 go build -trimpath -o bin/fakepbx ./lab/fakepbx/cmd/fakepbx

.PHONY: edge-all
edge-all: ## Cross-build the edge agent for amd64, arm64 and armv7 into dist/
	@.ci/need go
	mkdir -p dist
	for t in amd64 arm64 arm; do
	  CGO_ENABLED=0 GOOS=linux GOARCH=$$t GOARM=7 go build -trimpath -ldflags '$(LDFLAGS)' -o dist/callweave-edge-linux-$$t ./edge
	done
	ls -l dist

.PHONY: web
web: $(WEB)/dist/index.html

# The report engine for the browser, which the portal loads in a worker.
ENGINE := $(WEB)/src/reports/engine
.PHONY: engine
engine: $(ENGINE)/report.wasm ## Build the report engine for the browser

$(ENGINE)/report.wasm: $(shell find cloud/report -name '*.go' ! -name '*_test.go') go.mod
	mkdir -p $(ENGINE)
	GOOS=js GOARCH=wasm go build -trimpath -ldflags '-s -w' -o $@ ./cloud/report/wasm
	cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $(ENGINE)/wasm_exec.js

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	@.ci/need node
	cd $(WEB) && npm ci --no-audit --no-fund
	touch node_modules/.package-lock.json

$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(ENGINE)/report.wasm $(shell find $(WEB)/src $(WEB)/public $(WEB)/po $(WEB)/index.html $(WEB)/vite.config.ts -type f 2>/dev/null) cloud/api/openapi.json
	cd $(WEB) && npm run build

.PHONY: demo
demo: ## Build everything and run it: a cloud, an agent, a PBX that replays recorded calls, a month of history
	@.ci/need go node postgres
	$(MAKE) --no-print-directory build
	exec bin/callweave demo

.PHONY: test
test: ## Install what the tests need and run all of them
	@.ci/need go node postgres browser race lab
	$(MAKE) --no-print-directory build
	lab/setup.sh
	go vet ./...
	(cd $(WEB) && npm test && npm run e2e) # in parentheses: what fails in the middle of a list does not end a recipe
	go test -run HundredThousand ./cloud/call
	go test -race -shuffle=on -timeout 20m $$(go list ./... | grep -v -e /lab/live -e /lab/endurance)
	# Real phones keep real time: they have the machine to themselves.
	CALLWEAVE_BIN=$(CURDIR)/bin CALLWEAVE_LAB_REQUIRED=1 go test -shuffle=on -count=1 -p 1 -timeout 20m ./lab/live/... ./lab/endurance

.PHONY: test-go
test-go: ## Go tests alone, without the lab of real PBXs
	@.ci/need go postgres
	CALLWEAVE_LAB_SKIP=1 go test -shuffle=on ./...

.PHONY: lab
lab: ## Run the live tests against real Asterisk 22 and 16 with real SIP phones
	@.ci/need go postgres lab
	$(MAKE) --no-print-directory binaries
	lab/setup.sh
	CALLWEAVE_BIN=$(CURDIR)/bin CALLWEAVE_LAB_REQUIRED=1 go test -count=1 -p 1 -timeout 20m -v ./lab/live/... ./lab/endurance

KILLS   ?= 200
MINUTES ?= 20

.PHONY: endurance
endurance: ## Kill the product at random under live calls and compare with one left alone: 200 kills, 25 minutes
	@.ci/need go postgres lab
	$(MAKE) --no-print-directory binaries
	lab/setup.sh
	CALLWEAVE_BIN=$(CURDIR)/bin go run ./lab/endurance --kills $(KILLS) --minutes $(MINUTES) $(ENDURANCE)

.PHONY: lint
lint: ## Linters for Go and TypeScript
	@.ci/need go node lint
	golangci-lint run
	$(MAKE) --no-print-directory $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && npm run lint

.PHONY: generate
generate: ## Regenerate what is generated: API description, TypeScript types, message catalogues
	@.ci/need go node
	go generate ./...
	$(MAKE) --no-print-directory $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && npm run generate

.PHONY: verify
verify: generate ## Prove that generated files are fresh and the module file is tidy
	go mod tidy -diff
	git diff --exit-code -- . ':!$(WEB)/dist'

.PHONY: i18n
i18n: ## Extract messages into the catalogues and list what lacks a translation
	@.ci/need go node
	go generate ./cloud/locale ./edge/locale
	(cd $(WEB) && npm run i18n && npm run i18n:check)

.PHONY: bench
bench: ## Measure the figures that matter, each as a ratio to a peer in the same run
	@.ci/need go node postgres
	$(MAKE) --no-print-directory build
	go run ./lab/bench

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin dist $(WEB)/node_modules
	find $(WEB)/dist -mindepth 1 ! -name placeholder.html -delete 2>/dev/null || true
