"""What a rule can find at all under a rulebook and a country table.

A rule is a table, so it is asked: about each combination of values of what it reads, on both sides of each limit. The
values come from the types of its parameters, so a new rule has them, too.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Final, get_args

from cxc.rules import Rule
from cxc.scheme.loading import Scheme
from cxc.trip.fields import BY_NAME
from cxc.vocabulary import EarlierVisits, FindingOutcome

_OR_NONE: Final = " | None"
_A_DAY: Final = datetime.date(2023, 5, 15)


def possible_outcomes(rule: Rule, scheme: Scheme, *, strict: bool) -> frozenset[FindingOutcome]:
    """What a rule can find; pass also where the partnership can approve what it asks. `strict` assumes nothing.

    >>> from cxc.rules import RULES
    >>> from cxc.scheme.loading import load_scheme
    >>> one_person = next(rule for rule in RULES if rule.code == "CXC304")
    >>> sorted(possible_outcomes(one_person, load_scheme("medic-nest"), strict=False))
    ['assumed', 'fail', 'pass']
    >>> sorted(possible_outcomes(one_person, load_scheme("eccp"), strict=False))
    ['not-applicable']
    """
    limits: Mapping[str, object] = scheme.rulebook.limits
    kinds: Mapping[str, str] = rule.function.__annotations__
    figures = [value for name in rule.reads if isinstance(value := limits.get(name), int)]
    domains = [
        [limits[name]] if name in limits else [*_values(name, kinds[name], scheme, figures)] for name in rule.reads
    ]
    found: set[FindingOutcome] = set()
    for facts in product(*domains):
        answer = rule.function(*facts)
        found.add("unknown" if strict and answer.outcome == "assumed" else answer.outcome)
        if answer.ask:
            found.add("pass")
    return frozenset(found)


def _values(name: str, kind: str, scheme: Scheme, figures: Sequence[int]) -> Iterable[object]:
    """Values of a fact, by its name and its type: all where they are few, else those beside each limit."""
    if kind.endswith(_OR_NONE):
        yield None
    kind = kind.removesuffix(_OR_NONE)
    choices = BY_NAME[name].kind.choices if name in BY_NAME else ()
    countries = scheme.countries.by_code.values()
    if kind == "bool":
        yield from (False, True)
    elif kind == "int":
        yield from _beside(figures)
    elif kind == "Decimal":
        yield from map(Decimal, _beside(figures))
    elif kind == "datetime.date":
        yield from (_A_DAY + datetime.timedelta(days=days) for days in (-1, 0, 1))
    elif kind == "Country":
        yield from {country.status: country for country in countries}.values()
        yield scheme.countries.outside("US")
    elif kind == "LumpSum":
        yield from [amount for country in countries for amount in country.lump_sums][:1]
    elif kind == "EarlierVisits":
        yield from get_args(EarlierVisits)
    elif kind == "str":
        yield from choices
    else:
        assert kind == "tuple[str, ...]", f"{name}: {kind}"
        yield from [(choice,) for choice in choices]
        yield choices


def _beside(figures: Sequence[int]) -> list[int]:
    """Whole numbers on both sides of each figure, and of each two added or taken from one another.

    >>> _beside([200, 20])
    [0, 1, 19, 20, 21, 39, 40, 41, 179, 180, 181, 199, 200, 201, 219, 220, 221, 399, 400, 401]
    """
    limits = {0, *(one + sign * other for one in figures for other in (0, *figures) for sign in (1, -1))}
    return sorted({limit + step for limit in limits for step in (-1, 0, 1) if limit + step >= 0})
