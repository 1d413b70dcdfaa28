"""The verdict as JSON. Its shape is a written promise: `cxc schema verdict` prints its JSON Schema."""

import json
from collections.abc import Mapping
from typing import Final

from cxc import __version__
from cxc.reports.values import money, plain, trip_fields
from cxc.verdict import DerivationLine, Finding, Payable, Verdict
from cxc.visits import Visit

SCHEMA_VERSION: Final = "1"


def render(verdict: Verdict) -> str:
    """One verdict as a JSON text that ends with a line break."""
    return dumps(document(verdict))


def dumps(value: object) -> str:
    """A JSON text for people and programs: indented, in UTF-8, with a line break at its end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def document(verdict: Verdict) -> dict[str, object]:
    """The verdict in the order and the shapes of the contract, with its seal."""
    content: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "cxc_version": __version__,
        "rulebook": verdict.scheme.rulebook.name,
        "strict": verdict.strict,
        "data": dict(verdict.scheme.fingerprints),
        "trip": trip_fields(verdict.trip),
        "earlier_visits": [_visit(visit) for visit in verdict.earlier_visits],
        "outcome": verdict.outcome,
        "days_on_site": verdict.days_on_site,
        "working_days": verdict.working_days,
        "payable": _payable(verdict.payable),
        "if_settled": _payable(verdict.if_settled),
        "findings": [_finding(finding) for finding in verdict.findings],
        "assumptions": list(verdict.assumptions),
        "needed": list(verdict.needed),
        "notices": list(verdict.notices),
        "next_steps": list(verdict.next_steps),
    }
    return content | {"seal": seal(content)}


def seal(content: Mapping[str, object]) -> str:
    """The SHA-256 of a verdict without its seal, in canonical form: keys sorted, no spaces, UTF-8."""
    from hashlib import sha256

    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def _visit(visit: Visit) -> dict[str, object]:
    return {
        "file": visit.file,
        "row": visit.row,
        "visitor": visit.visitor,
        "visitor_id": visit.visitor_id,
        "visitor_country": visit.visitor_country,
        "arrival": plain(visit.arrival),
    }


def _payable(payable: Payable | None) -> dict[str, object] | None:
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


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.name,
        "outcome": finding.outcome,
        "message": finding.message,
        "values": {name: plain(value) for name, value in finding.values.items()},
        "sources": list(finding.sources),
        "remedy": finding.remedy,
    }
