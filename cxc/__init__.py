"""cxc: eligibility and reimbursement under ClusterXchange.

    import cxc
    verdict = cxc.check(host_country="PT", arrival="2023-05-14", departure="2023-05-20", host_cluster="yes")
    print(verdict.outcome, verdict.payable.amount)

The fields of a trip are those of a trip file. A date may be a `datetime.date`, a country its code or name.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxc.verdict import Verdict
    from cxc.visits import Visit

__all__ = ["__version__", "check"]
__version__ = "0.1.0"


def check(
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "Iterable[Visit] | str | None" = None,
    strict: bool = False,
    **trip: object,
) -> "Verdict":
    """The verdict on one trip, the same as `cxc check` gives.

    `rulebook` is a name or a file, `countries` a file, `history` the visits that took place, or the CSV file that lists
    them (None: not known). Raises `cxc.errors.TripError` where the trip cannot be read, and another
    `cxc.errors.CxcError` for a bad rulebook or table.

    >>> check(host_country="PT", first_day="2023-05-15", last_day="2023-05-17", host_cluster="yes").payable.amount
    Decimal('390.00')
    """
    from cxc.scheme import load_scheme
    from cxc.trip import TripReader
    from cxc.verdict import judge
    from cxc.visits import NO_HISTORY, Visits

    scheme = load_scheme(rulebook, countries)
    reader = TripReader(scheme.countries)
    read = reader.read(trip)
    if isinstance(history, str):
        from pathlib import Path

        from cxc.history import load_history

        history = load_history([Path(history)], reader)
    recollection = NO_HISTORY if history is None else Visits(history).recall(read, scheme.rulebook.visits_at_most)
    return judge(read, scheme, strict=strict, recollection=recollection)
