"""The lock names everything that is installed for the project: after a change of pyproject.toml scripts/lock was run."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned() -> dict[str, list[str]]:
    """The versions of each package that the lock names, one for each kind of machine that needs its own."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE):
        found[canonicalize_name(name)].append(version)
    return found


def test_lock_has_all_that_the_project_needs() -> None:
    """A dependency, a tool of the tests or of the build that is not locked could change from one day to the next."""
    needed = [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    ]
    found = pinned()
    for text in needed:
        requirement = Requirement(text)
        versions = found[canonicalize_name(requirement.name)]

        assert versions, f"{requirement.name} is not locked; run scripts/lock"
        assert all(version in requirement.specifier for version in versions), f"{text}: {versions}; run scripts/lock"


def test_tests_have_the_extra_that_users_may_have() -> None:
    """What is promised of the extra is tested with the versions that it allows."""
    extras = PROJECT["project"]["optional-dependencies"]

    assert set(extras["fast"]) <= set(extras["dev"])


def test_lock_has_hashes_and_no_places() -> None:
    """Every entry has its hashes, and nothing says from which machine or address it comes."""
    entries = [entry for entry in re.split(r"\n(?=\S)", LOCK) if not entry.startswith("#")]

    assert len(entries) == sum(map(len, pinned().values())) > 20
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry
    assert not re.search(r"https?:|file:|@ |^--|/(?!lock$)", re.sub(r"\(pyproject.toml\)", "", LOCK), re.MULTILINE)
