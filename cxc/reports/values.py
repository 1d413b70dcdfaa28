"""How values are written, in every format."""

import datetime
from decimal import Decimal

from cxc.countries import Country
from cxc.trip import FIELDS, Trip


def trip_fields(trip: Trip) -> dict[str, object]:
    """Every field of a trip as JSON holds it: countries and types as codes, None where not stated."""
    return {field: plain(getattr(trip, field)) for field in FIELDS}


def plain(value: object) -> object:
    """A value as JSON holds it. A number with decimals stays exact: it has 15 digits at most."""
    if isinstance(value, Country):
        return value.code
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value


def money(amount: Decimal) -> str:
    """An amount in EUR with two decimals."""
    return f"{amount:.2f}"
