# Ostoja: `make run` to try it, `make test` to check it. Both do all their own set-up on a machine with Go, Node and apt.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Tools have modules of their own, so that what builds the product and what checks it do not mix.
TEMPL        := go tool -modfile=tools/templ/go.mod templ
GOLANGCI     := go tool -modfile=tools/lint/go.mod golangci-lint
VERSION      := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS      := -s -w -X ostoja/internal/app.Version=$(VERSION)

.PHONY: help run test build bench soak validate lint fmt generate screenshots setup clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

run: build ## build, and serve http://localhost:8080 with demonstration people in ./data
	bin/ostoja serve --demo

build: bin/assets ## build bin/ostoja
	@echo "$$(date +%T)  building bin/ostoja"
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ostoja ./cmd/ostoja

bin/assets: $(wildcard web/*) $(wildcard internal/tools/assets/*.go) go.mod package-lock.json
	@[ -d node_modules/@expo-google-fonts ] || npm ci --no-audit --no-fund --silent
	go run ./internal/tools/assets
	@mkdir -p bin && touch bin/assets

setup: ## install what the tests need: npm packages, chromium, PostgreSQL
	scripts/setup

test: setup build lint ## all tests: unit, stores on both engines, journeys in a real browser
	scripts/test

bench: setup build ## measure pages, journeys, memory, start-up and page weight with 15,000 learners; AGAINST=REVISION compares
	scripts/bench $(if $(AGAINST),--against $(AGAINST))

soak: setup build ## the long loops: fuzzing, property tests with many cases, races, planted faults
	scripts/soak

validate: setup build ## every page before other people's checkers, and the journeys in Firefox ESR; WRITE=1 notes the result
	scripts/validate

generate: ## make Go from the page templates
	$(TEMPL) generate

lint: ## static checks
	@echo "$$(date +%T)  lint: generated pages"
	scripts/generated
	@mkdir -p bin
	@echo "$$(date +%T)  lint: order of evaluation"
	go build -C tools/lint -o $(CURDIR)/bin/evalorder ./evalorder/cmd/evalorder
	go test -C tools/lint ./...
	go vet -vettool=$(CURDIR)/bin/evalorder ./...
	@echo "$$(date +%T)  lint: golangci-lint"
	$(GOLANGCI) run ./...

fmt: ## format Go and templates
	$(GOLANGCI) fmt ./...
	$(TEMPL) fmt internal

screenshots: setup build ## make the pictures of the README and docs
	scripts/screenshots

clean: ## delete what the build made; ./data stays
	rm -rf bin internal/ui/assets/dist/*.css internal/ui/assets/dist/*.js internal/ui/assets/dist/*.json
