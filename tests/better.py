"""The verdict on a trip at better dates, of which advice tells no more than a sentence."""

from functools import partial
from typing import Any

from cxc.advice.remedies import better_in
from cxc.trip.fields import PAIRED
from cxc.verdict import Verdict


def better_dates(verdict: Verdict) -> Verdict | None:
    """The verdict at the nearest dates that mend what is wrong with the trip's own; None where none near would."""
    verdicts, (rows, place) = verdict.verdicts, verdict.listed
    found = better_in(verdicts, rows, [place] if verdict.fact("codes_of_dates") else [])
    if place not in found:
        return None
    others = verdicts.at_stays(rows, [place], [found[place][1].stay])
    dates: dict[str, Any] = {name: others.values(name)[0] for name in PAIRED}
    return Verdict(verdicts, others, 0, partial(verdict.trip._replace, **dates), verdict.earlier_visits)
