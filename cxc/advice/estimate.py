"""What a visit would bring: in one country or in each, by days or by dates.

Nothing is decided here: an estimate is the verdict on a trip whose host is taken to be a member of a cluster. Where
only the number of days is known, the verdict is on a stay of so many days that count, whatever its dates are.
"""

import datetime
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from cxc.advice.remedies import SETTLED, provided, proviso, reservation
from cxc.conclusions import INFERRED, UNDECIDED, Payable
from cxc.facts import days_past_longest
from cxc.scheme import public_holidays
from cxc.scheme.countries import Country
from cxc.scheme.rulebook import Rulebook, says
from cxc.text import day_in_words, months
from cxc.trip.reader import Trip
from cxc.trip.stay import ONE_DAY, Stay, last_day_allowed, weekdays
from cxc.trip.texts import MEMBER_UNNAMED
from cxc.verdict import DISCLAIMER, Verdict, Verdicts

NEWEST_ASSUMED: Final = "The amount is the newest one known, because the dates are not stated."
DATES_DECIDE: Final = (
    "How many working days a stay has depends on weekends and on the public holidays of the host country. State "
    "--arrival and --departure to have them counted."
)


def other_reading(platform: str) -> str:
    """That another reading counts working days."""
    return (
        f"{platform} counts working days, but this rulebook counts all days. State --arrival and --departure to see "
        "what the visit would bring if only working days count."
    )


def _dates_matter(rulebook: Rulebook) -> Iterator[str]:
    """What dates would tell that days do not."""
    if not rulebook.counts_all_days:
        yield DATES_DECIDE
    elif rulebook.scheme.platform is not None:
        yield other_reading(rulebook.scheme.platform)


def cluster_assumed(rulebook: Rulebook) -> str:
    """What a host's cluster is taken to be: any, or one of those that the partnership lists."""
    return rulebook.clusters[0].name if rulebook.clusters else MEMBER_UNNAMED


def host_assumed(rulebook: Rulebook) -> str:
    """The same as a sentence."""
    return f"The host is a member of a cluster{' that the partnership knows' if rulebook.clusters else ''}."


class Estimate(NamedTuple):
    """What a visit to a country would bring: the `verdict` on it.

    Where neither days nor dates are asked about, it is for the fewest days that bring the full sum, and `shorter` is
    the verdict on the shortest stay, if that has fewer days.
    """

    country: Country
    verdict: Verdict
    shorter: Verdict | None = None

    @property
    def payable(self) -> Payable | None:
        """What would be payable; None unless it is eligible."""
        return self.verdict.payable


class Tier(NamedTuple):
    """Stays of `first` to `last` days that count, which all come to the same (`last` None: any number more)."""

    first: int
    last: int | None
    verdict: Verdict


class Estimates(NamedTuple):
    """Estimates, the highest amount first, then by name, with what they were asked about.

    `trip` holds the visitor's country and the dates, if they are stated; `days` is the number of days that count, if it
    is; `single` says that one country was asked for. `tiers` is what any number of days brings in it, without dates.
    `assumptions` and `notices` are sentences; `changes` says what would change the amount.
    """

    verdicts: Verdicts
    trip: Trip
    days: int | None
    single: bool
    entries: tuple[Estimate, ...]
    tiers: tuple[Tier, ...]
    assumptions: tuple[str, ...]
    changes: tuple[str, ...]
    notices: tuple[str, ...]


def estimate(verdicts: Verdicts, trip: Trip, days: int | None = None) -> Estimates:
    """What a visit would bring: in the trip's host country, or in each that may take part, but the visitor's own.

    `days` counts as the rulebook does; it takes the place of dates. Without both, see `Estimate`.

    >>> from cxc.scheme.loading import load_scheme
    >>> scheme = load_scheme()
    >>> found = estimate(Verdicts(scheme), Trip(host_country=scheme.countries.find("PT")), days=3)
    >>> found.entries[0].payable.amount
    Decimal('390.00')
    """
    trip = trip._replace(host_cluster=cluster_assumed(verdicts.scheme.rulebook))
    rulebook, dated = verdicts.scheme.rulebook, trip.stay is not None
    single = trip.host_country is not None
    hosts = [trip.host_country] if trip.host_country else hosts_abroad(verdicts, trip.visitor_country)
    shorter, asked = None, days
    if not dated and days is None:
        asked = full_sum_from(rulebook)
        shorter = rulebook.shortest_stay_days if rulebook.shortest_stay_days < asked else None
    entries = []
    for host in hosts:
        there = trip._replace(host_country=host)
        verdict = verdict_on(verdicts, there, asked)
        entries.append(Estimate(host, verdict, verdict_on(verdicts, there, shorter) if shorter else None))
    entries.sort(key=_place)
    tiers = tuple(tiers_in(verdicts, trip)) if single and not dated else ()
    labelled = [(entry.country.code, entry.verdict) for entry in entries]
    return Estimates(
        verdicts,
        trip,
        days,
        single,
        tuple(entries),
        tiers,
        (*assumptions([verdict for _, verdict in labelled], rulebook), *(() if dated else (NEWEST_ASSUMED,))),
        tuple(_changes(verdicts, trip, days, tiers) if single else _changes_anywhere(entries, rulebook, dated)),
        notices(labelled),
    )


