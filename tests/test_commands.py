"""A command is a frozen object of options, and what runs on it; the command line and a script ask the same."""

import inspect
import json
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
import typer
from commands import Run

import cxc
from cxc.cli import COMMANDS
from cxc.commands import check, validate
from cxc.commands.options import command
from cxc.trip.fields import FIELDS

MODULES = [import_module(f"cxc.commands.{name}") for name in COMMANDS]
TRIP: Final[dict[str, Any]] = {
    "host_country": "PT",
    "host_cluster": "yes",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
}


@pytest.mark.parametrize("module", MODULES, ids=COMMANDS)
def test_parsing_ends_in_one_object_that_does_not_change(module: ModuleType) -> None:
    """Every option of the command is a field of it, apart from those that state a trip, and the help is that of `run`."""
    parameters = inspect.signature(module.COMMAND).parameters
    named = set(module.Options._fields)

    no_options = {"stated", "typed", "configured"}
    assert named - no_options == parameters.keys() - {"context"} - (set(FIELDS) if "stated" in named else set())
    assert module.COMMAND.__doc__ == module.run.__doc__


def test_every_field_of_a_trip_is_an_option() -> None:
    parameters = inspect.signature(check.COMMAND).parameters

    assert set(FIELDS) <= parameters.keys()
    assert parameters["context"].annotation is typer.Context


def test_what_options_state_of_a_trip(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """One object holds what was typed; an option that was not given states nothing."""
    seen: list[check.Options] = []

    def keep(options: check.Options) -> int:
        seen.append(options)
        return 0

    monkeypatch.setattr(check, "COMMAND", command(check.Options, keep))
    words = ["check", "trip.yaml", "--to", "PT", "--activity", "networking", "--activity", "pitch", "--no-ask"]

    assert run(*words).status == 0
    stated = {"host_country": "PT", "activity": ["networking", "pitch"]}
    expected = check.Options(typed=tuple(words), trip_file="trip.yaml", stated=stated, ask=False)
    assert seen == [expected]
    with pytest.raises(AttributeError):
        seen[0].ask = True  # type: ignore[misc]


def test_a_script_judges_as_the_commands_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same trip as options, as the row of a file, and in Python, from the objects that parsing ends in."""
    file = tmp_path / "trips.csv"
    file.write_text(f"{','.join(TRIP)}\n{','.join(TRIP.values())}\n{','.join(TRIP.values()).replace('PT', 'XX')}\n")

    assert check.run(check.Options(stated=TRIP, format="jsonl")) == 0
    alone = json.loads(capsys.readouterr().out)
    assert validate.run(validate.Options(files=[str(file)], format="jsonl")) == 2
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["outcome"] for row in rows] == [row.outcome for row in cxc.check_table(str(file))]
    assert rows[0]["outcome"] == alone["outcome"] == cxc.check(rulebook="medic-nest", **TRIP).outcome == "eligible"
