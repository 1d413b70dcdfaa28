"""What tests of commands share."""

import pytest
from commands import Result, Run

from cxc import cli


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process, and gives its status and what it wrote."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def run_command(*arguments: object) -> Result:
        status = cli.run([str(argument) for argument in arguments])
        return Result(status, *capsys.readouterr())

    return run_command
