"""Each field of a trip is described once, and everything that knows fields takes them from there."""

import csv
import datetime
import io
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import get_args, get_type_hints

import jsonschema
import pytest
from commands import Run, unmeasured

import cxc
from cxc.ask.questions import QUESTIONS
from cxc.reports.schema import SCHEMAS
from cxc.scheme.loading import load_scheme
from cxc.trip import fields
from cxc.trip.fields import DESCRIPTIONS, FIELDS, Field, Kind
from cxc.trip.reader import Trip, TripReader
from cxc.trip.texts import Euros

# A text of each kind that can be read, and the JSON that states the same.
STATED: dict[Kind, tuple[str, object]] = {
    fields.TEXT: ("7", 7),
    fields.ORGANISATION: ("Acme", "Acme"),
    fields.IDENTIFIER: ("12345", 12345),
    fields.PERSON: ("Ana", "Ana"),
    fields.COUNTRY: ("Portugal", "Portugal"),
    fields.ORGANISATION_TYPE: ("SME", "SME"),
    fields.CLUSTER: ("yes", True),
    fields.DATE: ("2023-05-14", "2023-05-14"),
    fields.PLACE: ("38.7,-9.1", "38.7,-9.1"),
    fields.DISTANCE: ("180,5", 180.5),
    fields.TRAVELLERS: ("2", 2),
    fields.DAYS: ("0", 0),
    fields.ACTIVITY: ("Fair; training", ["Fair", "training"]),
    fields.YES_OR_NO: ("no", False),
    fields.PROOF: ("Tickets; attendance list", ["tickets", "attendance-list"]),
    fields.EUROS: ("780", 780.0),
    fields.RULE_CODE: ("CXC303", ["CXC303"]),
}


def test_a_trip_has_the_fields_that_are_described() -> None:
    """In the same order, which is that of columns and keys."""
    assert Trip._fields == FIELDS


@pytest.mark.parametrize("field", DESCRIPTIONS, ids=FIELDS)
def test_what_a_field_takes_and_gives(field: Field) -> None:
    """Its text and its JSON are read alike, as a value of the type that a trip holds; the schema of a trip allows both."""
    text, stated = STATED[field.kind]
    reader = TripReader(load_scheme().countries)
    value = reader.field(field.name, text)
    of_trip = get_args(get_type_hints(Trip)[field.name])

    assert value == reader.field(field.name, stated)
    assert NoneType in of_trip
    assert isinstance(value, tuple(getattr(one, "__origin__", one) for one in of_trip if one is not NoneType))
    for given in (text, stated, None):
        jsonschema.validate({field.name: given}, SCHEMAS["trip"]())
    column = next(one for one in SCHEMAS["table"]()["fields"] if one["name"] == field.name)
    types = {datetime.date: "date", int: "integer", Decimal: "number", Euros: "number"}
    assert column["type"] == types.get(type(value), "string")


def test_the_questions_stand_in_their_turns() -> None:
    """No two questions have one turn."""
    turns = [question.asked.turn for question in QUESTIONS]

    assert turns == [*range(1, len(turns) + 1)]


def test_options_of_check(run: Run) -> None:
    """Each field has its option, under its heading, with its sentence and what stands for the value."""
    page = " ".join(run("check", "--help").out.split())
    said: list[str] = []
    for heading in fields.HEADINGS:
        under = [field for field in DESCRIPTIONS if field.heading == heading]
        said += [f"{heading}:"]
        said += [f"{', '.join(field.options)} {field.kind.metavar} {field.meaning}" for field in under]

    assert " ".join(said) in page


ENTRY = """    Field(name="badge", kind=ORGANISATION, meaning="The badge of the traveller."),
    Field(name="insured", kind=YES_OR_NO, meaning="The traveller is insured.", description="yes or no", example="yes"),
)

BY_NAME"""


def test_a_new_field_is_one_entry(tmp_path: Path) -> None:
    """An entry, and an attribute of a trip: then it is read, has its columns, leaves a report and stands in schemas."""
    package = Path(cxc.__file__).parent
    shutil.copytree(package, tmp_path / "cxc", ignore=shutil.ignore_patterns("__pycache__"))
    for name, before, after in (
        ("fields.py", ")\n\nBY_NAME", ENTRY),
        (
            "reader.py",
            "\n    @property\n    def stay",
            "    badge: str | None = None\n    insured: bool | None = None\n",
        ),
    ):
        path = tmp_path / "cxc" / "trip" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1
        path.write_text(text.replace(before, after if name == "fields.py" else after + before), encoding="utf-8")

    def cxc_with_it(*arguments: str) -> str:
        command = [sys.executable, "-m", "cxc", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=unmeasured(), cwd=tmp_path)
        assert not done.stderr, done.stderr
        return done.stdout

    template = list(csv.DictReader(io.StringIO(cxc_with_it("template"))))
    assert (template[0]["badge"], template[0]["insured"]) == ("", "yes")
    table = "host_country,host_cluster,arrival,departure,badge,insured\nPT,yes,2023-05-14,2023-05-20,Red,{}\n"
    (tmp_path / "trips.csv").write_text(
        table.format("NO") + table.format("perhaps").split("\n", 1)[1], encoding="utf-8"
    )
    good, bad = map(json.loads, cxc_with_it("validate", "trips.csv", "--format", "jsonl").splitlines()[:2])
    assert (good["trip"]["badge"], good["trip"]["insured"]) == ("Red", False)
    assert bad["errors"][0]["message"].startswith("insured: 'perhaps' is neither yes nor no")
    assert "Red" not in cxc_with_it("validate", "trips.csv", "--redact", "--format", "jsonl")
    jsonschema.validate(good["trip"], json.loads(cxc_with_it("schema", "verdict"))["properties"]["trip"])
    assert {
        "name": "insured",
        "type": "string",
        "description": "yes or no",
        "constraints": {"enum": ["yes", "no"]},
    } in (json.loads(cxc_with_it("schema", "table"))["fields"])
