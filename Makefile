# Every verb a developer or a first-time user needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-zA-Z_-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

.PHONY: generate
generate: ## write the CRD manifests anew after a change of the API types
	mvn -B -q -pl crds test -Dtest=CustomResourceDefinitionsTest -Dmanifests.write=true

.PHONY: format
format: ## format all Java
	mvn -B -q spotless:apply
