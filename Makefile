# The commands that people type; each does all it needs, on a fresh Debian 12 too. What they do stands in tools/.

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## build the exporter and watch it look at queues with demo traffic; Ctrl-C ends it
	@tools/run

test: ## every test, sanitizer, fuzzer and lint
	@tools/test

bench: ## speed and size against the targets
	@tools/bench

deb: ## the Debian package, into out/deb
	@tools/deb

image: ## the container image, into out/image
	@tools/image

dashboards: ## generate grafana/dashboards from grafana/src
	@grafana/build --write

screenshots: ## draw the dashboards with demo traffic, into out/screenshots
	@grafana/screenshots/draw

format: ## format the C++ sources in place
	@tools/format

lint: ## clang-format, clang-tidy and shellcheck
	@tools/lint/all

.PHONY: help run test bench deb image dashboards screenshots format lint

-include kernel/kernel.mk
