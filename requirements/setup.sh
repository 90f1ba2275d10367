#!/bin/sh
# Prepare the virtual environment from nothing but a Python: setup.sh PYTHON VENV base|run|dev|docs
#
# Everything installed is named with its version and hash in a .txt beside this file. Words go to stderr, so that the stdout
# of the command that comes after stays clean.
set -eu
exec 1>&2

python=$1 venv=$2 what=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

say() { printf 'battuta: %s\n' "$*"; }

newer_python() {
    for candidate in python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && "$candidate" -c '' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    echo python3.12
}

check_python() {
    if ! "$python" -c '' >/dev/null 2>&1; then
        say "'$python' does not run here. Battuta needs Python 3.11 or newer; name one, for example: make run PY=$(newer_python)"
        exit 1
    fi
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "'$python' is Python $found, Battuta needs 3.11 or newer; name one, for example: make run PY=$(newer_python)"
        exit 1
    fi
}

# pip of the environment, else (Debian's python3 without python3-venv) the pip outside working on the environment.
pip() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        "$venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"
    else
        "$python" -m pip --quiet --disable-pip-version-check --python "$venv/bin/python" "$@"
    fi
}

make_environment() {
    say "preparing $venv (once; a minute or two)"
    if "$python" -m venv --clear "$venv" >/dev/null 2>&1; then
        return
    fi
    if "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --clear --without-pip "$venv" >/dev/null 2>&1; then
        return
    fi
    rm -rf "$venv"
    say "'$python' can make no virtual environment: it has neither venv nor pip. On Debian and Ubuntu run:"
    say "    apt-get install python3-venv"
    exit 1
}

install_uv() {
    awk '/^uv==/ {on = 1; print; next} on && /^ +--hash/ {print; next} {on = 0}' "$here/dev.txt" >"$venv/uv.txt"
    pip install --require-hashes --only-binary :all: -r "$venv/uv.txt"
}

# Behind a proxy with a certificate of its own uv has to be told to believe the system's certificates, as pip does.
uv_install() {
    "$venv/bin/uv" pip install --quiet "$@" 2>"$venv/uv.log" && return
    if grep -qi certificate "$venv/uv.log"; then
        UV_SYSTEM_CERTS=1
        export UV_SYSTEM_CERTS
        "$venv/bin/uv" pip install --quiet "$@" 2>"$venv/uv.log" && return
    fi
    cat "$venv/uv.log"
    return 1
}

# uv is quick; a pip that was told of another index or mirror is the way where uv finds none.
install_locked() {
    uv_install --python "$venv/bin/python" --require-hashes -r "$here/$1" ||
        { say "uv did not succeed, trying pip" && pip install --require-hashes -r "$here/$1"; }
}

install_battuta() {
    uv_install --python "$venv/bin/python" --build-constraints "$here/dev.txt" \
        --no-deps --editable "$root" ||
        { say "uv did not succeed, trying pip" && pip install --no-deps --editable "$root"; }
}

case $what in
base)
    check_python
    make_environment
    install_uv
    ;;
run)
    install_locked run.txt
    install_battuta
    ;;
dev)
    install_locked dev.txt
    ;;
docs)
    "$venv/bin/uv" venv --quiet --clear --python "$venv/bin/python" "$venv-docs"
    uv_install --python "$venv-docs/bin/python" --require-hashes -r "$here/docs.txt"
    ;;
esac
touch "$venv/.$what"
