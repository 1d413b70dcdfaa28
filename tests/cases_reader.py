"""Reads the case files, which people who know no Python keep."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).parent


class Case(NamedTuple):
    """A trip, under which circumstances it is judged, and what must come out."""

    file: str
    name: str
    trip: dict[str, Any]
    expect: dict[str, Any]
    rulebook: str
    strict: bool
    history: list[dict[str, str]] | None
    today: datetime.date | None  # the day on which payment is asked about; None: nobody asks yet


def cases() -> Iterator[Case]:
    """Every case of every file in tests/cases."""
    for path in sorted((HERE / "cases").glob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        standard = content.get("standard", {})
        for case in content["cases"]:
            book = case.get("rulebook", "medic-nest")
            own = HERE / "rulebooks" / f"{book}.yaml"
            stated = {**standard, **case["trip"]}
            yield Case(
                path.stem,
                case["name"],
                {field: value for field, value in stated.items() if value != ""},
                case["expect"],
                str(own) if own.exists() else book,
                case.get("strict") == "yes",
                case.get("history"),
                datetime.date.fromisoformat(case["today"]) if "today" in case else None,
            )