def _place(entry: Estimate) -> tuple[Decimal, str]:
    return -(entry.payable.amount if entry.payable else Decimal(0)), entry.country.name


def hosts_abroad(verdicts: Verdicts, visitor_country: Country | None) -> list[Country]:
    """Every country of the table that takes part, or may; without the visitor's own."""
    listed_countries = verdicts.scheme.countries.by_code.values()
    return [c for c in listed_countries if c.status != "not-participating" and c is not visitor_country]


def verdict_on(verdicts: Verdicts, trip: Trip, days: int | None = None) -> Verdict:
    """The verdict on a trip with dates; or, with `days`, on a stay of so many days that count, whatever its dates."""
    if days is None:
        return verdicts(trip)
    assert trip.host_country is not None
    rulebook = verdicts.scheme.rulebook
    facts = {
        "days_on_site": days if rulebook.counts_all_days else None,
        "working_days": None if rulebook.counts_all_days else days,
        "days_past_longest": days_too_many(days, trip.host_country, rulebook),
        "short_stay": days < rulebook.full_sum_days,
    }
    return verdicts.supposing(facts)(trip)


def days_that_count(verdict: Verdict) -> int | None:
    """The days of a stay as its rulebook counts them; None where they are not known."""
    return verdict.days_on_site if verdict.scheme.rulebook.counts_all_days else verdict.working_days


def days_too_many(days: int, country: Country, rulebook: Rulebook) -> int | None:
    """By how many so many days that count are more than the longest stay can hold; 0 where any dates hold them.

    None where it depends on the dates.

    >>> from cxc.scheme.loading import load_scheme
    >>> scheme = load_scheme()
    >>> [days_too_many(days, scheme.countries.find("PT"), scheme.rulebook) for days in (28, 29, 31, 32)]
    [0, None, None, 1]
    """
    least, most = days_held(country, rulebook)
    if days <= least:
        return 0
    return days - most if days > most else None


def days_held(country: Country, rulebook: Rulebook) -> tuple[int, int]:
    """How many days that count the longest stay holds in a country: at least, whenever it is, and at most.

    Of working days the first is a safe figure: the fewest weekdays of any month, less the most public holidays that any
    month has. It is 0 where the holidays of the country are not known.
    """
    months = rulebook.longest_stay_months
    shortest, longest = _lengths(months)
    if rulebook.counts_all_days:
        return shortest, longest
    holidays = _most_holidays(country.code, longest)
    fewest = 0 if holidays is None else max(0, _weekdays_in(shortest)[0] - holidays)
    return fewest, _weekdays_in(longest)[1]


@cache
def _lengths(months: int) -> tuple[int, int]:
    """The shortest and the longest time from an arrival to the last day allowed on site, in days, in any four years."""
    first = datetime.date(2024, 1, 1)
    arrivals = [first + place * ONE_DAY for place in range(4 * 365 + 1)]
    lengths = {(last_day_allowed(arrival, months) - arrival).days for arrival in arrivals}
    return min(lengths), max(lengths)


@cache
def _weekdays_in(days: int) -> tuple[int, int]:
    """The fewest and the most weekdays that so many days hold, on whichever day of the week they begin."""
    week = [datetime.date(2024, 1, 1) + place * ONE_DAY for place in range(7)]
    counts = [weekdays(Stay.on_site(first, first + (days - 1) * ONE_DAY)) for first in week]
    return min(counts), max(counts)


@cache
def _most_holidays(code: str, days: int) -> int | None:
    """The most public holidays on weekdays that so many days of a country hold; None where they are not known."""
    found: list[datetime.date] = []
    first, last = public_holidays.years()
    for year in range(first, last + 1):
        holidays = public_holidays.in_year(code, year)
        if holidays is None:
            return None
        found += sorted(day for day in holidays if day.weekday() < 5)
    until = (bisect_right(found, day + (days - 1) * ONE_DAY) for day in found)
    return max((end - place for place, end in enumerate(until)), default=0)


def full_sum_from(rulebook: Rulebook) -> int:
    """The fewest days that count of a stay that brings the full sum."""
    return max(rulebook.full_sum_days, rulebook.shortest_stay_days)


