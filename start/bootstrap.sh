#!/bin/sh
# Makes .venv and installs exactly what requirements.lock says. Does nothing when that is done already.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

# The stamp names the folder as well: in a copied checkout the scripts still point to the old place.
stamp_now() { printf '%s %s' "$(cksum < requirements.lock)" "$(pwd -P)"; }

is_ready() {
    [ -x .venv/bin/python ] && [ "$(cat .venv/.installed 2>/dev/null)" = "$(stamp_now)" ] && .venv/bin/python -c '' 2>/dev/null
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
    done
    say "Нужен Python 3.11 или новее, а здесь: $(python3 --version 2>&1 || true)."
    say "Python 3.11 or newer is needed. Debian/Ubuntu: apt-get install python3 python3-venv"
    exit 1
}

need_venv() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null && return
    say "У Python нет модуля venv (в Debian и Ubuntu это отдельный пакет). Поставьте его и повторите:"
    say "Python's venv module is missing (a package of its own on Debian and Ubuntu). Install it and try again:"
    say "    apt-get install python3-venv"
    exit 1
}

# A venv of another place or of a Python that is gone is made anew.
is_made_here() { .venv/bin/python -c 'import pip' 2>/dev/null && grep -qF "$(pwd -P)/.venv/" .venv/bin/pip; }

make_venv() {
    is_made_here && return
    python=$(find_python)
    need_venv "$python"
    say "  .venv: $("$python" --version)"
    "$python" -m venv --clear .venv
}

install_by_uv() {
    .venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install --quiet uv || return 1
    .venv/bin/python -m uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
}

install_by_pip() {
    say "  uv не справился, пробую pip / uv failed, trying pip"
    .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
}

is_ready && exit 0

# Two at once (make run beside make test) take turns where the machine has flock.
(umask 022 && mkdir -p .run)
if command -v flock >/dev/null 2>&1; then
    exec 9>.run/bootstrap.lock
    flock -n 9 || { say "  Жду другую установку / waiting for another installation"; flock 9; }
    is_ready && exit 0
fi

started=$(date +%s)
say "[0] Установка зависимостей / installing dependencies"
make_venv
if ! install_by_uv && ! install_by_pip; then
    say "Не удалось установить зависимости: причина выше. Проверьте сеть и повторите: make run"
    say "The dependencies could not be installed, the reason is above. Check the network and try again."
    exit 1
fi
stamp_now > .venv/.installed
say "  готово за $(($(date +%s) - started)) с"
