"""The questions of a conversation about a trip: their words, what helps to answer them, and how a value is echoed."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from cxc.advice.remedies import remedies
from cxc.ask import month_page, terminal
from cxc.ask.terminal import Word
from cxc.facts import days_counted_in
from cxc.scheme import public_holidays, world
from cxc.scheme.countries import Country
from cxc.scheme.loading import Scheme
from cxc.text import day_in_words, fold
from cxc.trip.fields import (
    CLUSTER,
    COUNTRY,
    DATE,
    DESCRIPTIONS,
    DISTANCE,
    ORGANISATION_TYPE,
    PAIRS,
    Field,
    FieldQuestion,
)
from cxc.trip.reader import Trip
from cxc.trip.remarks import is_in_doubt
from cxc.trip.stay import days_on_site
from cxc.trip.texts import MEMBER_UNNAMED, NO_MEMBER
from cxc.verdict import judge
from cxc.vocabulary import ORGANISATION_TYPES


class Manner(NamedTuple):
    """How a question is asked and answered: how the value read is `echoed`, and the words that complete an answer.

    `applies` says whether the trip so far leaves anything to ask, `shows` what is laid out before it (a list, a
    calendar), `warns` what is wrong with the trip by now, and what would mend it.
    """

    echoed: Callable[[Any, Trip], str]
    offers: Callable[[Scheme, str], Iterable[Word]] = lambda scheme, typed: ()
    applies: Callable[[Trip, Scheme], bool] = lambda trip, scheme: True
    shows: Callable[[Trip], Sequence[str]] = lambda trip: ()
    warns: Callable[[Trip, Scheme], Sequence[str]] = lambda trip, scheme: ()


class Question(NamedTuple):
    """A question: the `field` that it fills, its words and its manner; `core` marks what is asked of every trip."""

    field: str
    asked: FieldQuestion
    manner: Manner
    core: bool


def _countries(scheme: Scheme, typed: str) -> Iterable[Word]:
    """Countries of which a name begins as typed, or with this code; those of the table before the rest of the world."""
    found = [
        Word(name, f"{name} ({country.code})")
        for country in scheme.countries.by_code.values()
        for name in _names_like(country, typed)
    ]
    if not found:
        found = [
            Word(name, f"{scheme.countries.name_of(code)} ({code})")
            for name, code in world.names().items()
            if fold(name).startswith(fold(typed))
        ]
    return sorted(found, key=lambda word: fold(word.text))


def _names_like(country: Country, typed: str) -> list[str]:
    if not fold(typed):
        return [country.name]
    names = {fold(name): name for name in reversed((country.name, *country.local_names, *country.also))}
    found = [name for folded, name in names.items() if folded.startswith(fold(typed)) and len(folded) > len("UK")]
    codes = [country.code, *(name for name in country.also if len(name) == len("UK"))]
    return found or ([country.name] if typed.upper() in codes else [])


def stay_in_words(day: datetime.date, trip: Trip) -> str:
    """The last day of a stay, and how many days on site and working days it then has."""
    stay = trip.stay
    assert stay is not None  # the departure is asked for after the arrival
    text, days = day_in_words(day), days_on_site(stay)
    text += ": 1 day on site" if days == 1 else f": {days or 'no'} days on site"
    if trip.host_country is None or not days:
        return text
    working = days_counted_in(trip.host_country, stay).working_days
    if working is None:
        return f"{text}; the public holidays there are not known"
    if days == 1:
        return f"{text}, {'a' if working else 'no'} working day"
    return f"{text}, {working or 'none'} of them {'working days' if working > 1 else 'a working day'}"


def _length(trip: Trip, scheme: Scheme) -> Sequence[str]:
    """That a stay is too short or too long, and what would mend it."""
    verdict = judge(trip, scheme)
    failing = [code for code in ("CXC201", "CXC202") if verdict.answer(code).outcome == "fail"]
    if not failing:
        return ()
    mended = remedies(verdict)
    said = [part for code in failing for part in (verdict.answer(code).message, mended.get(code, ""))]
    return [*filter(None, said), "Write < to go back and change the dates."]


def _calendar(trip: Trip) -> Sequence[str]:
    """The month of arrival and the next, where the terminal has room; a dumb one may be read out line by line."""
    if trip.arrival is None or terminal.is_dumb() or terminal.width() < month_page.WIDTH:
        return ()
    country, years = trip.host_country, (trip.arrival.year, trip.arrival.year + 1)
    holidays = {day for year in years for day in (country and public_holidays.in_year(country.code, year)) or ()}
    legend = f" [ ] arrival   * public holiday in {country.name}" if country and holidays else " [ ] arrival"
    return [*month_page.two_months(trip.arrival, holidays), legend, ""]


def _types(_: Trip) -> Sequence[str]:
    """The list of types, numbered down its columns."""
    numbered = [f"{number:>3} {name}" for number, name in enumerate(ORGANISATION_TYPES, 1)]
    column = max(map(len, numbered)) + 3
    rows = -(-len(numbered) // max(1, terminal.width() // column))
    return ["".join(f"{cell:<{column}}" for cell in numbered[row::rows]).rstrip() for row in range(rows)]


def _type_words(_: Scheme, typed: str) -> Iterable[Word]:
    return [Word(name, name) for name in ORGANISATION_TYPES if fold(name).startswith(fold(typed))]


def _cluster(cluster: str, _: Trip) -> str:
    if cluster == NO_MEMBER:
        return "not a member of a cluster"
    if cluster == MEMBER_UNNAMED:
        return "member of a cluster that is not named"
    doubt = "; if that is not a name, go back with < and write none" if is_in_doubt(cluster) else ""
    return f"member of {cluster}{doubt}"


def _full_sum_in_play(trip: Trip, scheme: Scheme) -> bool:
    """A stay that is halved for being short is not halved again for a near host."""
    verdict = judge(trip, scheme)
    return trip.stay is not None and not verdict.fact("never_near") and verdict.fact("short_stay") is not True


def _no_other_dates(field: Field) -> Callable[[Trip, Scheme], bool]:
    """That no other pair of dates is stated, and of its own the first."""
    others = [name for pair in PAIRS if field.name not in pair for name in pair]

    def applies(trip: Trip, _: Scheme) -> bool:
        known = not field.ends or getattr(trip, field.ends) is not None
        return known and all(getattr(trip, name) is None for name in others)

    return applies


def _no_cluster_itself(field: Field) -> Callable[[Trip, Scheme], bool]:
    its_type = field.name.replace("_cluster", "_type")
    return lambda trip, _: getattr(trip, its_type) != "cluster-organisation"


def _manner(field: Field) -> Manner:
    if field.kind is DATE and field.ends:
        return Manner(stay_in_words, applies=_no_other_dates(field), shows=_calendar, warns=_length)
    return {
        COUNTRY: Manner(lambda country, _: f"{country.name} ({country.code})", offers=_countries),
        DATE: Manner(lambda day, _: day_in_words(day), applies=_no_other_dates(field)),
        ORGANISATION_TYPE: Manner(lambda name, _: name, offers=_type_words, shows=_types),
        CLUSTER: Manner(_cluster, applies=_no_cluster_itself(field)),
        DISTANCE: Manner(lambda km, _: f"{km} km", applies=_full_sum_in_play),
    }[field.kind]


_IN_TURN: Final = sorted((field.question.turn, field.question, field) for field in DESCRIPTIONS if field.question)
QUESTIONS: Final = tuple(Question(field.name, asked, _manner(field), field.core) for _, asked, field in _IN_TURN)
