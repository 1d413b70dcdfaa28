"""JSON Schemas (draft 2020-12) of what the product reads and writes: `cxc schema NAME`."""

from typing import Any, Final, get_args

from cxc.conclusions import OUTCOMES
from cxc.receipts.saved import RULE_CODE
from cxc.reports.json import SCHEMA_VERSION
from cxc.rules import RULE_NAMES, codes_at
from cxc.scheme.countries import BASES, MOST_PERCENT, STATUSES
from cxc.scheme.rulebook import LIMITS, NO_LIMIT, PERMISSIONS, Limit
from cxc.trip.fields import CODE_AS_READ, DATE_AS_READ, DESCRIPTIONS, FIELDS, TEXT_AS_READ, Field, or_null
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES, FindingOutcome, Stage

Schema = dict[str, Any]

_DATE: Final[Schema] = DATE_AS_READ
_MONEY: Final[Schema] = {"type": "string", "pattern": r"^\d+\.\d{2}$"}
_TEXT: Final[Schema] = TEXT_AS_READ
_CODE: Final[Schema] = CODE_AS_READ
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_DAYS: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
_COUNTRY: Final[Schema] = {"type": "string", "pattern": "^[A-Z]{2}$"}
_BASIS: Final[Schema] = {"enum": list(BASES)}
_STAGE: Final[Schema] = {"enum": list(get_args(Stage))}
_OUTCOME: Final[Schema] = {"enum": list(OUTCOMES[:-1])}  # of a verdict: a row may be unreadable, too
_FOUND: Final[Schema] = {"enum": list(get_args(FindingOutcome))}
_RULE: Final[Schema] = {"enum": list(RULE_NAMES.values())}
_VERSION: Final[Schema] = {"const": SCHEMA_VERSION}


def _list(items: Schema, **more: object) -> Schema:
    return {"type": "array", "items": items, **more}


_TEXTS: Final = _list(_TEXT)


