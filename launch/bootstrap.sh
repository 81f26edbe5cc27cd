#!/bin/sh
# Put uv, pinned by hash, into var/tools, with nothing but a Python 3.11 or newer.
set -eu
cd "$(dirname "$0")/.."
want=requirements/tools.txt
stamp=var/tools/.ready
if [ -f "$stamp" ] && cmp -s "$want" "$stamp"; then exit 0; fi

say() { printf '%s\n' "$*" >&2; }

python=""
for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] || continue
    # A pyenv shim may exist and fail, so each candidate has to run.
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    say "Civicdesk needs Python 3.11 or newer and found none. Install one (Debian: apt-get install python3), or set PYTHON to its path."
    exit 1
fi

rm -rf var/tools
mkdir -p var/tools
log=var/tools/install.log
if "$python" -m venv var/tools/venv >"$log" 2>&1; then
    var/tools/venv/bin/python -m pip install --quiet --require-hashes -r "$want" >>"$log" 2>&1 || pip_failed=1
    bin=var/tools/venv/bin/uv
elif "$python" -m pip --version >>"$log" 2>&1; then
    # Debian without python3-venv: pip can still install into a folder of ours.
    "$python" -m pip install --quiet --require-hashes --target var/tools/lib -r "$want" >>"$log" 2>&1 || pip_failed=1
    bin=var/tools/lib/bin/uv
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Debian's python3-venv, which this Python lacks."
    { apt-get update -qq && apt-get install -y -qq python3-venv; } >>"$log" 2>&1 || {
        say "Debian's python3-venv could not be installed ($log says why). Install it and run make again."; exit 1; }
    rm -rf var/tools/venv
    "$python" -m venv var/tools/venv >>"$log" 2>&1
    var/tools/venv/bin/python -m pip install --quiet --require-hashes -r "$want" >>"$log" 2>&1 || pip_failed=1
    bin=var/tools/venv/bin/uv
else
    say "This Python can neither make an environment nor run pip. On Debian: apt-get install python3-venv, then run make again."
    exit 1
fi
if [ -n "${pip_failed:-}" ]; then
    say "The installer (uv) could not be fetched from the package index. Check the network; $log has the details."
    exit 1
fi
ln -sf "$PWD/$bin" var/tools/uv
cp "$want" "$stamp"
