# Targets for users and developers. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MVN := mvn -B -q

.PHONY: help
help: ## show this list
	@grep -hE '^[a-zA-Z_-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{split($$1, verb, ":"); printf "  %-16s %s\n", verb[1], $$2}'

##@ For users

.PHONY: demo
demo: ## build everything and run a sweep; GLUE_DIR=DIR uses the real RTE, CLUSTER=kind|minikube|k3d|current another cluster
	@hack/demo

.PHONY: tutorial
tutorial: ## run the 40 trials of the tutorial in reduced size (20 minutes) and update docs/tutorial.md
	@hack/tutorial

.PHONY: install-cli
install-cli: ## install kubectl sweep in PREFIX/bin and PREFIX/lib (default: /usr/local)
	@command -v mvn > /dev/null && command -v java > /dev/null || hack/deps build
	@$(MVN) -pl cli -am package -DskipTests
	@cli/install "$(or $(PREFIX),/usr/local)"
	@echo "installed $(or $(PREFIX),/usr/local)/bin/kubectl-sweep; with that folder in the PATH, type: kubectl sweep"

.PHONY: install-trainer
install-trainer: ## install the default trainer for kubectl sweep run as PREFIX/bin/run_glue (0.5 GB)
	@command -v mvn > /dev/null && command -v java > /dev/null || hack/deps build
	@trainer-image/install "$(or $(PREFIX),/usr/local)"
	@echo "installed $(or $(PREFIX),/usr/local)/bin/run_glue"

.PHONY: deps
deps: ## install missing packages
	@hack/deps

##@ The local cluster

.PHONY: cluster-up
cluster-up: deps ## start a Kubernetes on this machine, without Docker
	@hack/cluster/cluster up

.PHONY: cluster-down
cluster-down: ## stop the cluster and remove its files
	@hack/cluster/cluster down

.PHONY: cluster-status
cluster-status: ## show the programs of the cluster
	@hack/cluster/cluster status

.PHONY: cluster-test
cluster-test: deps ## test the cluster itself: kills, a second cluster, remaining files
	@hack/cluster/test

##@ For developers

.PHONY: test
test: ## run all tests, including those on a real cluster
	@hack/test

.PHONY: test-unit
test-unit: ## run the tests that need neither root nor a cluster
	@$(MVN) -pl crds,core,page,cli,operator,trainer-image,hack -am verify

.PHONY: soak
soak: ## run long tests with many kills, deletions and log lines
	@hack/test soak

.PHONY: test-bert-base
test-bert-base: deps ## fine-tune the real BERT-base for some steps (400 MB, once; 4 GB of memory)
	@SWEEPS_BERT_BASE=$$(hack/models/make-models bert-base-uncased)/bert-base-uncased \
	  $(MVN) -pl trainer-image -am test -Dtest=BertBaseTest -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: test-gpu
test-gpu: deps ## run the trainer tests that need an NVIDIA GPU (2.7 GB of libraries, once)
	@trainer-image/unpack-natives cuda
	@$(MVN) -pl trainer-image test -Pcuda -Dgroups=gpu -DexcludedGroups=

.PHONY: bench-trainer
bench-trainer: deps ## compare the trainer with PyTorch and transformers (15 minutes, 6 GB of memory; GLUE_DIR=DIR for the real RTE)
	@bench/trainer/run bench

.PHONY: bench-search
bench-search: deps ## compare bayes with Weights & Biases and Optuna (half an hour; 2.7 GB of PyTorch, once)
	@bench/search/run

.PHONY: test-examples
test-examples: ## run the examples with Python programs with kubectl sweep run (4 minutes; 2.7 GB of PyTorch, once)
	@hack/test-examples

.PHONY: test-python
test-python: deps ## compare tokens, saved models and the Hub cache of the trainer with Python
	@bench/trainer/run interop

.PHONY: images
images: deps ## build the images of the operator and the trainer as tar files
	@hack/image-base/build
	@trainer-image/unpack-natives
	@$(MVN) -pl operator,trainer-image -am package -Pimage -Dmaven.test.skip

.PHONY: image-cuda
image-cuda: deps ## build the trainer image for NVIDIA GPUs as a tar file (3 GB); IMAGE_REGISTRY=... pushes it
	@hack/image-base/build
	@trainer-image/unpack-natives cuda
	@$(MVN) -pl trainer-image package -Pimage,cuda -Dmaven.test.skip \
	  $(if $(IMAGE_REGISTRY),-Dimage.goal=build -Dimage.registry=$(IMAGE_REGISTRY))

.PHONY: push
push: deps ## build the images and push them: make push IMAGE_REGISTRY=...
	@test -n "$(IMAGE_REGISTRY)" || { echo "push: name the registry in IMAGE_REGISTRY" >&2; exit 1; }
	@hack/image-base/build
	@trainer-image/unpack-natives
	@$(MVN) -pl operator,trainer-image -am package -Pimage -Dmaven.test.skip -Dimage.goal=build -Dimage.registry=$(IMAGE_REGISTRY)

.PHONY: models
models: ## make encoders in Hugging Face layout in the user's cache
	@hack/models/make-models $(MODELS)

.PHONY: data
data: ## make RTE data, or a generated data set in its layout
	@hack/data/make-data

.PHONY: generate
generate: ## update the CRD manifests, docs/api.md and docs/cli.md after a change of the API types or the commands
	@$(MVN) -pl crds test -Dtest='CustomResourceDefinitionsTest,ApiReferenceTest' -Dmanifests.write=true
	@$(MVN) -pl cli -am test -Dtest=CommandReferenceTest -Dreference.write=true -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: typecheck
typecheck: ## check the types of the page's TypeScript (needs Node and npm)
	@cd page/typecheck && npm ci --silent --no-audit --no-fund && npx tsc

.PHONY: lint
lint: ## check the prose and the links of the documentation
	@hack/check-prose
	@hack/check-links

.PHONY: format
format: ## format the Java code
	@$(MVN) spotless:apply
