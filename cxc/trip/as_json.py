"""How a value stands in JSON."""

import datetime
from decimal import Decimal

from cxc.scheme.countries import Country
from cxc.trip.reader import Misread
from cxc.trip.texts import Euros


def plain(value: object) -> object:
    """A value as JSON holds it. A number with decimals stays exact: it has 15 digits at most."""
    if isinstance(value, Country):
        return value.code
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Misread):
        return None
    if isinstance(value, Euros):
        return f"{value:.2f}"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value
