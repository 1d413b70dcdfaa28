"""Notices that may change an amount or a verdict, counted over a table: how many rows have which, and the first rows.

A report that shows no more than the rows that need a look would say nothing of them, though a stay may pay less if only
working days count, and a distance that is wrong halves a sum.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cxc.conclusions import NOT_ELIGIBLE
from cxc.reports.values import in_rows
from cxc.tables.summary import NamedRows
from cxc.vocabulary import Outcome

if TYPE_CHECKING:
    from cxc.tables.judged import JudgedRows

TITLE: Final = "Notices that may change the amount or the verdict"
WORKING_DAYS: Final = "Perhaps less is payable if only working days count"
DISTANCE: Final = "The distance stated does not fit the countries or the places"
PLACES: Final = "The distance is worked out from the places stated"
ONE_PLACE: Final = "One place alone gives no distance"
PERIOD: Final = "Perhaps in no period for which visits are funded"
TAKEN_OVER: Final = "Under limits that are taken over from another scheme"
IDLE: Final = "Residence is stated, but not third_country_national"
_KINDS: Final = (WORKING_DAYS, DISTANCE, PLACES, ONE_PLACE, PERIOD, TAKEN_OVER, IDLE)
_MOST_NAMED: Final = 5  # rows of each kind


def kinds_of_notices(
    outcome: Outcome,
    working_day_notice: str | None,
    distance_notice: str | None,
    places_notice: str | None,
    period_notice: str | None,
    taken_over_notice: str | None,
    idle_notice: str | None,
    distance_stated: bool,
    worked_out_km: int | None,
    never_near: bool | None,
    short_stay: bool | None,
) -> tuple[str, ...]:
    """Which of them a trip has. Nothing changes for one that is refused; an inferred amount is told with the sums.

    How places are read matters where nothing else decides whether the two are near, and the sum is not halved anyway.
    """
    if outcome == NOT_ELIGIBLE:
        return ()
    by_places = not distance_stated and not never_near and not short_stay
    found = {
        WORKING_DAYS: working_day_notice,
        DISTANCE: distance_notice,
        PLACES: places_notice if worked_out_km is not None and by_places else None,
        ONE_PLACE: places_notice if worked_out_km is None else None,
        PERIOD: period_notice,
        TAKEN_OVER: taken_over_notice,
        IDLE: idle_notice,
    }
    return tuple([kind for kind, notice in found.items() if notice is not None])


class NoticesCounted:
    """Counts the rows of a table by these kinds, all but those that are `told` otherwise."""

    def __init__(self, told: Sequence[str] = ()) -> None:
        self._rows = {kind: NamedRows(_MOST_NAMED) for kind in _KINDS if kind not in told}

    def add(self, judged: "JudgedRows") -> None:
        """Count some rows."""
        values, numbers = judged.found(kinds_of_notices)
        rows = {number: of for number in {*numbers} if (of := self._of(values[number]))}
        if rows:
            for line, number in zip(judged.lines, numbers, strict=True):
                if number in rows:
                    for one in rows[number]:
                        one.add(judged.title, line)

    def _of(self, kinds: object) -> list[NamedRows]:
        """The counts of some kinds; of a row that cannot be read there are none."""
        return [self._rows[kind] for kind in kinds if kind in self._rows] if isinstance(kinds, tuple) else []

    @property
    def lines(self) -> list[str]:
        """Each kind with the number of its rows and the first of them; nothing where there are none."""
        return [f"{kind}: {in_rows(rows.count)} ({rows.named})." for kind, rows in self._rows.items() if rows.count]
