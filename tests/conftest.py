"""What tests of commands share."""

import pytest
from commands import Result, Run
from hypothesis import settings

from cxc import cli

collect_ignore = ["watcher.py"]  # it is no test, but what watches a program that a test runs

# A busy machine is no fault. Fewer examples than usual keep the suite short: it draws others at each run, and what takes
# long has scripts of its own (scripts/prove, scripts/fuzz).
settings.register_profile("unhurried", deadline=None, max_examples=50)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the stored copies of reports again")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process, and gives its status and what it wrote."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def run_command(*arguments: object) -> Result:
        status = cli.run([str(argument) for argument in arguments])
        return Result(status, *capsys.readouterr())

    return run_command
