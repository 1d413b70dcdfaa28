"""What a saved verdict says, and whether it is still what was written.

A receipt is what `cxc check` and `cxc validate` write as `json` or `jsonl`. It carries a seal: the SHA-256 of all that
it says. Schema version 2 seals the canonical form of RFC 8785; version 1 sealed the JSON in its own order of keys,
without spaces, and left out what only a table showed.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final, NamedTuple, get_args

from cxc.canonical import canonical
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNDECIDED
from cxc.errors import NotAReceipt
from cxc.scheme.countries import BASES, CURRENCY
from cxc.scheme.data_files import parse_date
from cxc.tables.table import titled
from cxc.text import clean, listed
from cxc.visits import IF_THIS_TRIP, Visit
from cxc.vocabulary import FindingOutcome, Stage

INSTEAD: Final = "give the file that cxc check or cxc validate writes with --format json or jsonl"

_PLACE: Final = frozenset({"file", "sheet", "row"})
_IN_TABLE: Final = frozenset({"table_notices", "expectation"})


class Finding(NamedTuple):
    """What one rule found, as far as it can move."""

    outcome: str
    values: Mapping[str, object]


class Step(NamedTuple):
    """A line of the derivation of an amount, without its sentence."""

    code: str
    factor: str | None
    amount: str


class Substance(NamedTuple):
    """What a verdict says, as far as it can move. The amount is what is payable, now or if what is open is settled;
    `steps` are the lines that lead to it.
    """

    outcome: str
    amount: str | None
    basis: str | None
    days_on_site: int | None
    working_days: int | None
    needed: tuple[str, ...]
    findings: Mapping[str, Finding]
    steps: tuple[Step, ...] = ()

    @property
    def payable(self) -> Decimal:
        """What is payable now, in EUR."""
        return Decimal(self.amount or 0) if self.outcome == ELIGIBLE else Decimal(0)


class Receipt(NamedTuple):
    """A saved verdict. `today` is the day on which payment was asked about, and `words` are its sentences.

    `table` and `row` tell where its trip stood: where it is `in_table` in that, else where the receipt itself stands.
    """

    in_table: bool
    table: str
    row: int
    cxc_version: str
    rulebook: str
    strict: bool
    today: datetime.date | None
    data: Mapping[str, str]
    trip: Mapping[str, object]
    earlier_visits: tuple[Visit, ...]
    said: Substance
    words: tuple[str, ...]

    @property
    def reference(self) -> str | None:
        """The facilitator's own key for the trip."""
        reference = self.trip.get("reference")
        return clean(reference) or None if isinstance(reference, str) else None


def has_no_verdict(document: object) -> bool:
    """Whether a document stands for a row that could not be read, and so has no verdict."""
    return isinstance(document, dict) and document.get("outcome") == "unreadable" and "seal" not in document


def is_sealed(document: object) -> bool:
    """Whether a receipt says what it said when it was written. Raises NotAReceipt for what is none."""
    if not isinstance(document, dict) or not isinstance(document.get("seal"), str):
        raise NotAReceipt(f"this is not a verdict that cxc has written: it has no seal; {INSTEAD}")
    version = document.get("schema_version")
    if version not in ("1", "2"):
        raise NotAReceipt("its schema_version is neither 1 nor 2; a newer version of cxc may have written it")
    left_out = _PLACE | {"seal"} | (_IN_TABLE if version == "1" else frozenset())
    content = {key: value for key, value in document.items() if key not in left_out}
    try:
        form = json.dumps(content, ensure_ascii=False, separators=(",", ":")) if version == "1" else canonical(content)
        return bool(sha256(form.encode()).hexdigest() == document["seal"])
    except RecursionError:
        raise NotAReceipt("it is nested too deep") from None
    except UnicodeEncodeError:
        raise NotAReceipt("a text in it is not Unicode") from None
    except ValueError as error:  # a number that JSON has no form for
        raise NotAReceipt(f"it cannot be sealed: {error}") from None


def read_receipt(document: object, file: str, number: int) -> Receipt:
    """What a receipt says; `file` and `number` are its place, which stands for that of a trip that has no other.

    Raises NotAReceipt where its shape is not that of a verdict.
    """
    whole = _Members(document, "")
    paid, steps = _amount(whole), list[_Members]()
    if paid:
        paid.choice("currency", (CURRENCY,))
        steps = paid.sections("derivation")
    findings = whole.sections("findings")
    said = Substance(
        whole.choice("outcome", _OUTCOMES),
        paid.like("amount", _EUROS, "an amount with two decimals") if paid else None,
        paid.choice("basis", BASES) if paid else None,
        whole.count_or_none("days_on_site"),
        whole.count_or_none("working_days"),
        whole.texts("needed"),
        _findings(findings),
        tuple(map(_step, steps)),
    )
    told = [text for key in _TEXTS for text in whole.texts(key) if not text.endswith(IF_THIS_TRIP)]
    words = (*[found.text("message") for found in findings], *[step.text("text") for step in steps], *told)
    sheet = whole.text("sheet") if "sheet" in whole.members else None
    return Receipt(
        "file" in whole.members,
        titled(clean(whole.text("file")), sheet and clean(sheet)) if "file" in whole.members else file,
        (whole.count_or_none("row") or 0) if "file" in whole.members else number,
        clean(whole.text("cxc_version")),
        clean(whole.text("rulebook")),
        whole.flag("strict"),
        _today(whole),
        {name: whole.section("data").text(name) for name in whole.section("data").members},
        whole.section("trip").members,
        tuple([_visit(visit) for visit in whole.sections("earlier_visits")]),
        said,
        words,
    )


