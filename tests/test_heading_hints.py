"""Which field a heading may mean that names none. A hint that is wrong would be worse than none."""

from pathlib import Path

import pytest
from commands import Run

from cxc.tables.columns import KNOWN, Columns
from cxc.tables.heading_hints import meant

CORE = ("host_country", "host_cluster", "arrival", "departure")


def hint(heading: str, *columns: str) -> str | None:
    """The field that a heading may mean in a table with these columns, and the core ones."""
    places = {field: at for at, field in enumerate((*(columns or CORE), "host_country", "host_cluster"))}
    found = meant(Columns(places, (heading,)))
    assert {name for name, _ in found} <= {heading}
    return found[0][1] if found else None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *(("travelers", "travellers"), ("Traveler", "travellers"), ("TRAVELLER", "travellers"), ("travelller", "travellers")),
        *(("Number of travellers", "travellers"), ("No. of travelers", "travellers"), ("nr_traveller", "travellers")),
        *(("distance", "distance_km"), ("Distances", "distance_km"), ("km", "distance_km"), ("Kilometres", "distance_km")),
        *(("Distance in km", "distance_km"), ("distance (kilometers)", "distance_km"), ("distence km", "distance_km")),
        *(("activities", "activity"), ("Activitys", "activity"), ("evidences", "evidence"), ("References", "reference")),
        *(("third country", "third_country_national"), ("agreement", "agreement_signed")),
        *(("commitment", "commitment_signed"), ("Agreement signed on", "agreement_signed")),
        *(("Date paid", "paid_on"), ("approved date", "approved_on"), ("Day of report validated", "report_validated")),
        *(("visitor country code", "visitor_country"), ("Country of the visitor", "visitor_country")),
        *(("cluster visitor", "visitor_cluster"), ("visitor's cluster", "visitor_cluster"), ("visitor clstr", "visitor_cluster")),
        *(("type of host", "host_type"), ("Approver", "approved_by"), ("visitor tpye", "visitor_type"), ("visitors' country", "visitor_country"), ("Visitor Contry", "visitor_country")),
        *(("Visitor city", "visitor_place"), ("host_town", "host_place"), ("Host plcae", "host_place")),
        *(("visitors", "visitor"), ("hosts", "host"), ("residense_days", "residence_days")),
    ],
)  # fmt: skip
def test_hints(heading: str, field: str) -> None:
    """Slips, plurals, other orders of words, and fields without their unit."""
    assert hint(heading) == field
    assert hint(heading, *CORE, field) is None  # which has a column already


@pytest.mark.parametrize(
    "heading",
    [
        *("notes", "our notes", "status", "date", "name", "country", "cluster", "type", "id", "place", "city", "day", "code"),
        *("visitor name", "visitor VAT", "visitor email", "visitor cost", "visitor date", "visitor size", "visitor site"),
        *("visitor contact", "visitor number", "number of visitors", "visitorvat", "visit place", "visit type", "Visit ID"),
        *("host id", "hostid", "host name", "host address", "host contact", "host code", "co-host", "cohost", "host cost"),
        *("first", "last", "third", "residence", "business", "report", "paid", "expected", "first name", "last name"),
        *("Register ID", "registered office", "approved at", "approved amount", "paid in", "paid by", "department"),
        *("preference", "max travellers", "travel", "travel cost", "travel days", "activity report", "distance category"),
        *("residence days in COSME", "visitor count", "visitor contract", "visitor price", "visitor paid", "visitor kind"),
        *("visitor county", "visitor phase", "expected return", "paid town", "residency", "travels", "travelled", "report date"),
        *("amount", "EUR", "eur", "s", "-", "of", "№", "…", "Δ"),
    ],
)  # fmt: skip
def test_no_hint_that_would_be_wrong(heading: str) -> None:
    """What begins like a field, or holds one, may be something else."""
    assert hint(heading) is None


def test_a_pair_of_dates_is_enough() -> None:
    """A second pair would make every trip an error."""
    assert hint("first dya", *CORE) is None
    assert hint("arrival date", "first_day", "last_day") is None
    assert hint("arrival date", "departure") == "arrival"
    assert hint("arival", "departure") == "arrival"


def test_each_field_is_found_in_its_own_words() -> None:
    """Backwards, too; and no two fields are made of the same words."""
    for field in KNOWN:
        if "_" in field and field not in ("first_day", "last_day", *CORE):
            assert hint(" of the ".join(reversed(field.split("_")))) == field


def test_what_is_told_of_a_column_of_distances(run: Run, tmp_path: Path) -> None:
    """A visit near the host would have been paid in full without a word."""
    path = tmp_path / "trips.csv"
    path.write_text(
        f"{','.join(CORE)},distance,activities\nPT,yes,2023-05-14,2023-05-20,20,training\n", encoding="utf-8"
    )

    said = run("validate", path)

    for heading, field in (("distance", "distance_km"), ("activities", "activity")):
        assert f"{path}: the column '{heading}' is not used; did you mean {field}?" in said.err
        assert f"the column '{heading}' is not used; did you mean {field}?" in " ".join(said.out.split())
