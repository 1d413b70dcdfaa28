# Sets up .venv with the project and its dev extra, once for each change of pyproject.toml. Sourced by the scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-python3}
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv
fi
if ! cmp -s pyproject.toml .venv/installed-from; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
    cp pyproject.toml .venv/installed-from
fi
export PATH="$PWD/.venv/bin:$PATH"
