# Sets up .venv with what requirements.lock names, and the project itself, once for each change of the lock or of
# pyproject.toml. Nothing is installed that the lock does not name with its hash. Sourced by the scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-python3}
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv
fi
if ! cat pyproject.toml requirements.lock | cmp -s - .venv/installed-from; then
    install=(.venv/bin/python -m pip install --quiet --disable-pip-version-check)
    "${install[@]}" --require-hashes --requirement requirements.lock
    "${install[@]}" --no-deps --no-build-isolation --editable .
    cat pyproject.toml requirements.lock > .venv/installed-from
fi
export PATH="$PWD/.venv/bin:$PATH"
