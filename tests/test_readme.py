"""The README is run: its commands print what it says, and its script gives what its comment says. So are those of
docs/frames.md.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cxc.commands.config import KEYS
from cxc.commands.config import config as read_config
from cxc.scheme.rulebook import load_rulebook
from cxc.trip.trip_files import read_trip_file

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FRAMES = (ROOT / "docs" / "frames.md").read_text(encoding="utf-8")


def blocks(kind: str, page: str = README) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def run(command: str) -> str:
    """What a command prints, with this Python's programs first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    result = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.stderr == ""
    return result.stdout


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.splitlines()[0])
def test_commands_print_what_the_readme_says(block: str) -> None:
    """The first line is the command, the rest its output; `...` stands for what follows."""
    command, _, expected = block.partition("\n")
    printed = run(command.removeprefix("$ "))
    if expected.endswith("...\n"):
        expected = expected.removesuffix("...\n")
        printed = printed[: len(expected)]

    assert printed == expected


@pytest.mark.parametrize("script", [*blocks("python"), *blocks("python", FRAMES)])
def test_script_gives_what_its_comment_says(script: str) -> None:
    """What the script prints stands behind it as a comment."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(script, {})

    assert printed.getvalue().strip() == script.rsplit("# ", 1)[1].strip()


def test_trip_file_and_rulebook_of_the_readme(tmp_path: Path) -> None:
    """The files that the README shows are read as they stand."""
    trip, options, rulebook = blocks("yaml")
    path = tmp_path / "ours.yaml"
    path.write_text(rulebook, encoding="utf-8")

    assert read_trip_file(trip.encode(), "trip.yaml")["host_cluster"] == "yes"
    assert load_rulebook(str(path)).extends == "medic-nest"
    config = tmp_path / "cxc.yaml"
    config.write_text(options, encoding="utf-8")
    found = read_config(str(config))
    assert found is not None
    assert set(found.values) < {key.replace("-", "_") for key in KEYS}


def test_two_commands_and_their_output_are_on_the_first_screen() -> None:
    """Nobody scrolls to find out how to begin."""
    first_screen = README.splitlines()[:24]

    assert "    scripts/demo" in "\n".join(first_screen)
    assert "    scripts/test" in "\n".join(first_screen)
    assert "$ scripts/demo" in first_screen
