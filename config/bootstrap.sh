#!/bin/sh
# Installs what is missing to build and run Sweetspot, and says what it installs.
#
#   sh config/bootstrap.sh run     to build and run
#   sh config/bootstrap.sh test    and to run every test
#   sh config/bootstrap.sh dev     and for `make lint`, `make bench` and `make fuzz`
#
# On Debian and Ubuntu it uses apt-get (with sudo where it is not root). Elsewhere it
# names the packages to install by hand. It does nothing when nothing is missing.
set -u

level=${1:-run}
case $level in
run | test | dev) ;;
*)
    echo "usage: sh config/bootstrap.sh [run|test|dev]" >&2
    exit 2
    ;;
esac

missing_apt= missing_dnf= missing_brew=

# need APT DNF BREW CHECK...: notes the packages if the check command fails ("-": none).
need() {
    apt=$1 dnf=$2 brew=$3
    shift 3
    "$@" >/dev/null 2>&1 && return
    [ "$apt" = - ] || missing_apt="$missing_apt $apt"
    [ "$dnf" = - ] || missing_dnf="$missing_dnf $dnf"
    [ "$brew" = - ] || missing_brew="$missing_brew $brew"
}

have() {
    command -v "$1"
}

# A header that the compiler finds: true also for libraries without a pkg-config file.
header() {
    echo "#include <$1>" | ${CC:-cc} -E -x c - -o /dev/null
}

# Node 18 is the oldest that the build script and the tests are written for.
node_is_recent() {
    have node && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'
}

have_chromium() {
    [ -n "${CHROMIUM:-}" ] || have chromium || have chromium-browser || have google-chrome
}

have_fashion() {
    [ -e /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz ]
}

# libFuzzer and the sanitizers that clang links for `make fuzz`.
has_fuzzer() {
    echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
        clang -fsanitize=fuzzer,address -x c - -o /dev/null
}

have_torch() {
    /usr/bin/python3 -c 'import torch'
}

list_missing() {
    missing_apt= missing_dnf= missing_brew=
    need gcc gcc gcc have "${CC:-cc}"
    need libc6-dev glibc-devel - header stdio.h
    need make make make have make
    need pkg-config pkgconf-pkg-config pkg-config have pkg-config
    need libmicrohttpd-dev libmicrohttpd-devel libmicrohttpd header microhttpd.h
    need libcjson-dev cjson-devel cjson header cjson/cJSON.h
    need libsqlite3-dev sqlite-devel sqlite header sqlite3.h
    need zlib1g-dev zlib-devel zlib header zlib.h
    case $(uname -m) in
    x86_64) need libxsmm-dev libxsmm-devel - header libxsmm.h ;;
    *) need libopenblas-dev openblas-devel openblas pkg-config --exists openblas ;;
    esac
    need nodejs nodejs node node_is_recent
    need npm nodejs-npm - have npm
    [ "$level" = run ] && return
    need libcmocka-dev libcmocka-devel cmocka header cmocka.h
    need libopenblas-dev openblas-devel openblas pkg-config --exists openblas
    need sqlite3 sqlite sqlite have sqlite3
    need chromium chromium "--cask chromium" have_chromium
    need fonts-dejavu-core dejavu-sans-fonts - test -e /usr/share/fonts
    need dataset-fashion-mnist - - have_fashion
    [ "$level" = test ] && return
    need clang clang clang have clang
    need libclang-rt-dev compiler-rt - has_fuzzer
    need clang-format clang-tools-extra clang-format have clang-format
    need clang-tidy clang-tools-extra llvm have clang-tidy
    need cppcheck cppcheck cppcheck have cppcheck
    need valgrind valgrind - have valgrind
    need python3-torch python3-torch pytorch have_torch
}

fail() {
    echo "set-up failed: $1" >&2
    exit 1
}

install_with_apt() {
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            fail "not root and no sudo; as root run: apt-get install$missing_apt"
        as_root=sudo
    fi
    echo "installing with apt-get:$missing_apt"
    $as_root apt-get update -q ||
        fail "apt-get update could not fetch the package lists (see above)"
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
        --no-install-recommends $missing_apt ||
        fail "apt-get could not install:$missing_apt (see above)"
}

list_missing
[ -n "$missing_apt$missing_dnf$missing_brew" ] || exit 0

if command -v apt-get >/dev/null; then
    [ -n "$missing_apt" ] && install_with_apt
elif command -v dnf >/dev/null; then
    fail "please install first: sudo dnf install$missing_dnf"
elif command -v brew >/dev/null; then
    fail "please install first: brew install$missing_brew"
else
    fail "no apt-get, dnf or brew here; Debian's names of what is missing:$missing_apt"
fi

list_missing
[ -z "$missing_apt" ] || fail "still missing after the installation:$missing_apt"
