"""Saved verdicts, recomputed from their trips and compared, all of them together.

Each is judged under the rulebook and the country table that it names, or under others that are given: what if these
held?
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from cxc import __version__
from cxc.errors import NotAReceipt, TripError
from cxc.receipts.documents import Document, Saved
from cxc.receipts.moves import differences, has_moved, said_by, words_of
from cxc.receipts.once import WEIGHT, Others, recorded
from cxc.receipts.saved import Receipt, Substance, has_no_verdict, is_sealed, read_receipt
from cxc.scheme.countries import earlier_tables
from cxc.scheme.loading import Scheme, load_scheme
from cxc.scheme.rulebook import DEFAULT, shipped
from cxc.tables.history import as_visit
from cxc.text import clean, listed
from cxc.trip.reader import Trip, TripReader
from cxc.trip.texts import MEMBER_UNNAMED
from cxc.verdict import Verdict, Verdicts, verdicts_under
from cxc.visits import NONE_FOUND, Recollection, Visit, names_somebody

DATA: Final = {
    "rulebook": "the rulebook",
    "countries": "the country table",
    "holidays": "the table of public holidays",
    "places": "the tables of places",
}


class Place(NamedTuple):
    """Where a receipt stands: its file, its line or number there, and in words; and where its trip stood."""

    file: str
    row: int
    words: str
    reference: str | None = None
    trip: str = ""


class Moved(NamedTuple):
    """A receipt from which something moved: what it says, what comes out now, and what moved and why."""

    place: Place
    was: Substance
    now: Substance
    why: tuple[str, ...]

    @property
    def in_result(self) -> bool:
        """Whether the outcome or the amount is another, not the figures behind them alone."""
        return (self.was.outcome, self.was.amount) != (self.now.outcome, self.now.amount)


class Compared(NamedTuple):
    """A receipt beside the verdict of now."""

    place: Place
    receipt: Receipt
    verdict: Verdict
    now: Substance
    recollection: Recollection

    @property
    def moved(self) -> bool:
        """Whether anything moved."""
        return has_moved(self.receipt.said, self.now)


class Outcome:
    """What came out of all receipts.

    `by_host` are what was and what is payable, by the code of the host country. `changed` counts the receipts whose
    data are others by now, by kind, and `versions` those that another version of the program wrote. `what_if` tells
    by which other data than their own receipts were judged, where such are given, and `scheme_name` the scheme.
    `repeated` counts the receipts of a trip of which another receipt is given.
    """

    def __init__(self) -> None:
        self.receipts = self.rows_without_verdict = self.compared = 0
        self.moved: dict[int, Moved] = {}
        self.altered: list[Place] = []
        self.unreadable: list[tuple[Place, str]] = []
        self.by_host: dict[str, tuple[Decimal, Decimal]] = {}
        self.changed: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self.other_words = self.names_withheld = self.clusters_withheld = self.repeated = 0
        self.what_if = ""
        self.scheme_name = "Saved"

    @property
    def same(self) -> int:
        """How many say what comes out now."""
        return self.compared - len(self.moved)

    @property
    def payable(self) -> tuple[Decimal, Decimal]:
        """What was payable in all, and what is."""
        before, after = [*zip(*self.by_host.values(), strict=True)] or ((), ())
        return sum(before, Decimal(0)), sum(after, Decimal(0))

    def pay(self, found: Compared, times: int = 1) -> None:
        """Add what a receipt pays, or take it back with -1."""
        host = found.verdict.trip.host_country
        paid = found.receipt.said.payable, found.now.payable
        if host is not None and any(paid):
            was, now = self.by_host.get(host.code, (Decimal(0), Decimal(0)))
            self.by_host[host.code] = was + times * paid[0], now + times * paid[1]


class Verification:
    """Recomputes receipts. `rulebook` and `countries` are given in place of those that receipts name."""

    def __init__(self, rulebook: str | None = None, countries: str | None = None) -> None:
        self._rulebook, self._countries = rulebook, countries
        self._schemes: dict[str, Scheme] = {}
        self._files: dict[str, Saved] = {}
        self._filled: Counter[str] = Counter()  # how many documents stand in a file
        self.outcome = Outcome()

    @property
    def files(self) -> list[Path]:
        """The files that are given instead of those that receipts name. Raises CxcError where they cannot be read."""
        if self._rulebook is None and self._countries is None:
            return []
        return [*self._scheme(self._rulebook or DEFAULT).files]

    def verify(self, files: Sequence[Saved], progress: Callable[[int], object] = bool) -> Outcome:
        """Compare every receipt; `progress` is told how many were read. Raises InputError."""
        others, where = Others(), list[tuple[int, int]]()
        self._files = {file.name: file for file in files}
        for at, document, place in _placed(files):
            progress(len(where))
            self._filled[place.file] += 1
            found = self._compared(document, place)
            if found is not None:
                where.append(at)
                others.add(found.receipt, found.verdict, self._as_if_first(found), found.recollection)
                self._take(len(where), found)
        self._tell_empty([file.name for file in files if file.name not in self._filled])
        self.outcome.repeated = others.repeated()
        told = {where[number]: (number + 1, recollection) for number, recollection in others.contradictions().items()}
        for at, document, place in _placed(files) if told else ():
            if at in told:
                self._take_again(document, place, *told[at])
        return self.outcome

    def _compared(self, document: Document, place: Place) -> Compared | None:
        """A receipt beside the verdict of now; None where there is none, or where it cannot be read or trusted."""
        outcome = self.outcome
        if document.fault is None and has_no_verdict(document.value):
            outcome.rows_without_verdict += 1
            return None
        outcome.receipts += 1
        try:
            if document.fault is not None:
                raise NotAReceipt(document.fault)
            if not is_sealed(document.value):
                outcome.altered.append(place._replace(words=f"{place.words}{_why_else(document.value)}"))
                return None
            return self._judged(read_receipt(document.value, place.file, place.row), place)
        except NotAReceipt as fault:
            outcome.unreadable.append((place, str(fault)))
        except TripError as error:
            outcome.unreadable.append((place, f"its trip can no longer be read. {error}"))
        return None

    def _tell_empty(self, names: Sequence[str]) -> None:
        """Files beside those of receipts in which nothing stands: something was to be kept in them."""
        if self.outcome.receipts:
            self.outcome.receipts += len(names)
            self.outcome.unreadable += [(Place(name, 1, name), "there is no verdict in it") for name in names]

    def _judged(self, receipt: Receipt, place: Place, told: Recollection | None = None) -> Compared:
        """A receipt with the verdict on its trip, with what is told of earlier visits, or else what is recorded."""
        scheme = self._scheme_of(receipt)
        trip = _reader(scheme, receipt.today).read(receipt.trip)
        recollection = told or recorded(receipt, trip)
        verdict = _verdicts_for(receipt, trip, scheme)(trip, recollection)
        stood = f"{receipt.table}, row {receipt.row}" if receipt.in_table else ""
        place = place._replace(reference=receipt.reference, trip=stood)
        return Compared(place, receipt, verdict, said_by(verdict), recollection)

    def _as_if_first(self, found: Compared) -> Verdict:
        """The verdict as if nobody had visited before."""
        if not found.recollection.visits:
            return found.verdict
        return found.verdict.verdicts(found.verdict.trip, NONE_FOUND)

    def _scheme_of(self, receipt: Receipt) -> Scheme:
        """What a receipt is judged by. Raises NotAReceipt where that is not given."""
        name = receipt.rulebook
        if self._rulebook is None and name not in shipped():
            raise NotAReceipt(
                f"it was made under the rulebook '{name}', which is not given; name its file with --rulebook"
            )
        scheme = self._scheme(self._rulebook or name)
        hashed = receipt.data.get("countries", "")
        if self._countries is None and hashed != scheme.fingerprints["countries"] and hashed not in earlier_tables():
            raise NotAReceipt(
                "it was made with a country table that did not come with cxc, and that is not given "
                f"(SHA-256 {clean(hashed)[:12]}…); name its file with --countries"
            )
        return scheme

    def _scheme(self, rulebook: str) -> Scheme:
        if rulebook not in self._schemes:
            self._schemes[rulebook] = load_scheme(rulebook, self._countries)
        return self._schemes[rulebook]

    def _take(self, number: int, found: Compared) -> None:
        """Count a receipt, and note what moved."""
        outcome, receipt = self.outcome, found.receipt
        outcome.compared += 1
        outcome.scheme_name = found.verdict.scheme.rulebook.scheme.name
        outcome.pay(found)
        others = _others(found)
        changed = [name for name in others if not self._is_given(name)]
        outcome.changed.update(changed)
        if len(changed) < len(others):
            outcome.what_if = listed([name for name in (self._rulebook, self._countries) if name], "and")
        if receipt.cxc_version != __version__:
            outcome.versions[receipt.cxc_version] += 1
        named = names_somebody(as_visit(found.verdict.trip, receipt.table, receipt.row))
        outcome.names_withheld += not named and found.recollection.kind in (*WEIGHT, NONE_FOUND.kind)
        outcome.clusters_withheld += bool(clusters_withheld(receipt, found.verdict.trip, found.verdict.scheme))
        if found.moved:
            self._move(number, found, _since(receipt, changed, bool(others)))
        else:
            outcome.other_words += receipt.words != words_of(found.verdict)

    def _take_again(self, document: Document, place: Place, number: int, told: Recollection) -> None:
        """Take a receipt that others contradict once more, with what they tell of earlier visits."""
        receipt = read_receipt(document.value, place.file, place.row)
        self.outcome.pay(self._judged(receipt, place), -1)
        found = self._judged(receipt, place, told)
        self.outcome.pay(found)
        if told.visits:
            why = f"These receipts tell of an earlier trip of the same visitor: {self._stands(told.visits[0])}."
        else:
            why = "The earlier trip that was recorded no longer counts as a visit."
        self._move(number, found, why)

    def _move(self, number: int, found: Compared, why: str) -> None:
        if not found.moved:
            self.outcome.moved.pop(number, None)
            return
        was, now = found.receipt.said, found.now
        told = (*differences(was, now, found.verdict), *([why] if why else []))
        self.outcome.moved[number] = Moved(found.place, was, now, told)

    def _stands(self, visit: Visit) -> str:
        """Where an earlier visit stands, in words: in a receipt of one trip, or in a row of a table."""
        file = self._files.get(visit.file)
        if file is None:
            return f"{visit.file}, row {visit.row}"
        return file.name if self._filled[file.name] == 1 else file.place(visit.row)

    def _is_given(self, name: str) -> bool:
        """Whether data of a kind are given in place of those that receipts name."""
        return {"rulebook": self._rulebook, "countries": self._countries}.get(name) is not None


def _since(receipt: Receipt, changed: Sequence[str], is_other: bool) -> str:
    """What has changed since a receipt was written; or that no data are others, and so nothing may have moved."""
    since = [DATA[name] for name in changed]
    if receipt.cxc_version != __version__:
        since.append(f"cxc ({receipt.cxc_version}, now {__version__})")
    if since:
        return f"Changed since: {listed(since, 'and')}."
    if is_other:
        return ""
    return "The data and the version of cxc are the same, so the receipt does not follow from its trip."


def _why_else(document: object) -> str:
    """What else than a change of what it says breaks the seal of a receipt."""
    first = isinstance(document, dict) and document["schema_version"] == "1"
    return " (with schema version 1; another order of its keys breaks this seal, too)" if first else ""


@lru_cache(maxsize=16)
def _reader(scheme: Scheme, today: datetime.date | None) -> TripReader:
    return TripReader(scheme.countries, today=today, clusters=scheme.rulebook.cluster_names)


def _verdicts_for(receipt: Receipt, trip: Trip, scheme: Scheme) -> Verdicts:
    """What gives verdicts; with what it tells of places and clusters that are withheld."""
    verdicts, near = verdicts_under(scheme, receipt.strict, receipt.today), receipt.said.findings.get("CXC603")
    apart = near.values.get("worked_out_km") if near else None
    facts: dict[str, int] = clusters_withheld(receipt, trip, scheme)
    if isinstance(apart, int) and not (trip.visitor_place or trip.host_place):
        facts["worked_out_km"] = apart
    return _supposing(verdicts, *facts.items()) if facts else verdicts


@lru_cache(maxsize=1_000)
def _supposing(verdicts: Verdicts, *facts: tuple[str, int]) -> Verdicts:
    return verdicts.supposing(dict(facts))


def clusters_withheld(receipt: Receipt, trip: Trip, scheme: Scheme) -> dict[str, int]:
    """Whether clusters whose names are withheld were on the list of the rulebook, as the receipt has it, by fact.

    Nothing of one that was never named, nor where the list may be another than then.
    """
    if not scheme.rulebook.clusters or receipt.data.get("rulebook") != scheme.fingerprints["rulebook"]:
        return {}
    found = dict[str, int]()
    for side, stated, code in (("visitor", trip.visitor_cluster, "CXC302"), ("host", trip.host_cluster, "CXC402")):
        said = receipt.said.findings.get(code)
        unlisted = said is not None and said.values.get("cluster_known") is False
        if stated == MEMBER_UNNAMED and said is not None and (unlisted or said.outcome == "pass"):
            found[f"{side}_cluster_known"] = not unlisted
    return found


def _placed(files: Sequence[Saved]) -> Iterator[tuple[tuple[int, int], Document, Place]]:
    """Every document of all files, with its number among them and its place."""
    for file, saved in enumerate(files):
        for number, document in enumerate(saved.documents()):
            yield (
                (file, number),
                document,
                Place(saved.name, document.number, saved.place(document.number)),
            )


def _others(found: Compared) -> list[str]:
    """The kinds of data that are others than those that a receipt names."""
    today = found.verdict.scheme.fingerprints
    return [name for name in today if found.receipt.data.get(name, today[name]) != today[name]]
