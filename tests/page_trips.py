"""Trips that are put to the page as to the command. Read by the tests and by scripts/check_web."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Stated = Mapping[str, str | Sequence[str]]

_WEEK = {"arrival": "2023-05-14", "departure": "2023-05-20"}
_SHORT = {"arrival": "2023-05-14", "departure": "2023-05-18"}
_MEMBER = {"host_cluster": "yes"}

TRIPS: tuple[Stated, ...] = (
    {"host_country": "Portugal", **_WEEK, **_MEMBER},
    {"host_country": "PT", "visitor_country": "RO", **_SHORT, **_MEMBER},
    {
        "host_country": "Austria",
        "visitor_country": "Romania",
        "first_day": "2023-05-15",
        "last_day": "2023-05-17",
        **_MEMBER,
    },
    {"host_country": "Norway", **_WEEK, **_MEMBER},
    {"host_country": "Finland", "first_day": "2022-09-07", "last_day": "2022-09-09"},
    {"host_country": "United Kingdom", **_WEEK, **_MEMBER},
    {"host_country": "EL", "visitor_country": "Greece", **_WEEK, **_MEMBER},
    {"host_country": "Deutschland", **_WEEK, "host_cluster": "none"},
    {"host_country": "Spain", "arrival": "2023-01-31", "departure": "2023-03-01", **_MEMBER},
    {"host_country": "Spain", "arrival": "2023-01-31", "departure": "2023-03-02", **_MEMBER},
    {
        "host_country": "Austria",
        "visitor_country": "Slovakia",
        "visitor_place": "Bratislava",
        "host_place": "Wien",
        **_WEEK,
        **_MEMBER,
    },
    {"host_country": "Italy", **_WEEK, **_MEMBER, "visitor_type": "university", "host_type": "sme"},
    {"host_country": "Italy", **_WEEK, **_MEMBER, "visitor_type": "large-company", "visitor_cluster": "none"},
    {"host_country": "Italy", **_WEEK, **_MEMBER, "visitor_type": "sme", "visitor_cluster": "Imago-Mol"},
    {
        "host_country": "France",
        **_WEEK,
        "host_cluster": "Medvia",
        "activity": ["training", "networking"],
        "travellers": "2",
    },
    {
        "host_country": "France",
        **_WEEK,
        **_MEMBER,
        "activity": ["other"],
        "approved": ["CXC501"],
        "approved_by": "Ana Pop",
        "approved_on": "2023-04-01",
    },
    {
        "host_country": "Croatia",
        **_WEEK,
        **_MEMBER,
        "third_country_national": "yes",
        "residence_days": "200",
        "business_there": "yes",
    },
    {"host_country": "Croatia", **_WEEK, **_MEMBER, "third_country_national": "yes", "residence_days": "100"},
    {"host_country": "Ukraine", **_WEEK, **_MEMBER, "distance_km": "150,5"},
    {
        "reference": "R-1 <b>",
        "visitor": "Ștefan & Fiii SRL",
        "visitor_id": "RO123",
        "host": "Ελλάς ΑΕ",
        "host_country": "Greece",
        "visitor_country": "RO",
        **_WEEK,
        "host_cluster": "Hellenic BioCluster",
    },
)
_PAPERS = {
    **{"host_country": "Portugal", "visitor_country": "RO", **_WEEK, **_MEMBER},
    **{"registered": "yes", "commitment_signed": "2023-04-20", "agreement_signed": "2023-04-24"},
    **{"report_validated": "2023-06-12", "evidence": ["boarding-passes", "accommodation-invoices"]},
}
TODAY = "2023-06-20"
# The same at the stage of payment, as on that day.
PAYMENTS: tuple[Stated, ...] = (
    _PAPERS,
    {**_PAPERS, "evidence": ["tickets"]},
    {**_PAPERS, "commitment_signed": "2023-05-15"},
    {**_PAPERS, "paid_on": "2023-06-13", "paid_eur": "700"},
    {**_PAPERS, "host_country": "Norway"},
    {"host_country": "Portugal", **_WEEK, **_MEMBER},
    {"host_country": "Portugal", "arrival": "2023-06-14", "departure": "2023-06-25", **_MEMBER},
)
RULEBOOKS = ("medic-nest", "eccp")
STORED = Path(__file__).parent / "stored"


def options(trip: Stated) -> Iterator[str]:
    """The options that state a trip."""
    for field, value in trip.items():
        for text in [value] if isinstance(value, str) else value:
            yield from (f"--{field.replace('_', '-')}", text)


def workbook(path: Path) -> Path:
    """The stored table as a workbook of two sheets, the second of notes; its dates are dates."""
    import csv

    from openpyxl import Workbook

    book = Workbook()
    sheet, notes = book.worksheets[0], book.create_sheet("Notes")
    sheet.title = "Trips"
    notes.append(["Nothing to check here"])
    with (STORED / "trips.csv").open(encoding="utf-8", newline="") as stream:
        heading, *rows = csv.reader(stream)
    dated = {heading.index("arrival"), heading.index("departure")}
    sheet.append(heading)
    for row in rows:
        sheet.append([_day(cell) if at in dated else cell or None for at, cell in enumerate(row)])
    book.save(path)
    return path


def _day(cell: str) -> object:
    import datetime

    try:
        return datetime.date.fromisoformat(cell)
    except ValueError:
        return cell or None
