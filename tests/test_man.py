"""The man page: the help of the commands, as `man` shows it."""

import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cxc.cli import COMMANDS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "cxc.1"


def test_the_page_is_what_the_commands_say() -> None:
    """After a change of an option or a sentence, scripts/make_man.py makes it again."""
    assert PAGE.read_text(encoding="utf-8") == runpy.run_path(str(ROOT / "scripts" / "make_man.py"))["page"]()


def shown() -> str:
    command = ["groff", "-man", "-ww", "-Tascii", "-P-cbou", str(PAGE)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    return result.stdout


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_shows_it_without_a_warning() -> None:
    """Every command with its usage, whole options, and its exit statuses, within 80 columns."""
    page = shown()

    assert re.findall(r"^   cxc (\w+)", page, re.MULTILINE) == [*COMMANDS]
    assert page.count("Exit status\n") == len(COMMANDS)
    assert "\n       --host-country, --to COUNTRY\n" in page
    assert "--report-validated YYYY-MM-DD" in page
    assert "partnership validated the closing" in page
    assert max(map(len, page.splitlines())) <= 80
    assert "\\" not in re.sub(r" \\$", "", page, flags=re.MULTILINE)


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_mandoc_finds_nothing() -> None:
    result = subprocess.run(["mandoc", "-T", "lint", str(PAGE)], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_page_is_installed_with_the_program(tmp_path: Path) -> None:
    """A wheel holds it where `man` looks."""
    command = [str(Path(sys.executable).parent / "hatchling"), "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    [wheel] = tmp_path.glob("*.whl")

    with zipfile.ZipFile(wheel) as files:
        [name] = [name for name in files.namelist() if name.endswith(".data/data/share/man/man1/cxc.1")]
        assert files.read(name) == PAGE.read_bytes()
