"""How values are written, in every format."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from cxc.advice.remedies import ways_out
from cxc.conclusions import ELIGIBLE, INFERRED, NOT_ELIGIBLE, OUTCOMES, UNDECIDED, Relied, notices
from cxc.text import listed
from cxc.trip.as_json import plain
from cxc.trip.fields import FIELDS
from cxc.trip.reader import Trip
from cxc.verdict import Verdict
from cxc.visits import IF_THIS_TRIP, Visit
from cxc.vocabulary import Outcome, Stage

if TYPE_CHECKING:
    from cxc.tables.judged import Judged
    from cxc.tables.summary import Summary


def trip_fields(trip: Trip) -> dict[str, object]:
    """Every field of a trip as JSON holds it: countries and types as codes, None where not stated."""
    return {field: plain(getattr(trip, field)) for field in FIELDS}


def in_text(value: object, between: str, unknown: str = "") -> str:
    """A value of a document as a text; `between` stands between the items of a list.

    >>> in_text(["tickets", "other"], ";"), in_text(True, ";"), in_text(None, ";", "not known")
    ('tickets;other', 'yes', 'not known')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return between.join(map(str, value))
    return unknown if value is None else str(value)


def money(amount: Decimal) -> str:
    """An amount in EUR with two decimals."""
    return f"{amount:.2f}"


def euros(amount: Decimal) -> str:
    """An amount for people, its thousands apart.

    >>> euros(Decimal("12345.5"))
    'EUR 12 345.50'
    """
    return f"EUR {grouped(amount)}"


def grouped(amount: Decimal, sign: str = "") -> str:
    """A sum for people, its thousands apart; with `+` as its sign a difference.

    >>> grouped(Decimal("12345.5")), grouped(Decimal(1200), "+")
    ('12 345.50', '+1 200.00')
    """
    return f"{amount:{sign},.2f}".replace(",", " ")


def unbroken(text: str) -> str:
    """A text for a page, on which no line ends within a sum.

    >>> unbroken("EUR 1 510.00 in 2 rows")
    'EUR 1\\xa0510.00 in 2 rows'
    """
    return _SUM.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


_SUM: Final = re.compile(r"(?<![0-9])[0-9]{1,3}( [0-9]{3})+\.[0-9]{2}")
NOT_KNOWN: Final = "not known"


def days_counted(verdict: Verdict) -> str:
    """The days on site, and the working days among them, where they are known."""
    working = NOT_KNOWN if verdict.working_days is None else verdict.working_days
    return f"days on site {verdict.days_on_site}, working days {working}"


def one_sentence(assumptions: Sequence[str]) -> str:
    """What was taken to be so, as one sentence.

    >>> one_sentence(["The host is a member of a cluster.", "One person travels."])
    'Assumed, because it is not stated: the host is a member of a cluster; one person travels.'
    """
    parts = [f"{sentence[0].lower()}{sentence[1:].rstrip('.')}" for sentence in assumptions]
    return f"Assumed, because it is not stated: {'; '.join(parts)}."