def _object(properties: Schema, optional: tuple[str, ...] = (), **more: object) -> Schema:
    """An object with these properties and no others; all required but those named as optional."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


# What a row of a table has in front of its verdict, and behind.
_PLACE: Final[Schema] = {
    "file": _TEXT,
    "sheet": {**_TEXT, "description": "of a workbook"},
    "row": {"type": "integer", "minimum": 2},
}
_BESIDE: Final[Schema] = {
    "table_notices": _TEXTS,
    "expectation": _object(
        {"outcome": or_null({"enum": list(OUTCOMES)}), "eur": or_null(_MONEY), "mismatch": or_null(_TEXT)}
    ),
}


def _document(title: str, schema: Schema) -> Schema:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def trip() -> Schema:
    """A trip as people state it: numbers and true / false beside text; a blank is not stated."""
    properties = {field.name: _stated(field) for field in DESCRIPTIONS}
    return _document("A trip", _object(properties, optional=FIELDS))


def _stated(field: Field) -> Schema:
    one: Schema = {"type": list(field.kind.stated)}
    return ({"anyOf": [one, _TEXTS]} if field.kind.several else one) | _described(field)


def _described(field: Field) -> Schema:
    return {"description": field.described} if field.described else {}


def verdict() -> Schema:
    """A verdict, as `--format json` writes it; a line of `--format jsonl` that has one, too."""
    digest: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    line = _object({"code": _CODE, "text": _TEXT, "factor": or_null({"type": "string"}), "amount": _MONEY})
    payable = _object(
        {
            "currency": {"const": "EUR"},
            "amount": _MONEY,
            "basis": _BASIS,
            "derivation": _list(line, minItems=1),
        }
    )
    finding = _object(
        {
            "code": _CODE,
            "name": _RULE,
            "outcome": _FOUND,
            "message": _TEXT,
            "values": {"type": "object"},
            "sources": _TEXTS,
            "remedy": or_null(_TEXT),
        }
    )
    visit = _object(
        {
            "file": _TEXT,
            "row": {"type": "integer", "minimum": 2},
            "visitor": or_null(_TEXT),
            "visitor_id": or_null(_TEXT),
            "visitor_country": or_null(_TEXT),
            "arrival": or_null(_DATE),
        }
    )
    properties: Schema = _PLACE | {
        "schema_version": _VERSION,
        "cxc_version": _TEXT,
        "rulebook": _TEXT,
        "strict": {"type": "boolean"},
        "stage": _STAGE,
        "today": {**or_null(_DATE), "description": "the day that the rules were asked about; null at the proposal"},
        "data": _object(
            {
                "rulebook": {**digest, "description": "the rulebook, behind those that it extends"},
                "countries": digest,
                "holidays": digest,
                "places": {**digest, "description": "countries that come near each other, and towns"},
            }
        ),
        "trip": _object({field.name: field.kind.as_read for field in DESCRIPTIONS}),
        "earlier_visits": _list(visit),
        "outcome": _OUTCOME,
        "days_on_site": _DAYS,
        "working_days": _DAYS,
        "payable": or_null(payable),
        "if_settled": or_null(payable),
        "findings": _list(
            finding,
            minItems=len(codes_at("proposal")),
            maxItems=len(codes_at("payment")),
            description="every rule that is asked at the stage, in the order of the codes",
        ),
        "assumptions": _TEXTS,
        "needed": _list(
            {"enum": [*FIELDS, "history"]},
            description="fields that would settle an undecided verdict; approved: the partnership's decision; "
            "history: the option --history",
        ),
        "notices": _TEXTS,
        "next_steps": _TEXTS,
        "seal": {
            **digest,
            "description": "SHA-256 of all but seal, file, sheet and row, in the canonical form of RFC 8785",
        },
        **_BESIDE,
    }
    settled: Schema = {
        "if": {"properties": {"outcome": {"const": "eligible"}}},
        "then": {"properties": {"payable": payable, "if_settled": {"type": "null"}}},
        "else": {"properties": {"payable": {"type": "null"}}},
    }
    return _document("A verdict on one trip", _object(properties, optional=(*_PLACE, *_BESIDE), **settled))


def verdicts() -> Schema:
    """Many verdicts, as `cxc validate --format json` writes them."""
    one = verdict()
    del one["$schema"], one["title"]
    judged = {**one, "required": ["file", "row", *one["required"]]}
    error = _object({"field": or_null(_TEXT), "value": {"type": ["string", "null"]}, "message": _TEXT})
    unreadable = _object(
        {
            **_PLACE,
            "outcome": {"const": "unreadable"},
            "errors": _list(error, minItems=1),
            **_BESIDE,
        },
        optional=("sheet", *_BESIDE),
    )
    host = _object({"trips": _COUNT, "payable_eur": _MONEY})
    cluster = _object({"text": _TEXT, "rows": {"type": "integer", "minimum": 1}, "in_doubt": {"type": "boolean"}})
    summary = _object(
        {
            "rows": _COUNT,
            "outcomes": _object(dict.fromkeys(OUTCOMES, _COUNT)),
            "no_trips": {
                **_COUNT,
                "description": "rows that state neither host country, dates nor cluster of the host",
            },
            "expected": _COUNT,
            "mismatched": _COUNT,
            "nobody_named": {**_COUNT, "description": "rows that name no visitor: once-only was not checked for them"},
            "assuming": {**_COUNT, "description": "rows that are not refused and rest on assumptions"},
            "payable_eur": _MONEY,
            "paid": {
                **or_null(_object({"trips": _COUNT, "paid_eur": _MONEY, "without_amount": _COUNT})),
                "description": "at the stage of payment: the visits that are paid already, and what is stated of that",
            },
            "by_host_country": {"type": "object", "additionalProperties": host},
            "reasons": {"type": "object", "propertyNames": _CODE, "additionalProperties": _COUNT},
            "notices": _TEXTS,
            "taken_as_clusters": {
                **or_null(_list(cluster)),
                "description": "the texts that were taken as names of clusters, cut to 120 letters; in_doubt: it may "
                "be a remark; null: withheld",
            },
            "rows_with_more_clusters": {**_COUNT, "description": "rows that name a cluster for which there is no room"},
        }
    )
    properties: Schema = {
        "schema_version": _VERSION,
        "verdicts": _list({"anyOf": [judged, unreadable]}),
        "summary": summary,
    }
    return _document("Verdicts on the trips of tables", _object(properties))


def estimates() -> Schema:
    """What visits would bring, as `cxc estimate --format json` writes it."""
    properties: Schema = {
        "host_country": _COUNTRY,
        "days_on_site": {**_DAYS, "description": "null where only working days are known"},
        "working_days": {**_DAYS, "description": "null where only the days on site are known, or no holidays"},
        "amount": {**or_null(_MONEY), "description": "EUR; null unless eligible"},
        "basis": or_null(_BASIS),
        "outcome": _OUTCOME,
    }
    promised: Schema = {
        "if": {"properties": {"outcome": {"const": "eligible"}}},
        "then": {"properties": {"amount": _MONEY, "basis": _BASIS}},
        "else": {"properties": {"amount": {"type": "null"}, "basis": {"type": "null"}}},
    }
    entries = _list(
        _object(properties, **promised),
        description="highest amount first, then by name; without days and dates, for the days of the full sum",
    )
    return _document(
        "What visits would bring",
        _object(
            {
                "schema_version": _VERSION,
                "rulebook": _TEXT,
                "estimates": entries,
                "assumptions": _TEXTS,
                "changes": {**_TEXTS, "description": "what would change the amount"},
                "notices": _TEXTS,
            }
        ),
    )


def plans() -> Schema:
    """Stays that meet the rules, as `cxc plan --format json` writes them."""
    properties: Schema = {
        "arrival": _DATE,
        "departure": _DATE,
        "nights": _COUNT,
        "days_on_site": _COUNT,
        "working_days": {**or_null(_COUNT), "description": "null where the public holidays are not known"},
        "amount": {**_MONEY, "description": "EUR"},
        "basis": _BASIS,
        "holidays": {
            **or_null(_list(_DATE)),
            "description": "the host country's public holidays among the days on site; null where they are not known",
        },
    }
    best = _list(
        _object(properties),
        description="the highest amount first, then fewer nights, then those that bring the same if only working "
        "days count, then earlier; as many as --most asks for",
    )
    return _document(
        "Stays that meet the rules",
        _object(
            {
                "schema_version": _VERSION,
                "rulebook": _TEXT,
                "total": {**_COUNT, "description": "how many stays in the window meet the rules"},
                "plans": best,
                "safer_stay": {
                    **or_null(_object({"place": {"type": "integer", "minimum": 2}, **properties})),
                    "description": "where none of the plans brings the same if only working days count: the best stay "
                    "that does, and its place among all",
                },
                "reason": {**or_null(_TEXT), "description": "why there is no stay"},
                "nearest_window": {
                    **or_null(_object({"earliest": _DATE, "latest": _DATE})),
                    "description": "where there is no stay: the nearest window that has one",
                },
                "assumptions": _TEXTS,
                "notices": _TEXTS,
            }
        ),
    )


def data() -> Schema:
    """What data files state and when it was checked, as `cxc data --format json` writes it."""
    value = _object(
        {
            "file": _TEXT,
            "line": {
                **or_null({"type": "integer", "minimum": 1}),
                "description": "where its day of checking stands; null where none is stated",
            },
            "name": _TEXT,
            "value": _TEXT,
            "basis": or_null(_BASIS),
            "from": {**or_null(_DATE), "description": "first day of arrival for which it holds"},
            "to": {**or_null(_DATE), "description": "last day of arrival for which it holds"},
            "checked": or_null(_DATE),
            "age_days": {
                "type": ["integer", "null"],
                "description": "days since it was checked; less than 0 where that day is still to come",
            },
            "stale": {
                "type": ["boolean", "null"],
                "description": "not checked for more than stale_days, or on a day to come; null without --stale",
            },
            "sources": {**_TEXTS, "description": "addresses"},
        }
    )
    properties: Schema = {
        "schema_version": _VERSION,
        "today": _DATE,
        "stale_days": {**or_null({"type": "integer", "minimum": 1}), "description": "--stale"},
        "values": _list(value, description="the stale ones first"),
        "summary": _object({"files": _COUNT, "values": _COUNT, "stale": or_null(_COUNT)}),
    }
    return _document("The values of data files and their age", _object(properties))


def coverage() -> Schema:
    """What a table of cases saw the rules find, as `cxc validate --coverage --format json` writes it."""
    rule = _object(
        {
            "code": _CODE,
            "name": _RULE,
            "rows": {
                **_object(dict.fromkeys(get_args(FindingOutcome), or_null(_COUNT))),
                "description": "how many rows saw the rule find what; null where it never can under this rulebook",
            },
            "never": _list(_FOUND, description="what it can find and no row saw"),
        }
    )
    properties: Schema = {
        "schema_version": _VERSION,
        "rulebook": _TEXT,
        "strict": {"type": "boolean"},
        "stage": _STAGE,
        "rows": {**_COUNT, "description": "rows that count: they say what they expect, and can be read"},
        "other_rows": {**_COUNT, "description": "the others, which do not count"},
        "rules": _list(rule, description="every rule that was asked, in the order of the codes"),
        "complete": {"type": "boolean", "description": "whether nothing is left that no row saw"},
    }
    return _document("What a table of cases saw the rules find", _object(properties))


def verify() -> Schema:
    """What became of saved verdicts, as `cxc verify --format json` writes it."""
    place: Schema = {
        "file": _TEXT,
        "row": {
            "type": "integer",
            "minimum": 1,
            "description": "the line of the receipt in a jsonl file, else its number in the file, from 1 on",
        },
    }
    finding = _object(
        {
            "code": {"type": "string", "pattern": RULE_CODE},
            "outcome": _FOUND,
            "values": {"type": "object"},
        }
    )
    said = _object(
        {
            "outcome": _OUTCOME,
            "amount": {**or_null(_MONEY), "description": "EUR; payable, or if what is open is settled"},
            "basis": or_null(_BASIS),
            "days_on_site": _DAYS,
            "working_days": _DAYS,
            "needed": _TEXTS,
            "findings": _list(finding, description="those that moved"),
        }
    )
    moved = _object({**place, "reference": or_null(_TEXT), "was": said, "now": said, "why": _TEXTS})
    host = _object({"host_country": _COUNTRY, "was_eur": _MONEY, "now_eur": _MONEY})
    return _document(
        "What became of saved verdicts",
        _object(
            {
                "receipts": _COUNT,
                "same": _COUNT,
                "moved": _list(moved),
                "altered": _list(_object(place)),
                "unreadable": _list(_object({**place, "message": _TEXT})),
                "by_host_country": _list(host, description="what was payable, and what is"),
            }
        ),
    )


def table() -> Schema:
    """The columns of a table of trips, as a Frictionless Table Schema."""
    fields = []
    for field in DESCRIPTIONS:
        constraints = {"constraints": field.kind.constraints} if field.kind.constraints else {}
        fields.append({"name": field.name, "type": field.kind.column, **_described(field), **constraints})
    return {"fields": fields, "missingValues": [""]}


# In data files every scalar is read as text, so an editor may see a number, a date or a boolean where text is meant.
_STATED: Final[Schema] = {"type": "string", "pattern": r"\S"}
_DAY: Final[Schema] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_AMOUNT: Final[Schema] = {
    "type": ["string", "number"],
    "pattern": r"^\d{1,9}(\.\d{1,2})?$",
    "exclusiveMinimum": 0,
    "description": "EUR",
}
_CHECKED: Final[Schema] = {**_DAY, "description": "YYYY-MM-DD: the day on which it was last checked"}
_SOURCES: Final = _list(
    {"type": "string", "pattern": "^(https?://.*|[A-Z][A-Za-z0-9]*)$"},
    minItems=1,
    description="addresses, or keys of the list of sources",
)
_WHOLE: Final[Schema] = {"type": ["integer", "string"], "pattern": "^[0-9]{1,9}$", "minimum": 1}
_NAMES: Final = _list(_STATED)
_SOURCED: Final[Schema] = {"sources": _SOURCES, "checked": _CHECKED}


def _lump_sums() -> Schema:
    amount: Schema = {
        "from": {**_DAY, "description": "first day of arrival for which the amount holds"},
        "to": {**_DAY, "description": "last day of arrival for which it holds; without it no end is known"},
        "full_eur": {**_AMOUNT, "description": "EUR; the share for a short stay must be a whole cent"},
        "full_basis": {**_BASIS, "description": "published by a partnership, or inferred"},
        "half_basis": {**_BASIS, "description": "the same of the share for a short stay or a near host"},
        **_SOURCED,
    }
    return _list(_object(amount, optional=("to",)), minItems=1)


def countries() -> Schema:
    """A country table, as `--countries` reads it and `cxc countries --format json` writes it."""
    asks: Schema = {"properties": {"status": {"const": "ask"}}}
    country = _object(
        {
            "name": _STATED,
            "local_names": _NAMES,
            "also": {**_NAMES, "description": "other spellings that are accepted"},
            "status": {"enum": list(STATUSES)},
            "note": {**_STATED, "description": "why the status is what it is; needed for the status ask"},
            **_SOURCED,
            "lump_sums": _lump_sums(),
        },
        optional=("local_names", "also", "note", "lump_sums"),
        **{"if": asks, "then": {"required": ["note"]}},
    )
    table: Schema = {"type": "object", "patternProperties": {"^[A-Z]{2}$": country}, "additionalProperties": False}
    parts = _object({"of": {"type": "object", "additionalProperties": _COUNTRY}, **_SOURCED})
    properties: Schema = {
        "scheme": _object({"name": {**_STATED, "description": "the scheme of the table; without it, ClusterXchange"}}),
        "inferred_from": {**_STATED, "description": "what the inferred amounts come from, in the sentence of a notice"},
        "reduced_to_percent": {
            **_WHOLE,
            "maximum": MOST_PERCENT,
            "description": "the share of which half_basis speaks, in percent; without it, 50",
        },
        "territories": parts,
        "countries": {**table, "minProperties": 1},
    }
    return _document(
        "A country table",
        _object(properties, optional=("scheme", "inferred_from", "reduced_to_percent", "territories")),
    )


def rulebook() -> Schema:
    """A rulebook, as `--rulebook` reads it and `cxc rules --format json` writes it.

    Without `extends` everything but `title` and `lump_sums` is needed.
    """
    basis: Schema = {**_BASIS, "description": "inferred: not confirmed for the scheme"}
    limits = {
        name: _object(
            {"value": _value_of(limit), "basis": basis, **_SOURCED}, optional=("basis",), description=limit.meaning
        )
        for name, limit in LIMITS.items()
    }
    permission: Schema = {"enum": list(PERMISSIONS)}
    types = dict.fromkeys(ORGANISATION_TYPES, permission)
    permissions = _object({"types": _object(types, optional=ORGANISATION_TYPES), **_SOURCED})
    rule = _object(
        {"name": _RULE, "says": _STATED, "why": _STATED, **_SOURCED},
        optional=("name", "says", "why"),
    )
    listed: Schema = _list({"enum": list(ACTIVITIES)}, minItems=1)
    cluster = _object({"name": _STATED, "aliases": {**_NAMES, "description": "its other names"}}, optional=("aliases",))
    scheme: Schema = {
        "name": {**_STATED, "description": "the name of the scheme, as sentences give it"},
        "programme": {**_STATED, "description": "what its countries take part in; without it, the name of the scheme"},
        "platform": {**_STATED, "description": "who counts working days, where a rulebook counts all days"},
    }
    properties: Schema = {
        "rulebook": {**_STATED, "description": "its name, which every verdict tells"},
        "extends": {**_STATED, "description": "the name or the file of the rulebook that this one changes"},
        "title": {**_STATED, "description": "one line on what it is"},
        "scheme": _object(scheme, optional=("programme", "platform")),
        "period": _object({"from": _DAY, "to": _DAY, **_SOURCED}, optional=("to",)),
        "limits": _object(limits, optional=tuple(limits)),
        "may_visit": permissions,
        "may_host": permissions,
        "activities": _object({"listed": listed, **_SOURCED}),
        "clusters": _object({"listed": _list(cluster, minItems=1), **_SOURCED}),
        "rules": _object(dict.fromkeys(RULE_NAMES, rule), optional=tuple(RULE_NAMES)),
        "paperwork": _object({"steps": _NAMES, **_SOURCED}),
        "lump_sums": {
            "anyOf": [
                {**_STATED, "description": "a CSV file beside the rulebook"},
                {
                    "type": "object",
                    "patternProperties": {"^[A-Z]{2}$": _lump_sums()},
                    "additionalProperties": False,
                },
            ]
        },
    }
    optional = tuple(name for name in properties if name != "rulebook")
    return _document("A rulebook", _object(properties, optional=optional))


def _value_of(limit: Limit) -> Schema:
    if limit.words:
        return {"enum": list(limit.words)}
    if not limit.most:
        return _AMOUNT
    whole: Schema = {**_WHOLE, "maximum": limit.most}
    return {"anyOf": [whole, {"const": NO_LIMIT}]} if limit.none else whole


# By the names of their functions.
SCHEMAS: Final = {
    schema.__name__: schema
    for schema in (trip, verdict, verdicts, estimates, plans, rulebook, countries, data, coverage, verify, table)
}
