"""A trip file: one trip in YAML or JSON."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from cxc.errors import DataError
from cxc.scheme.data_files import Fields, Items, Node, Text, decode, parse
from cxc.text import clean
from cxc.trip.fields import FIELDS
from cxc.trip.kinds import START, is_table


class Stated(dict[str, object]):
    """What a trip file states, by field, with the `lines` on which its fields stand, as far as they can be told.

    >>> read_trip_file(b'{"host_country": "PT",\\n "travellers": 1}', "trip.json").lines
    {'host_country': 1, 'travellers': 2}
    """

    lines: Mapping[str, int]


def read_trip_file(content: bytes, file: str) -> Stated:
    """What a trip file states, by field: texts, lists of texts, true, false or None. Raises DataError.

    >>> read_trip_file(b"host_country: NO\\ntravellers: 1\\n", "trip.yaml")
    {'host_country': 'NO', 'travellers': '1'}
    """
    if is_table(content[:START]):
        raise DataError(file, 0, f"this is a table, not one trip; check it with cxc validate {file}")
    text = decode(content, file)
    if not text.strip():
        raise DataError(file, 0, "the file is empty; write the trip as field: value, one per line")
    stated = _json(text, file) if text.lstrip()[0] in "{[" else _yaml(parse(text, file))
    if not isinstance(stated, dict):
        kind = "a list" if isinstance(stated, list) else "a single value"
        raise DataError(file, 0, f"the file contains {kind}; write one trip as field: value, one per line")
    if "seal" in stated:
        raise DataError(file, 0, "this is a saved verdict, not a trip; cxc verify checks it")
    for field, value in stated.items():
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(part, dict) or (isinstance(value, list) and isinstance(part, list)) for part in parts):
            raise DataError(file, 0, f"{clean(field)}: a text, a number or a list of texts is needed here")
    if isinstance(stated, Stated):
        return stated
    found = Stated(stated)
    keys = {field: re.search(rf'"{field}"\s*:', text) for field in FIELDS if field in stated}
    found.lines = {field: text.count("\n", 0, key.start()) + 1 for field, key in keys.items() if key}
    return found


def _yaml(node: Node) -> object:
    if isinstance(node, Fields):
        stated = Stated({str(key): _yaml(value) for key, value in node.items()})
        stated.lines = node.key_lines
        return stated
    if isinstance(node, Items):
        return [_yaml(item) for item in node]
    assert isinstance(node, Text)
    return None if node.empty else str(node)


def _number(text: str) -> Decimal | str:
    """A number as it was written; its text where the exponent is beyond all numbers, for the field to refuse."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _json(text: str, file: str) -> object:
    """JSON with its numbers as they were written. What is no JSON may still be YAML, whose braces look alike."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                raise DataError(file, 0, f"the key '{clean(key)}' is given twice")
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=unique, parse_int=str, parse_float=_number, parse_constant=str)
    except RecursionError:
        raise DataError(file, 0, "the file is nested too deep") from None
    except json.JSONDecodeError as error:
        if file.endswith(".json"):
            raise DataError(file, error.lineno, f"this is not valid JSON: {error.msg}") from None
        return _yaml(parse(text, file))