RULE_CODE: Final = "^CXC[0-9]{3}$"
_EUROS: Final = r"^[0-9]{1,9}\.[0-9]{2}$"
_OUTCOMES: Final = (ELIGIBLE, NOT_ELIGIBLE, UNDECIDED)
_TEXTS: Final = ("assumptions", "notices", "next_steps")


def _today(whole: "_Members") -> datetime.date | None:
    """The day on which payment was asked about; None before that stage, of which version 1 does not speak."""
    if "stage" not in whole.members or whole.choice("stage", get_args(Stage)) == "proposal":
        return None
    return _day(whole.text("today"), "today")


def _amount(whole: "_Members") -> "_Members | None":
    """The amount that is payable, or the one if what is open is settled."""
    found = [section for key in ("payable", "if_settled") if (section := whole.section_or_none(key))]
    if len(found) > 1:
        raise NotAReceipt("it has an amount both as payable and as if_settled")
    return found[0] if found else None


def _step(members: "_Members") -> Step:
    code = members.like("code", RULE_CODE, "the code of a rule")
    return Step(code, members.text_or_none("factor"), members.like("amount", _EUROS, "an amount with two decimals"))


def _findings(found: "Sequence[_Members]") -> dict[str, Finding]:
    """What the rules found, by their codes."""
    findings = dict[str, Finding]()
    for members in found:
        code = members.like("code", RULE_CODE, "the code of a rule")
        if code in findings:
            raise NotAReceipt(f"{code} is among its findings twice")
        outcome = members.choice("outcome", get_args(FindingOutcome))
        findings[code] = Finding(outcome, members.section("values").members)
    return findings


def _visit(members: "_Members") -> Visit:
    arrival = members.text_or_none("arrival")
    row = members.count_or_none("row")
    return Visit(
        clean(members.text("file")),
        0 if row is None else row,
        members.text_or_none("visitor"),
        members.text_or_none("visitor_id"),
        members.text_or_none("visitor_country"),
        None if arrival is None else _day(arrival, "earlier_visits: arrival"),
    )


def _day(text: str, name: str) -> datetime.date:
    day = parse_date(text)
    if day is None:
        raise NotAReceipt(f"{name} is not a date")
    return day


class _Members:
    """The members of an object in a receipt, read by what they should be. Everything raises NotAReceipt."""

    def __init__(self, members: object, name: str) -> None:
        if not isinstance(members, dict):
            raise NotAReceipt(f"{name or 'it'} is not an object")
        self.members: Mapping[str, object] = members
        self._name = name

    def _wrong(self, key: str, kind: str) -> NotAReceipt:
        return NotAReceipt(f"{f'in {self._name}, ' if self._name else ''}'{key}' is not {kind}")

    def text(self, key: str) -> str:
        found = self.members.get(key)
        if not isinstance(found, str):
            raise self._wrong(key, "a text")
        return found

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        found = self.text(key)
        if found not in allowed:
            raise self._wrong(key, f"one of {listed(allowed)}")
        return found

    def like(self, key: str, pattern: str, kind: str) -> str:
        found = self.text(key)
        if not re.search(pattern, found):
            raise self._wrong(key, kind)
        return found

    def text_or_none(self, key: str) -> str | None:
        return None if self.members.get(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        found = self.members.get(key)
        if not isinstance(found, bool):
            raise self._wrong(key, "true or false")
        return found

    def count_or_none(self, key: str) -> int | None:
        found = self.members.get(key)
        if found is None:
            return None
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise self._wrong(key, "a whole number, 0 or more")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.members.get(key)
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self._wrong(key, "a list of texts")
        return tuple(found)

    def section(self, key: str) -> "_Members":
        return _Members(self.members.get(key), key)

    def section_or_none(self, key: str) -> "_Members | None":
        return None if self.members.get(key) is None else self.section(key)

    def sections(self, key: str) -> "list[_Members]":
        found = self.members.get(key)
        if not isinstance(found, list):
            raise self._wrong(key, "a list")
        return [_Members(one, key) for one in found]
