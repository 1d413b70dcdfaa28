"""What would mend a finding: the nearest better dates, and what would do where dates cannot.

The nearest dates are those with the fewest days by which arrival and departure are moved in all, then with the fewest
nights added, then with the fewest days by which the arrival is moved, then the later ones. What they would bring is
asked of the rules themselves: nothing is promised that another rule still forbids.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from cxc.advice.slips import or_else, slips
from cxc.conclusions import CANNOT_BE_TOLD, ELIGIBLE, NOT_ELIGIBLE, Ground, OtherReading, Payable
from cxc.resolver import NOTHING_READ, ListedRows, PickedRows
from cxc.rules import PAPER_CODES, Answer
from cxc.text import day_in_words, listed, months, reduced
from cxc.trip.stay import ONE_DAY, Stay
from cxc.trip.texts import EARLIEST_YEAR, LATEST_YEAR
from cxc.verdict import Finding, Verdict, Verdicts

LONGEST_MONTH: Final = 31
MOST_TRIED: Final = 5_000  # stays: all those within a month of dates that are at all like a visit
MOST_TOGETHER: Final = 2_000  # stays that are tried at once
_DATE_RULES: Final = ("CXC201", "CXC202")


class _Before(NamedTuple):
    """What is read of a trip for which better dates are looked for: facts, answers and conclusions, by name."""

    arrival: datetime.date | None
    stay: Stay
    holidays_known: bool | None
    codes_of_dates: tuple[str, ...]
    near_anyway: bool
    CXC603: Answer
    outcome: str
    amount: Payable | None


class _After(NamedTuple):
    """What is read of a trip with other dates."""

    stay: Stay
    CXC201: Answer
    CXC202: Answer
    CXC603: Answer
    halvings: tuple[object, ...]
    outcome: str
    amount: Payable | None
    decisive_grounds: tuple[Ground, ...]
    in_working_days: OtherReading | None


def better_in(verdicts: Verdicts, rows: ListedRows, places: Sequence[int]) -> dict[int, tuple[_Before, _After]]:
    """Of rows in which a rule of dates fails or halves: each as it is, and at the nearest dates that mend what is wrong
    with its own; by place, where there are any near that do.

    A stay that is too short or too long becomes one that is neither. A trip that is paid at half for a short stay (or
    would be, if the open points are settled) becomes one that brings more.

    Stays are tried for all rows at once, since rows that are judged together cost little: the nearest of each row
    first, then, for those that it does not mend, the next two, the next four, and so on.
    """
    dated = PickedRows(rows, places)
    before = dict(zip(places, map(_Before, *map(dated.values, _Before._fields)), strict=True))
    left = {place: islice(near, MOST_TRIED) for place in places if (near := _worth_trying(before[place], verdicts))}
    found: dict[int, tuple[_Before, _After]] = {}
    tries = 1
    while tried := [(place, stay) for place, near in left.items() for stay in islice(near, tries)]:
        others = verdicts.at_stays(rows, [place for place, _ in tried], [stay for _, stay in tried])
        for (place, _), after in zip(tried, map(_After, *map(others.values, _After._fields)), strict=True):
            if place in left and _mends(before[place], after):
                found[place] = before[place], after
                del left[place]
        tries = max(1, min(2 * tries, MOST_TOGETHER // max(1, len(left))))
    return found


def _worth_trying(before: _Before, verdicts: Verdicts) -> Iterator[Stay] | None:
    """The stays that may mend what is wrong with a trip's dates, from the nearest on; None where none can."""
    rulebook = verdicts.scheme.rulebook
    if not rulebook.counts_all_days and not before.holidays_known:
        return None  # nothing is certain where working days cannot be counted
    least = rulebook.shortest_stay_days
    if before.codes_of_dates[0] not in _DATE_RULES:
        if before.amount is None or before.near_anyway:
            return None
        least = rulebook.full_sum_days
    return _nearest(before.stay, least + 1, rulebook.longest_stay_months * LONGEST_MONTH + 1)


