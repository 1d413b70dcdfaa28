"""The verdict as JSON. Its shape is a written promise: `cxc schema verdict` prints its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cxc import __version__
from cxc.advice.remedies import advised
from cxc.canonical import canonical
from cxc.conclusions import OUTCOMES, DerivationLine, Payable
from cxc.reports.output import in_utf8
from cxc.reports.values import money, perhaps_this_trip, trip_fields
from cxc.text import disarmed
from cxc.trip.as_json import plain
from cxc.verdict import Finding, Verdict, Verdicts
from cxc.visits import Visit

if TYPE_CHECKING:
    from cxc.tables.judged import Judged
    from cxc.tables.summary import Summary

SCHEMA_VERSION: Final = "2"


def render(verdict: Verdict) -> str:
    """One verdict as a JSON text that ends with a line break."""
    return dumps(document(verdict))


def dumps(value: object) -> str:
    """A JSON text for people and programs: indented, in UTF-8, with a line break at its end."""
    return uncommanded(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def uncommanded(text: str) -> str:
    """A JSON text that means the same and in which no CI server finds a command."""
    return disarmed(text, r"#\\u0023")


def compact(value: object) -> str:
    """A JSON text on one line."""
    return _COMPACT.encode(value)


_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def row_document(judged: Judged) -> dict[str, object]:
    """A row: its file and row, then the verdict or why there is none, what only the table shows, what it expected."""
    sheet = {} if judged.sheet is None else {"sheet": judged.sheet}
    found: dict[str, object] = {"file": judged.file, **sheet, "row": judged.row}
    beside = table_document(judged)
    if judged.verdict is not None:
        content = unsealed(judged.verdict)
        return found | content | {"seal": seal(content | beside)} | beside
    errors = [{"field": p.field or None, "value": p.value, "message": p.message} for p in judged.problems]
    return found | {"outcome": judged.outcome, "errors": errors} | beside


def table_document(judged: Judged) -> dict[str, object]:
    """What only the table shows of a row, and what it expected."""
    found: dict[str, object] = {}
    if judged.notices:
        found["table_notices"] = list(judged.notices)
    if judged.expected is not None:
        found["expectation"] = {
            "outcome": judged.expected.outcome,
            "eur": None if judged.expected.eur is None else money(judged.expected.eur),
            "mismatch": judged.mismatch,
        }
    return found


def summary_document(summary: Summary) -> dict[str, object]:
    """The counts over all rows."""
    return {
        "rows": summary.rows,
        "outcomes": {name: summary.outcomes[name] for name in OUTCOMES},
        "no_trips": summary.no_trips.count,
        "expected": summary.expected,
        "mismatched": summary.mismatched,
        "nobody_named": summary.nobody_named,
        "assuming": summary.assuming,
        "payable_eur": money(summary.payable),
        "paid": None
        if summary.today is None
        else {
            "trips": summary.already_paid,
            "paid_eur": money(summary.paid),
            "without_amount": summary.paid_unstated,
        },
        "by_host_country": {
            code: {"trips": trips, "payable_eur": money(euros)}
            for code, (trips, euros) in sorted(summary.by_host.items())
        },
        "reasons": dict(sorted(summary.reasons.items())),
        "notices": list(summary.notices),
        "taken_as_clusters": None
        if summary.clusters.withheld
        else [
            {"text": text, "rows": rows, "in_doubt": in_doubt} for (text, in_doubt), rows in summary.clusters.listed()
        ],
        "rows_with_more_clusters": summary.clusters.rows_left_out,
    }


def document(verdict: Verdict) -> dict[str, object]:
    """The verdict in the order and the shapes of the contract, with its seal."""
    content = unsealed(verdict)
    return content | {"seal": seal(content)}


def unsealed(verdict: Verdict) -> dict[str, object]:
    """The same without its seal."""
    return {
        **origin_document(verdict.verdicts),
        "trip": trip_fields(verdict.trip),
        "earlier_visits": [visit_document(visit) for visit in verdict.earlier_visits],
        "outcome": verdict.outcome,
        "days_on_site": verdict.days_on_site,
        "working_days": verdict.working_days,
        "payable": payable_document(verdict.payable),
        "if_settled": payable_document(verdict.if_settled),
        "findings": [finding_document(finding) for finding in advised(verdict)],
        "assumptions": list(verdict.assumptions),
        "needed": list(verdict.needed),
        "notices": [*perhaps_this_trip(verdict), *verdict.notices],
        "next_steps": list(verdict.next_steps),
    }


def origin_document(verdicts: Verdicts) -> dict[str, object]:
    """By what trips were judged."""
    return {
        "schema_version": SCHEMA_VERSION,
        "cxc_version": __version__,
        "rulebook": verdicts.scheme.rulebook.name,
        "strict": verdicts.strict,
        "stage": verdicts.stage,
        "today": plain(verdicts.today),
        "data": dict(verdicts.scheme.fingerprints),
    }


def seal(content: Mapping[str, object]) -> str:
    """The SHA-256 of a verdict without its seal and without where it stands, in the canonical form of RFC 8785."""
    from hashlib import sha256

    return sha256(in_utf8(canonical(content))).hexdigest()


def visit_document(visit: Visit) -> dict[str, object]:
    """An earlier visit: where it stands, and whose it was."""
    return {
        "file": visit.file,
        "row": visit.row,
        "visitor": visit.visitor,
        "visitor_id": visit.visitor_id,
        "visitor_country": visit.visitor_country,
        "arrival": plain(visit.arrival),
    }


def payable_document(payable: Payable | None) -> dict[str, object] | None:
    """An amount with its derivation."""
    if payable is None:
        return None
    return {
        "currency": payable.currency,
        "amount": money(payable.amount),
        "basis": payable.basis,
        "derivation": [_line(line) for line in payable.derivation],
    }


def _line(line: DerivationLine) -> dict[str, object]:
    factor = None if line.factor is None else str(line.factor)
    return {"code": line.code, "text": line.text, "factor": factor, "amount": money(line.amount)}


def finding_document(finding: Finding) -> dict[str, object]:
    """What one rule found."""
    return {
        "code": finding.code,
        "name": finding.name,
        "outcome": finding.outcome,
        "message": finding.message,
        "values": {name: plain(value) for name, value in finding.values.items()},
        "sources": list(finding.sources),
        "remedy": finding.remedy,
    }
