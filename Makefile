# Targets: demo build test soak fuzz bench man pages reference install lint clean. Missing Debian packages are installed with apt.
PREFIX ?= /usr/local
DESTDIR ?=
MODELS = $(wildcard models/*/config.json)
BINARY = .build/release/dpscribe
# Releases state the commit that their executable was built from.
COMMIT = $(shell git describe --always --abbrev=40 --exclude='*' --dirty=-changed 2>/dev/null)
MANUAL = .build/plugins/GenerateManual/outputs/CommandLineTool
SHARE = $(DESTDIR)$(PREFIX)/share

.PHONY: all demo build test unit-test end-to-end-test lint soak fuzz bench man pages reference install clean packages

all: build

# Everything that building needs from outside: a Swift toolchain, OpenBLAS, HDF5, OpenSSL, zlib, pkg-config.
packages:
	@scripts/install-packages

build: packages
	DPSCRIBE_COMMIT=$(COMMIT) swift build -c release --product dpscribe

demo: build
	$(BINARY) demo

test: packages lint unit-test end-to-end-test

lint: packages
	scripts/check-structure
	swift format lint --strict -r Sources Tests Package.swift

# The server's tests run by themselves, one after another: beside others their clients wait for a thread, not
# for an answer.
unit-test: packages
	swift build --build-tests
	swift test --skip-build --skip EndToEndTests --skip CompletionServerTests
	swift test --skip-build --no-parallel --filter CompletionServerTests

end-to-end-test: build
	swift build --build-tests
	DPSCRIBE_BINARY=$(CURDIR)/$(BINARY) swift test --skip-build --filter EndToEndTests

# 200 kills of a real run, 100 audits of a sound build, 50 races of two trainers, 20,000 searches for
# gradients that cancel, 600 hostile clients of a server, 20 times; results and dates in
# Benchmarks/soak.md. The unit and end-to-end suites hold short versions.
soak: build
	scripts/soak 200 $(BINARY)
	scripts/soak-audit 100 $(BINARY)
	swift build --build-tests
	DPSCRIBE_RACES=50 DPSCRIBE_BINARY=$(CURDIR)/$(BINARY) \
		swift test --skip-build --filter ofTwoTrainersOneWins
	DPSCRIBE_SEARCHES=20000 swift test --skip-build --filter CancellingGradientTests
	DPSCRIBE_ATTACKERS=600 DPSCRIBE_ATTACKS=20 DPSCRIBE_BINARY=$(CURDIR)/$(BINARY) \
		swift test --skip-build --filter anAttackedServerAnswersAndGivesAllBack

# Ten minutes of damaged files for each parser; CI calls scripts/fuzz 20.
fuzz: packages
	scripts/fuzz 600

bench: build
	Benchmarks/compare

# Manual pages, dpscribe(1) and one for each command, from the help texts.
man: build
	DPSCRIBE_COMMIT=$(COMMIT) swift package generate-manual --multi-page

# docs/options.md from the parser; a unit test finds it out of date.
pages: packages
	DPSCRIBE_WRITE_PAGES=1 swift test --filter OptionsPageTests

# A page for every type of every library, from the comments, in .build/reference.
reference: packages
	scripts/reference-pages

install: build man
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/dpscribe/models
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/dpscribe
	for model in $(dir $(MODELS)); do \
		cp -R "$$model" $(DESTDIR)$(PREFIX)/share/dpscribe/models/; \
	done

	install -d $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
		$(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 644 $(MANUAL)/dpscribe*.1 $(SHARE)/man/man1
	$(BINARY) --generate-completion-script bash > $(SHARE)/bash-completion/completions/dpscribe
	$(BINARY) --generate-completion-script zsh > $(SHARE)/zsh/site-functions/_dpscribe
	$(BINARY) --generate-completion-script fish > $(SHARE)/fish/vendor_completions.d/dpscribe.fish

clean:
	swift package clean