def _mends(before: _Before, after: _After) -> bool:
    """Whether a stay is neither too short nor too long, for certain, and if that was so before, brings the full sum."""
    if not after.CXC201.outcome == after.CXC202.outcome == "pass":
        return False
    if before.codes_of_dates[0] in _DATE_RULES:
        return True
    assert before.amount is not None
    return after.amount is not None and after.amount.amount > before.amount.amount and not after.halvings


def _nearest(stay: Stay, least: int, most: int) -> Iterator[Stay]:
    """Stays of so many nights at least and at most, from the nearest on."""
    arrival, departure = stay.arrival, stay.last + ONE_DAY
    nights = (departure - arrival).days
    nearest = max(1, nights - most, least - nights)
    for moved in range(nearest, nearest + LONGEST_MONTH):
        for later, longer in _moves(moved, least - nights, most - nights):
            changed = Stay.between(arrival + later * ONE_DAY, departure + longer * ONE_DAY)
            if changed.arrival.year >= EARLIEST_YEAR and (changed.last + ONE_DAY).year <= LATEST_YEAR:
                yield changed


def _moves(moved: int, fewest: int, most: int) -> Iterator[tuple[int, int]]:
    """By how many days to move arrival and departure, so many in all and so many nights added, in order of preference.

    >>> list(_moves(2, 0, 2))
    [(1, 1), (-1, -1), (0, 2), (-1, 1), (-2, 0)]
    """
    for added in range(-moved, moved + 1, 2):
        if not fewest <= added <= most:
            continue
        if abs(added) == moved:  # both ends are moved apart, or towards each other
            sign = 1 if added < 0 else -1
            yield from ((sign * later, sign * later + added) for later in range(moved + 1))
        else:
            both_later, both_earlier = (moved - added) // 2, -(moved + added) // 2
            yield from sorted([(both_later, both_later + added), (both_earlier, both_earlier + added)], key=_preferred)


def _preferred(move: tuple[int, int]) -> tuple[int, int]:
    later, longer = move
    return abs(later), -longer


def remedies(verdict: Verdict) -> dict[str, str]:
    """What would mend the findings of a verdict, by their codes: those that fail, are unknown, or halve the amount."""
    if verdict.remedies is None:
        said = {code: standing_remedy(code, verdict.answer(code), verdict.verdicts) for code in verdict.verdicts.codes}
        standing = {code: remedy for code, remedy in said.items() if remedy is not None}
        slipped = {code: or_else(slip, standing[code]) for code, slip in slips(verdict).items()}
        verdict.remedies = standing | slipped | dated_remedies(verdict)
    return verdict.remedies


