# Every verb a developer or a first-time user needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MVN := mvn -B -q

.PHONY: help
help: ## this list
	@grep -hE '^[a-zA-Z_-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{split($$1, verb, ":"); printf "  %-16s %s\n", verb[1], $$2}'

##@ For users

.PHONY: demo
demo: ## from nothing to the answer of a sweep; GLUE_DIR=DIR uses the real RTE, CLUSTER=kind|minikube|k3d|current another cluster
	@hack/demo

.PHONY: tutorial
tutorial: ## the tutorial's 40 trials at the size of this machine (20 minutes), and update docs/tutorial.md
	@hack/tutorial

.PHONY: install-cli
install-cli: ## kubectl sweep, into PREFIX/bin and PREFIX/lib (/usr/local when not given)
	@command -v mvn > /dev/null && command -v java > /dev/null || hack/deps build
	@$(MVN) -pl cli -am package -DskipTests
	@cli/install "$(or $(PREFIX),/usr/local)"
	@echo "installed $(or $(PREFIX),/usr/local)/bin/kubectl-sweep; with that folder in the PATH, type: kubectl sweep"

.PHONY: install-trainer
install-trainer: ## the default trainer for kubectl sweep run, as PREFIX/bin/run_glue (0.5 GB)
	@command -v mvn > /dev/null && command -v java > /dev/null || hack/deps build
	@trainer-image/install "$(or $(PREFIX),/usr/local)"
	@echo "installed $(or $(PREFIX),/usr/local)/bin/run_glue"

.PHONY: deps
deps: ## install what is missing on this machine
	@hack/deps

##@ The local cluster

.PHONY: cluster-up
cluster-up: deps ## start a Kubernetes on this machine, without Docker
	@hack/cluster/cluster up

.PHONY: cluster-down
cluster-down: ## end it, and leave nothing behind
	@hack/cluster/cluster down

.PHONY: cluster-status
cluster-status: ## what runs on it
	@hack/cluster/cluster status

.PHONY: cluster-test
cluster-test: deps ## test the cluster itself: kills, a second one beside it, what it leaves behind
	@hack/cluster/test

##@ For developers

.PHONY: test
test: ## every test, those on the real cluster included
	@hack/test

.PHONY: soak
soak: ## kill, delete and print far more than the tests do
	@hack/test soak

.PHONY: test-bert-base
test-bert-base: deps ## fine-tune the real BERT-base for some steps (400 MB, once; 4 GB of memory)
	@SWEEPS_BERT_BASE=$$(hack/models/make-models bert-base-uncased)/bert-base-uncased \
	  $(MVN) -pl trainer-image -am test -Dtest=BertBaseTest -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: test-gpu
test-gpu: deps ## the trainer's tests that need a GPU of NVIDIA's (2.7 GB of libraries, once)
	@trainer-image/unpack-natives cuda
	@$(MVN) -pl trainer-image test -Pcuda -Dgroups=gpu -DexcludedGroups=

.PHONY: bench-trainer
bench-trainer: deps ## the trainer beside PyTorch and transformers (15 minutes, 6 GB of memory; GLUE_DIR=DIR for the real RTE)
	@bench/trainer/run bench

.PHONY: bench-search
bench-search: deps ## bayes beside the bayes of Weights & Biases and Optuna's samplers (half an hour; 2.7 GB of PyTorch, once)
	@bench/search/run

.PHONY: test-examples
test-examples: ## the examples with Python programs, each run by kubectl sweep run (4 minutes; 2.7 GB of PyTorch, once)
	@hack/test-examples

.PHONY: test-python
test-python: deps ## what the trainer shares with Python, compared: tokens, saved models, the cache of the Hub
	@bench/trainer/run interop

.PHONY: images
images: deps ## the images of the operator and the trainer, as tars
	@hack/image-base/build
	@trainer-image/unpack-natives
	@$(MVN) -pl operator,trainer-image -am package -Pimage -Dmaven.test.skip

.PHONY: image-cuda
image-cuda: deps ## the trainer's image for GPUs of NVIDIA's, as a tar (3 GB); with IMAGE_REGISTRY=... into a registry
	@hack/image-base/build
	@trainer-image/unpack-natives cuda
	@$(MVN) -pl trainer-image package -Pimage,cuda -Dmaven.test.skip \
	  $(if $(IMAGE_REGISTRY),-Dimage.goal=build -Dimage.registry=$(IMAGE_REGISTRY))

.PHONY: push
push: deps ## the same into a registry: make push IMAGE_REGISTRY=...
	@test -n "$(IMAGE_REGISTRY)" || { echo "push: name the registry in IMAGE_REGISTRY" >&2; exit 1; }
	@hack/image-base/build
	@trainer-image/unpack-natives
	@$(MVN) -pl operator,trainer-image -am package -Pimage -Dmaven.test.skip -Dimage.goal=build -Dimage.registry=$(IMAGE_REGISTRY)

.PHONY: models
models: ## encoders in Hugging Face layout, in the user's cache
	@hack/models/make-models $(MODELS)

.PHONY: data
data: ## RTE, or a generated set in its layout
	@hack/data/make-data

.PHONY: generate
generate: ## update the CRD manifests, docs/api.md and docs/cli.md after a change of the API types or the commands
	@$(MVN) -pl crds test -Dtest='CustomResourceDefinitionsTest,ApiReferenceTest' -Dmanifests.write=true
	@$(MVN) -pl cli -am test -Dtest=CommandReferenceTest -Dreference.write=true -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: typecheck
typecheck: ## the types of the page's TypeScript; needs Node and npm, which nothing else does
	@cd page/typecheck && npm ci --silent --no-audit --no-fund && npx tsc

.PHONY: lint
lint: ## check the prose and the links of the documentation
	@hack/check-prose
	@hack/check-links

.PHONY: format
format: ## format all Java
	@$(MVN) spotless:apply