def unrunnable(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, nor a part of it, where it splits lines at `;` or at tabs.

    >>> unrunnable("=1+1"), unrunnable("Medvia"), unrunnable("a;=1+1")
    ("'=1+1", 'Medvia', "a;'=1+1")
    """
    if not cell:
        return cell
    start = "'" if cell[0] in "\t\r" or cell.lstrip()[:1] in _RUN else ""
    return start + (_gap().sub(_guarded, cell) if any(map(cell.__contains__, _SPLITS)) else cell)


def _guarded(gap: re.Match[str]) -> str:
    return f"{gap[0]}'" if not _SPLITS.isdisjoint(gap[0]) else gap[0]


_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


# What may stand between the end of one cell and a formula. Where lines are split at `;`, a quotation mark within a line
# does not keep a cell together, not even at a line break.
@cache
def _gap() -> re.Pattern[str]:
    return re.compile(rf'(?<![\s";])[\s";]++(?=[{"".join(map(re.escape, _RUN))}])')


_SPLITS = frozenset(";\t\r\n")


def unmarked(cell: str) -> str:
    """A cell in which nothing is Markdown or HTML: no bare address is a link, and nothing begins a list.

    >>> unmarked("a|b *c* <d>")
    'a\\\\|b \\\\*c\\\\* &lt;d&gt;'
    >>> print(unmarked("- www.example.org"), unmarked("1. http://example.org"))
    \\- www\\.example.org 1\\. http\\://example.org
    """
    cell = cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(_NUMBER, r"\g<0>\\", re.sub(_MARKUP, r"\\\g<0>", cell, flags=re.IGNORECASE))


# What is markup anywhere; what begins a list, a line below a heading or a command of a CI server; a bare address.
_MARKUP = r"[\\`*_{}\[\]()#+!|~@]|^[-=]|^:(?=:)|:(?=//)|(?<=www)\."
_NUMBER = r"^\d{1,9}(?=\.(?:\s|$))"


def why(judged: "Judged") -> str:
    """Why a row is what it is, in one line: what is wrong, what is open, or what to note of an eligible one."""
    reasons, notices = reasons_and_notices(judged)
    return " ".join((*reasons, *notices))


def outcome_named(judged: "Judged") -> str:
    """The outcome of a row as files name it; already-paid, never not-eligible, where its visit is paid."""
    return "already-paid" if judged.already_paid else judged.outcome


def reasons_and_notices(judged: "Judged") -> tuple[list[str], list[str]]:
    """The same apart."""
    verdict = judged.verdict
    said = [f"Not as expected: {judged.mismatch}."] if judged.mismatch else []
    if verdict is None:
        return [*said, *(f"{problem.message.rstrip('.')}." for problem in judged.problems)], [*judged.notices]
    said += dict.fromkeys(ground.message for ground in verdict.grounds)  # "The dates are not stated." once
    if verdict.outcome != ELIGIBLE and verdict.earlier_visits:
        said.append(earlier_trip(verdict.earlier_visits[0]))
    return said, [*worth_saying_of(verdict), *judged.notices]


def earlier_trip(visit: Visit) -> str:
    """Where an earlier visit stands, or one that may be earlier; and whether it may be the very trip that is judged."""
    stands = f"The {'other' if visit.perhaps_later else 'earlier'} trip: {visit.file}, row {visit.row}."
    return f"{stands} {IF_THIS_TRIP}" if visit.same_day else stands


def perhaps_this_trip(verdict: Verdict) -> tuple[str, ...]:
    """The same where a visit of the history decides against a trip that it may be itself; else nothing."""
    visits = verdict.earlier_visits
    return (earlier_trip(visits[0]),) if visits and visits[0].same_day and verdict.outcome != ELIGIBLE else ()


def worth_saying(outcome: Outcome, notices: tuple[str, ...], noted: tuple[str, ...]) -> tuple[str, ...]:
    """Which notices are said in one line with an outcome. `noted`, with which `notices` end, are said whatever it is.

    A refused trip has no others. Of an undecided one it does not matter yet whether the amount is confirmed.

    >>> worth_saying("undecided", (f"{INFERRED} ...", "Check the distance."), ())
    ('Check the distance.',)
    """
    if outcome == NOT_ELIGIBLE:
        return noted
    return tuple([notice for notice in notices if not notice.startswith(INFERRED)]) if outcome == UNDECIDED else notices


def worth_saying_of(verdict: Verdict) -> tuple[str, ...]:
    """The same of a verdict."""
    return worth_saying(verdict.outcome, verdict.fact(notices), verdict.noted)


def noted(judged: "Judged") -> tuple[str, ...]:
    """What to look at in a row whatever its outcome: what the verdict notes, and what only the table shows."""
    return (*(judged.verdict.noted if judged.verdict else ()), *judged.notices)


def way_out(judged: "Judged") -> str:
    """What to do about a row, behind arrows; nothing where there is nothing to do."""
    if judged.verdict is None:
        return ""
    return " ".join(f"→ {sentence}" for sentence in ways_out(judged.verdict))


def label(judged: "Judged") -> str:
    """What a trip is called: its reference, and who visits whom."""
    if judged.verdict is None:
        reference, *ends = judged.names or ("",)
    else:
        trip, reference = judged.verdict.trip, judged.verdict.trip.reference or ""
        ends = [name or (country.name if country else "") for name, country in
                ((trip.visitor, trip.visitor_country), (trip.host, trip.host_country))]  # fmt: skip
    return ": ".join(filter(None, (cut(reference), " → ".join(cut(end) for end in ends if end))))


LONGEST_NAME = 120  # characters of a name where it stands among other words


def cut(name: str | None) -> str:
    """A name, cut where it is too long to be read among other words."""
    name = name or ""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def summary_notes(summary: "Summary") -> list[str]:
    """What to know beside the counts."""
    notes = list(summary.notices)
    if summary.no_trips.count:
        notes.append(
            "Rows that are not trips, because they state no host country, no dates and no cluster of the host: "
            f"{summary.no_trips.count} ({summary.no_trips.named}). They were not checked."
        )
    if summary.nobody_named:
        notes.append(
            f"Rows that state neither visitor_id nor visitor together with visitor_country: {summary.nobody_named}. "
            "For these it was not checked whether the visitor has visited before. State one of the two."
        )
    if summary.assuming:
        notes.append(f"Rows that rest on assumptions: {summary.assuming} (cxc validate -v lists what was assumed).")
    if summary.assuming and summary.today:
        notes.append(STRICTER)
    if approvals := summary.approvals:
        notes.append(_approvals(approvals, "due" if summary.today else "eligible"))
    if summary.paid_unstated:
        notes.append(f"Visits that are paid, without what was paid (paid_eur): {summary.paid_unstated}.")
    if summary.if_settled:
        notes.append(
            "If all open points are settled in favour of their trips, undecided rows add at most "
            f"{euros(summary.if_settled)}."
        )
    if summary.left is not None:
        over = budget_exceeded(summary)
        notes.append(f"{over}." if over else f"Left of the budget: {euros(summary.left)}.")
    if summary.inferred:
        notes.append(
            f"Trips whose amount is inferred, not confirmed: {summary.inferred}. Ask the partnership to confirm it."
        )
    if summary.expected:
        notes.append(f"Rows that say what they expect: {summary.expected}. Not as expected: {summary.mismatched}.")
    return notes


_MOST_APPROVALS: Final = 10  # that are named


def _approvals(approvals: Sequence[tuple[Relied, int]], word: str) -> str:
    """On which approvals eligible rows rest, and how many: somebody has to look whether each was given."""
    named = [
        f"{listed(relied.codes, 'and')}{f' by {cut(relied.by)}' if relied.by else ''}, {in_rows(count)}".lstrip()
        for relied, count in approvals[:_MOST_APPROVALS]
    ]
    more = len(approvals) - len(named)
    said = "; ".join([*named, f"and {more} more"] if more else named)
    total = sum(count for _, count in approvals)
    return f"Rows that are {word} only because they are approved: {total} ({said}). Check that this was approved."


def budget_exceeded(summary: "Summary") -> str:
    """By how much a budget is exceeded, as a sentence; nothing where it is not, or where there is none."""
    left = summary.left
    return f"The budget is exceeded by {euros(-left)}" if left is not None and left < 0 else ""


def by_host(summary: "Summary") -> list[tuple[str, int, Decimal]]:
    """Each host country to which something is paid, its trips and EUR, the highest sum first."""
    hosts = [(code, trips, amount) for code, (trips, amount) in summary.by_host.items()]
    return sorted(hosts, key=lambda host: (-host[2], host[0]))


TAKEN_AS_CLUSTERS = "Taken as names of clusters"


def clusters_taken(summary: "Summary") -> list[tuple[str, str]]:
    """The texts that were taken as names of clusters, each with its number of rows, behind a mark where it may be a
    remark; and how many there are beside them, or that they are withheld. Nothing where there are none.
    """
    clusters = summary.clusters
    lines = [
        ("?", f"{text}: {in_rows(rows)}; it may be a remark") if in_doubt else ("", f"{text}: {in_rows(rows)}")
        for (text, in_doubt), rows in clusters.listed()
    ]
    if clusters.rows_left_out:
        lines.append(("", f"More texts, which do not fit here: {in_rows(clusters.rows_left_out)}"))
    if clusters.withheld and clusters.rows:
        lines.append(("", f"The names are left out. They are in {in_rows(clusters.rows)}."))
    return lines


def cluster_lines(summary: "Summary") -> list[str]:
    """The same as lines of text."""
    return [f"{mark} {line}".strip() for mark, line in clusters_taken(summary)]


def clusters_in_a_line(summary: "Summary", most_letters: int) -> str:
    """The same in one line, which says where it is cut."""
    said = "; ".join(cluster_lines(summary))
    return said if len(said) <= most_letters else f"{said[:most_letters].rpartition('; ')[0]}; and more"


def in_rows(number: int) -> str:
    """How many rows, in words.

    >>> in_rows(1), in_rows(2)
    ('1 row', '2 rows')
    """
    return "1 row" if number == 1 else f"{number} rows"


# What names a command or an option stands in parentheses of its own.
_COMMAND: Final = re.compile(r" \([^()]*(?:\bcxc [a-z]|(?<![\w-])--?[a-z])[^()]*\)|; --[a-z][^;.]*(?=[;.])")


def without_commands(text: str) -> str:
    """A sentence for somebody who has a page alone, and no program.

    >>> without_commands("Choose another country (cxc countries lists them). State it (--history).")
    'Choose another country. State it.'
    >>> without_commands("Sheets that are not read: 'lists'; --sheet NAME picks one.")
    "Sheets that are not read: 'lists'."
    """
    return _COMMAND.sub("", text)


PAID: Final = "paid"  # how a visit that is paid already is shown among outcomes
# How outcomes are shown where they are not shown as they are.
OUTCOME_IN_WORDS: Final[Mapping[Stage, Mapping[str, str]]] = {
    "proposal": {},
    "payment": {ELIGIBLE: "due", UNDECIDED: "not due yet", NOT_ELIGIBLE: "not eligible", PAID: "already paid"},
}
# Said once of a visit that is to be paid, and of a table of such.
STRICTER: Final = "Before a visit is paid it is better to assume nothing: state these facts (or use --strict)."


def outcomes_counted(summary: "Summary") -> list[tuple[str, str, int]]:
    """Each outcome, in words, and how many rows have it."""
    words = OUTCOME_IN_WORDS["payment" if summary.today else "proposal"]
    counts: list[tuple[str, int]] = [(name, summary.outcomes[name]) for name in OUTCOMES]
    counts += [(PAID, summary.already_paid)] if summary.today else []
    return [(name, words.get(name, name), count) for name, count in counts]


def summary_line(summary: "Summary") -> str:
    """The counts and the sum in one line."""
    counts = ", ".join(f"{count} {words}" for _, words, count in outcomes_counted(summary) if count)
    paid = f"; {euros(summary.paid)} paid already" if summary.already_paid else ""
    due = "due" if summary.today else "payable"
    return f"{in_rows(summary.rows)}: {counts}; {euros(summary.payable)} {due}{paid}"