def tiers_in(verdicts: Verdicts, trip: Trip) -> Iterator[Tier]:
    """What any number of days brings in the trip's host country, from one day on, without dates."""
    first, before = 1, verdict_on(verdicts, trip, 1)
    days = 1
    while before.fact(days_past_longest) in (0, None):
        days += 1
        verdict = verdict_on(verdicts, trip, days)
        if _comes_to(verdict) != _comes_to(before):
            yield Tier(first, days - 1, before)
            first = days
        before = verdict
    yield Tier(first, None, before)


def _comes_to(verdict: Verdict) -> tuple[object, ...]:
    amount = verdict.amount
    past = verdict.fact(days_past_longest)
    return verdict.outcome, amount and amount.amount, amount and amount.basis, past if past is None else past > 0


def reasons(verdict: Verdict) -> list[str]:
    """Why a visit is not eligible, or undecided, in sentences."""
    undated = verdict.trip.stay is None
    return [_past_month(verdict) if undated and f.code == "CXC202" else f.message for f in verdict.decisive]


def _past_month(verdict: Verdict) -> str:
    """What the rule of the longest stay comes to where only the number of days is known."""
    rulebook, host = verdict.scheme.rulebook, verdict.trip.host_country
    assert host is not None
    least, most = days_held(host, rulebook)
    stay = counted(days_that_count(verdict) or 0, rulebook)
    longest = f"{months(rulebook.longest_stay_months)}, the longest stay"
    if verdict.fact(days_past_longest) is None:
        held = f"; {least} always fit" if least else ""
        return f"It depends on the dates whether {stay} fit into {longest}{held}. State --arrival and --departure."
    return f"No more than {counted(most, rulebook)} fit into {longest}. {stay} are too many."


def counted(days: int, rulebook: Rulebook, more: str = "") -> str:
    """So many days that count, in words.

    >>> from cxc.scheme.rulebook import load_rulebook
    >>> counted(1, load_rulebook()), counted(5, load_rulebook("eccp"))
    ('1 day on site', '5 working days')
    """
    kind = ("day{} on site" if rulebook.counts_all_days else "working day{}").format("" if days == 1 else "s")
    return f"{days} {more}{kind}"


def euros(payable: Payable) -> str:
    """An amount with its basis.

    >>> euros(Payable(Decimal(415), "inferred", ()))
    'EUR 415.00 (inferred, not confirmed)'
    """
    return f"EUR {payable.amount:.2f} ({'published' if payable.basis == 'published' else 'inferred, not confirmed'})"


def in_range(first: int, last: int | None, rulebook: Rulebook) -> str:
    """A range of days that count, in words.

    >>> from cxc.scheme.rulebook import load_rulebook
    >>> in_range(3, 4, load_rulebook()), in_range(32, None, load_rulebook())
    ('3 to 4 days on site', '32 days on site or more')
    """
    if last is None:
        return f"{counted(first, rulebook)} or more"
    return counted(first, rulebook) if first == last else f"{first} to {counted(last, rulebook)}"


def assumptions(verdicts: Sequence[Verdict], rulebook: Rulebook) -> tuple[str, ...]:
    """What the verdicts take to be so, the host's membership first.

    Where they say the same rule's assumption in different words, the rule itself is what is assumed.
    """
    said: dict[str, set[str]] = {}
    for verdict in verdicts:
        for finding in verdict.findings:
            if finding.outcome == "assumed":
                said.setdefault(finding.code, set()).add(finding.message)
    sentences = [
        next(iter(messages)) if len(messages) == 1 else says(rulebook, code) for code, messages in sorted(said.items())
    ]
    return host_assumed(rulebook), *sentences


def notices(labelled: Sequence[tuple[str, Verdict]]) -> tuple[str, ...]:
    """What to know beside several verdicts: what they share once, what one has of its own after its label.

    The last says who decides.
    """
    shared, own = shared_notices([verdict for _, verdict in labelled])
    named = [f"{label}: {notice}" for (label, _), notes in zip(labelled, own, strict=True) for notice in notes]
    return (*shared, *named, DISCLAIMER)


def shared_notices(verdicts: Sequence[Verdict]) -> tuple[list[str], list[list[str]]]:
    """The notices that all verdicts share, and that amounts are inferred; and for each verdict its others."""
    texts = [verdict.notices for verdict in verdicts]
    every = list(dict.fromkeys(notice for notes in texts for notice in notes if notice != DISCLAIMER))
    shared = [notice for notice in every if notice.startswith(INFERRED) or all(notice in notes for notes in texts)]
    return shared, [[notice for notice in notes if notice not in (*shared, DISCLAIMER)] for notes in texts]


