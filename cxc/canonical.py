"""JSON in the canonical form of RFC 8785 (JCS): one text for each value, however it was indented and ordered.

Keys are sorted by their UTF-16 code units, nothing stands between the parts, strings are escaped only where they must
be, and numbers are written as ECMAScript writes them. https://www.rfc-editor.org/rfc/rfc8785

>>> print(canonical({"b": [1.50, None], "a": "\\n\u2028"}))
{"a":"\\n\u2028","b":[1.5,null]}
>>> canonical(float("nan"))
Traceback (most recent call last):
    ...
ValueError: JSON has no nan
"""

from decimal import Decimal
from json.encoder import encode_basestring as quoted  # escapes just what RFC 8785 escapes
from math import isfinite
from typing import Final

_MOST: Final = 2**53 - 1  # JSON's numbers are doubles; up to here each whole number is one of its own


def canonical(value: object) -> str:
    """The text of a value as `json.loads` gives it. Raises ValueError for what JSON has no text for."""
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(canonical, value))}]"
    if isinstance(value, dict):
        members = [f"{quoted(key)}:{canonical(value[key])}" for key in sorted(value, key=_units)]
        return f"{{{','.join(members)}}}"
    raise ValueError(f"JSON has no {value!r}")


def _units(key: str) -> bytes:
    """What orders a key: its UTF-16 code units."""
    return key.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    """A number as ECMAScript writes it: the fewest digits, and no exponent from 1e-6 to below 1e21.

    >>> [_number(value) for value in (0.00001, 1e-7, 1e21, 150.0, -0.0)]
    ['0.00001', '1e-7', '1e+21', '150', '0']
    """
    if isinstance(value, int):
        if abs(value) > _MOST:
            raise ValueError("JSON has no whole number so large")
        return str(value)
    if not isfinite(value):
        raise ValueError(f"JSON has no {value}")
    if value == 0:
        return "0"
    if 1e-6 <= abs(value) < 1e21:
        return f"{Decimal(repr(value)).normalize():f}"
    return repr(value).replace("e-0", "e-")
