# Targets: demo build test soak fuzz bench install lint clean. Missing Debian packages are installed with apt.
PREFIX ?= /usr/local
DESTDIR ?=
MODELS = $(wildcard models/*/config.json)
BINARY = .build/release/dpscribe

.PHONY: all demo build test unit-test end-to-end-test lint soak fuzz bench install clean packages

all: build

# Everything that building needs from outside: a Swift toolchain, OpenBLAS, HDF5, zlib, pkg-config.
packages:
	@scripts/install-packages

# Releases state the commit that their executable was built from.
build: packages
	DPSCRIBE_COMMIT="$$(git describe --always --abbrev=40 --exclude='*' --dirty=-changed 2>/dev/null)" \
		swift build -c release --product dpscribe

demo: build
	$(BINARY) demo

test: packages lint unit-test end-to-end-test

lint: packages
	scripts/check-structure
	swift format lint --strict -r Sources Tests Package.swift

unit-test: packages
	swift build --build-tests
	swift test --skip-build --skip EndToEndTests

end-to-end-test: build
	swift build --build-tests
	DPSCRIBE_BINARY=$(CURDIR)/$(BINARY) swift test --skip-build --filter EndToEndTests

# 200 kills of a real run, 100 audits of a sound build, 50 races of two trainers, 20,000 searches for
# gradients that cancel; results and dates
# in Benchmarks/soak.md. The unit and end-to-end suites hold short versions.
soak: build
	scripts/soak 200 $(BINARY)
	scripts/soak-audit 100 $(BINARY)
	swift build --build-tests
	DPSCRIBE_RACES=50 DPSCRIBE_BINARY=$(CURDIR)/$(BINARY) \
		swift test --skip-build --filter ofTwoTrainersOneWins
	DPSCRIBE_SEARCHES=20000 swift test --skip-build --filter CancellingGradientTests

# Ten minutes of damaged files for each parser; CI calls scripts/fuzz 20.
fuzz: packages
	scripts/fuzz 600

bench: build
	Benchmarks/compare

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/dpscribe/models
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/dpscribe
	for model in $(dir $(MODELS)); do \
		cp -R "$$model" $(DESTDIR)$(PREFIX)/share/dpscribe/models/; \
	done

clean:
	swift package clean