def advised(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings of a verdict, each with what would mend it."""
    mended = remedies(verdict)
    return tuple([
        finding._replace(remedy=mended[finding.code]) if finding.code in mended else finding
        for finding in verdict.findings
    ])  # fmt: skip


def ways_out(verdict: Verdict) -> tuple[str, ...]:
    """What to do about a verdict: what would mend the findings that decide it, then dates that bring the full sum."""
    found = remedies(verdict)
    codes = [*verdict.codes, "CXC602"]
    return tuple(dict.fromkeys(found[code] for code in codes if code in found))


def dated_remedies(verdict: Verdict) -> dict[str, str]:
    """What other dates would mend, by the code of the finding."""
    rows, place = verdict.listed
    found = dated_in(verdict.verdicts, rows).get(place)
    return {} if found is None else dict([found])


def dated_in(verdicts: Verdicts, rows: ListedRows) -> Mapping[int, tuple[str, str]]:
    """What other dates would mend in rows, by place: the code of the finding, and a sentence."""
    if verdicts.stage == "payment":  # a visit that took place has the dates that it has
        return {}
    found = _DATED.get(rows)
    if found is None:
        decided = zip(rows.values("codes_of_dates"), rows.values("outcome"), strict=True)
        places = [place for place, (codes, outcome) in enumerate(decided) if outcome is not NOTHING_READ and codes]
        near_below_km = verdicts.scheme.rulebook.near_below_km
        found = _DATED[rows] = {
            place: (before.codes_of_dates[0], _sentence(before, after, near_below_km))
            for place, (before, after) in better_in(verdicts, rows, places).items()
        }
    return found


# Every report asks the same of the same rows, and most of each of them, so it is worked out for all that were judged
# together, and remembered as long as they are.
_DATED: Final[WeakKeyDictionary[ListedRows, dict[int, tuple[str, str]]]] = WeakKeyDictionary()


def _sentence(before: _Before, after: _After, near_below_km: int) -> str:
    change, amount = _change(before, after), after.amount
    far = proviso(before.CXC603, after.CXC603, near_below_km)
    reserved = reservation(after.in_working_days)
    if before.amount is not None:
        assert amount is not None
        would = "brings" if before.outcome == ELIGIBLE else "would bring"
        if_so = provided("" if before.outcome == ELIGIBLE else SETTLED, far)
        return f"{change} {would} {amount.in_words} instead of EUR {before.amount.amount:.2f}{if_so}.{reserved}"
    kind = "long" if before.codes_of_dates[0] == "CXC201" else "short"
    mended = f"{change} makes the stay {kind} enough"
    codes = [ground.code for ground in after.decisive_grounds]
    if after.outcome == NOT_ELIGIBLE:
        return f"{mended}. That alone does not make the trip eligible ({', '.join(codes)})."
    if amount is None:
        return f"{mended}. The amount is still not known.{reserved}"
    open_still = after.outcome != ELIGIBLE and {*codes} - {"CXC603"}
    if_so = provided(SETTLED if open_still else "", far)
    return f"{mended}. It would pay {amount.in_words}{if_so}.{reserved}"


SETTLED: Final = "the open points are settled in its favour"


def provided(*conditions: str) -> str:
    """Conditions as the end of a sentence; an empty one is none.

    >>> provided("it rains", ""), provided("it rains", "it is cold"), provided("")
    (', if it rains', ', if it rains and it is cold', '')
    """
    some = [condition for condition in conditions if condition]
    return f", if {listed(some, 'and')}" if some else ""


def proviso(before: Answer, after: Answer, near_below_km: int) -> str:
    """What longer dates rest on that the trip's own do not: a short stay is halved whether the host is near or not.

    The answers are those of the rule of a near host.
    """
    if after.outcome not in ("assumed", "unknown") or before.outcome == after.outcome:
        return ""
    return f"visitor and host are at least {near_below_km} km apart"


def reservation(in_working_days: OtherReading | None) -> str:
    """A reservation, where counting working days would not give the same."""
    if in_working_days is None:
        return ""
    if in_working_days.would == CANNOT_BE_TOLD:
        return f" {in_working_days.platform} counts working days. It is not known whether that changes the result."
    return f" {in_working_days.platform} counts working days. Counted that way, {in_working_days.would}."


def _change(before: _Before, after: _After) -> str:
    """What to do, with weekdays: `Leaving on Saturday 20 May 2023 instead of Friday 19 May 2023`."""
    old, new = before.stay, after.stay
    on_site = before.arrival is None
    come, go = ("beginning", "ending") if on_site else ("arriving", "leaving")
    first, last = ((old.first, new.first), (old.last, new.last)) if on_site else (
        (old.arrival, new.arrival), (old.last + ONE_DAY, new.last + ONE_DAY))  # fmt: skip
    changes = [
        f"{verb} on {_day(after)} instead of {_day(before)}"
        for verb, (before, after) in ((come, first), (go, last))
        if before != after
    ]
    said = listed(changes, "and")
    return said[0].upper() + said[1:]


_day = lru_cache(maxsize=4096)(day_in_words)  # a table has few days and many rows


def standing_remedy(code: str, answer: Answer, verdicts: Verdicts) -> str | None:
    """What would mend an answer whatever the dates, or None. It names what its own rule needs, and promises nothing.

    A visit cannot be made another one when it is to be paid; then only what is stated of it may be wrong.
    """
    limits, stage = verdicts.limits, verdicts.stage
    if answer.values.get("same_trip"):
        keep = " If one of them is marked as paid, keep that one." if "paid_on" in verdicts.fields else ""
        return f"Delete one of the two rows.{keep}"
    if answer.outcome == "fail" and stage == "payment" and code not in PAPER_CODES:
        return "If what is stated is wrong, correct it. If it is right, this visit must not be paid."
    if answer.outcome == "fail":
        return _FAILED[code](limits) if code in _FAILED else None
    if answer.outcome == "unknown":
        return _settling(code, answer)
    if answer.outcome == "applies" and code == "CXC603" and stage == "proposal":
        less = reduced(int(str(limits["reduced_to_percent"])))
        return f"The sum is not {less} if visitor and host are at least {limits['near_below_km']} km apart."
    return None


def _settling(code: str, answer: Answer) -> str:
    """What settles an answer that is unknown."""
    if answer.ask:
        return f"Ask the partnership. If it approves, state approved ({code}), approved_by and approved_on."
    if "history" in answer.needed:
        return "State the visits that took place, in a table of earlier visits (--history)."
    if answer.needed:
        return f"State {listed(answer.needed, 'and')}."
    if code == "CXC303":
        return "Settle the earlier trip first."
    return "Ask the partnership for the amount."


def _other_type(limits: Mapping[str, object], role: str, permissions: str) -> str:
    """The types that may visit, or host; those that must be a member of a cluster are told apart."""
    free, members = _types(limits, permissions, "yes"), _types(limits, permissions, "member")
    kinds = [listed(free)] if free else []
    kinds += [f"as a member of a cluster, {listed(members)}"] if members else []
    return f"Choose a {role} of another type: {'; or, '.join(kinds)}."


def _member(limits: Mapping[str, object], role: str, permissions: str) -> str:
    free = _types(limits, permissions, "yes")
    others = f", or that does not have to be: {listed(free)}" if free else ""
    return f"Choose a {role} that is a member of a cluster{others}."


def _types(limits: Mapping[str, object], permissions: str, permission: str) -> list[str]:
    by_type = limits[permissions]
    assert isinstance(by_type, Mapping)
    return [kind for kind, found in by_type.items() if found == permission]


_KINDS_OF_DAYS: Final = {"all-days": "days", "working-days": "working days"}
_FAILED: Final[Mapping[str, Callable[[Mapping[str, object]], str]]] = {
    "CXC101": lambda limits: (
        "Choose a visitor that is registered in a country that takes part, but not in the host's (cxc countries lists "
        "them)."
    ),
    "CXC102": lambda limits: (
        "Choose a host in a country that takes part, but not in the visitor's (cxc countries lists them)."
    ),
    "CXC103": lambda limits: "Choose a host in another country that takes part.",
    "CXC201": lambda limits: (
        f"Stay at least {limits['shortest_stay_days']} {_KINDS_OF_DAYS[str(limits['day_counting'])]} on site."
    ),
    "CXC202": lambda limits: (
        f"Stay at most {months(int(str(limits['longest_stay_months'])))} from arrival to the last day on site."
    ),
    "CXC301": lambda limits: _other_type(limits, "visitor", "may_visit"),
    "CXC302": lambda limits: _member(limits, "visitor", "may_visit"),
    "CXC303": lambda limits: "Choose a visitor that has not visited before.",
    "CXC304": lambda limits: f"Send fewer people, at most {limits['travellers_at_most']}.",
    "CXC305": lambda limits: "Choose a traveller who meets these conditions, or to whom they do not apply.",
    "CXC401": lambda limits: _other_type(limits, "host", "may_host"),
    "CXC402": lambda limits: _member(limits, "host", "may_host"),
    "CXC701": lambda limits: "Register visitor and host in the tool of the scheme, then state registered.",
    "CXC706": lambda limits: "If it was not paid, leave paid_on and paid_eur blank.",
}
