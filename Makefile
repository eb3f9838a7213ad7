# Everything a person does here. `make` lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
export PORT ?= 8080

stage := @scripts/stage
wasm := --target wasm32-unknown-unknown
# Functions are inlined only where that makes the page smaller, and have names that tell one from the
# other (scripts/split.mjs); the linker notes which data is where, and who uses it (scripts/data.mjs).
page_flags := -Cllvm-args=-inline-threshold=0 -Csymbol-mangling-version=v0 -Clink-arg=--emit-relocs
build_page := $(stage) "Release build" env \
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$(page_flags)" trunk build --release

.PHONY: help
help: ## List what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: setup-build ## Build the site and serve it on http://127.0.0.1:8080 (PORT=8081 for another port)
	@source scripts/env; node scripts/serve.mjs --probe
	$(build_page)
	@source scripts/env; exec node scripts/serve.mjs

.PHONY: build
build: setup-build ## Build the site into dist/, ready for any static host and any path
	$(build_page)

.PHONY: check
check: setup-check ## Format, lints and native tests: run it before each commit
	$(stage) "Format" cargo fmt --check
	$(stage) "Crates" scripts/deny
	$(stage) "Lints" cargo clippy --quiet --locked --all-targets -- -D warnings
	$(stage) "Native tests" cargo test --quiet --locked

.PHONY: test
test: setup-test ## Everything: lints, native tests, release build, size budget, browser tests
	$(stage) "Format" cargo fmt --check
	$(stage) "Crates" scripts/deny
	$(stage) "Lints" cargo clippy --quiet --locked --all-targets -- -D warnings
	$(stage) "Lints, the core without the page" cargo clippy --quiet --locked --lib --no-default-features -- -D warnings
	$(stage) "Lints, WebAssembly" cargo clippy --quiet --locked --bins $(wasm) -- -D warnings
	@# With what they print: those that play recordings of the real thing say how many cases agree.
	$(stage) "Native tests" cargo test --quiet --locked -- --show-output
	$(stage) "The same natively and in WebAssembly" scripts/digest
	$(build_page)
	$(stage) --last "Size budget and browser tests" node --test --test-concurrency=1 --test-reporter=spec $(wildcard tests/e2e/*.test.mjs)

.PHONY: bench
bench: setup-build ## Time roll-outs natively and in WebAssembly, as lines of JSON
	@scripts/bench

.PHONY: keystrokes
keystrokes: setup-test ## Time keystrokes in a manifest of 500 lines, as lines of JSON
	$(build_page)
	@source scripts/env; node scripts/keystrokes.mjs

.PHONY: room
room: setup-test ## Measure how much room the work takes, natively and in Chromium, as lines of JSON
	@source scripts/env; cargo run --quiet --locked --profile digest --bin room
	$(build_page)
	@source scripts/env; node scripts/room.mjs

.PHONY: kills
kills: setup-test ## Kill the page fifty times after a keystroke, and count what is lost
	$(build_page)
	@source scripts/env; node scripts/kills.mjs

.PHONY: blocks
blocks: setup-test ## Measure the longest block of hostile inputs, natively and in Chromium, as lines of JSON
	@source scripts/env; cargo run --quiet --locked --profile digest --no-default-features --features digest --bin blocks
	$(build_page)
	@source scripts/env; node scripts/blocks.mjs

.PHONY: fuzz
fuzz: setup-check ## Bring a million random and damaged inputs to every reader
	$(stage) "Build with every check" cargo test --quiet --profile fuzz --locked --no-default-features --test all --no-run
	@# Threads get the stack that a page has; the compiler needs more.
	FUZZ_INPUTS=$${FUZZ_INPUTS:-1000000} FUZZ_SECONDS=$${FUZZ_SECONDS:-1} RUST_MIN_STACK=1048576 \
		cargo test --profile fuzz --locked --no-default-features --test all fuzz:: -- --nocapture

.PHONY: frames
frames: setup-test ## Count frames and long tasks while a hundred pods play, as lines of JSON
	$(build_page)
	@source scripts/env; node scripts/frames.mjs

.PHONY: profile
profile: export PROFILE = 1
profile: setup-test ## Note in scripts/rest.txt what a first visit does not run, when the first load grows
	$(build_page) --dist target/profile
	$(stage) "Profile" node scripts/profile.mjs

.PHONY: screenshots
screenshots: setup-test ## Write docs/screenshot-*.png and static/og.png
	$(build_page)
	$(stage) "Screenshots" node scripts/screenshots.mjs

.PHONY: clean
clean: ## Delete what was built (tools in ~/.cache/statefulset-playground stay)
	rm -rf target dist node_modules

.PHONY: setup-check setup-build setup-test
setup-check setup-build setup-test:
	@scripts/setup $(@:setup-%=%)