def _changes_anywhere(entries: Sequence[Estimate], rulebook: Rulebook, dated: bool) -> Iterator[str]:
    """What changes an amount, whichever the country is; nothing where there is no amount."""
    if not any(entry.verdict.amount for entry in entries):
        return
    yield from (says(rulebook, code) for code in ("CXC602", "CXC603"))
    if not dated:
        yield from _dates_matter(rulebook)


def _changes(verdicts: Verdicts, trip: Trip, days: int | None, tiers: Sequence[Tier]) -> Iterator[str]:
    """What would change the amount in one country."""
    rulebook = verdicts.scheme.rulebook
    asked = None if trip.stay is not None else days or full_sum_from(rulebook)
    now = verdict_on(verdicts, trip, asked)
    if asked is None:
        yield from _by_other_dates(verdicts, trip, now)
    else:
        yield from _by_other_days(now, asked, tiers)
    near = verdict_on(verdicts, trip._replace(distance_km=Decimal(0)), asked)
    if _difference(near, now):
        yield f"A host less than {rulebook.near_below_km} km away {_brings(near, now)}"
    if asked is not None and now.amount:
        yield from _dates_matter(rulebook)


def _by_other_days(now: Verdict, asked: int, tiers: Sequence[Tier]) -> Iterator[str]:
    rulebook = now.scheme.rulebook
    at = next(place for place, tier in enumerate(tiers) if tier.last is None or asked <= tier.last)
    fitting = [tier for tier in tiers[:at] if tier.verdict.amount and tier.verdict.fact(days_past_longest) == 0]
    above = next((tier for tier in tiers[at + 1 :] if _difference(tier.verdict, now) > 0), None)
    if above:
        more = above.first - asked
        yield f"{counted(more, rulebook, 'more ')} {_brings(above.verdict, now, many=more > 1)}"
    elif now.amount and now.fact(days_past_longest) == 0:
        yield "More days do not bring more."
    if fitting and _comes_to(fitting[-1].verdict) != _comes_to(now):
        below = fitting[-1]
        yield f"{in_range(below.first, below.last, rulebook)} {_brings(below.verdict, now, many=below.last != 1)}"


def _by_other_dates(verdicts: Verdicts, trip: Trip, now: Verdict) -> Iterator[str]:
    later = _moved(verdicts, trip, now, 1)
    if later:
        yield later
    elif now.amount:
        yield "A longer stay does not bring more."
    earlier = _moved(verdicts, trip, now, -1)
    if earlier:
        yield earlier


def _moved(verdicts: Verdicts, trip: Trip, now: Verdict, step: int) -> str | None:
    """What the nearest departure brings that changes the sum; a later one only where it brings more."""
    field, began = ("departure", trip.arrival) if trip.departure else ("last_day", trip.first_day)
    end, moved = getattr(trip, field), 0
    while True:
        moved += 1
        day = end + step * moved * ONE_DAY
        if began is None or day < began:
            return None
        verdict = verdicts(trip._replace(**{field: day}))
        difference = _difference(verdict, now)
        if difference > 0 or (difference and step < 0):
            what = "A departure" if trip.departure else "A last day on site"
            days = "1 day" if moved == 1 else f"{moved} days"
            return (
                f"{what} {days} {'later' if step > 0 else 'earlier'}, on {day_in_words(day)}, {_brings(verdict, now)}"
            )
        if step > 0 and verdict.fact(days_past_longest):
            return None


def _difference(verdict: Verdict, now: Verdict) -> Decimal:
    """By how much one verdict brings more than another, in EUR."""
    one, other = verdict.amount, now.amount
    return (one.amount if one else Decimal(0)) - (other.amount if other else Decimal(0))


def _brings(verdict: Verdict, now: Verdict, *, many: bool = False) -> str:
    """What a verdict brings, as the end of a sentence."""
    amount, difference = verdict.amount, _difference(verdict, now)
    if amount is None:
        return f"bring{'' if many else 's'} nothing."
    verb, settled = f"bring{'' if many else 's'}", ""
    if verdict.outcome == UNDECIDED:
        verb, settled = "would bring", SETTLED
    near_below_km = verdict.scheme.rulebook.near_below_km
    if_so = provided(settled, proviso(now.answered("CXC603"), verdict.answered("CXC603"), near_below_km))
    if now.amount is None or not difference:
        return f"{verb} {euros(amount)}{if_so}.{reservation(verdict.in_working_days)}"
    more = f"EUR {abs(difference):.2f} {'more' if difference > 0 else 'less'}"
    return f"{verb} {euros(amount)}, {more}{if_so}.{reservation(verdict.in_working_days)}"
