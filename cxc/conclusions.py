"""What the rules' answers come to, a function each: what decides, the outcome, the amount, and what is to be noticed.

Any finding that fails: not eligible. Else any that is unknown: undecided. Else eligible. Nothing is payable unless the
trip is eligible. A conclusion reads answers by the codes of their rules, facts and other conclusions by their names,
and is asked as these are.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from cxc.errors import Problem
from cxc.facts import Approval, in_doubt
from cxc.rules import PAPER_CODES, Answer
from cxc.scheme.countries import CURRENCY, LumpSum
from cxc.scheme.data_files import CENT
from cxc.scheme.rulebook import Period, Rulebook
from cxc.text import listed
from cxc.trip.fields import FIELDS
from cxc.trip.reader import Misread, papers_in_disorder
from cxc.trip.remarks import has_a_year
from cxc.trip.stay import Stay
from cxc.trip.texts import shown
from cxc.vocabulary import Basis, Outcome, RowOutcome, Stage

if TYPE_CHECKING:
    from cxc.trip.places import Place

Function = TypeVar("Function", bound=Callable[..., object])

ELIGIBLE: Final = "eligible"
NOT_ELIGIBLE: Final = "not-eligible"
UNDECIDED: Final = "undecided"
# A row of a table that states no trip has no verdict; this is what stands for one.
UNREADABLE: Final = "unreadable"
NO_TRIP: Final = "no-trip"  # the outcome of a row that is none, such as a total
OUTCOMES: Final[tuple[RowOutcome, ...]] = (ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, UNREADABLE)

CONCLUSIONS: Final[dict[str, Callable[..., object]]] = {}


def conclusion(function: Function) -> Function:
    """A conclusion that others may read by the name of its function. One that nobody reads needs no mark."""
    CONCLUSIONS[function.__name__] = function
    return function


class DerivationLine(NamedTuple):
    """A step towards the amount: `factor` is what the amount so far is multiplied by, `amount` what comes out (EUR)."""

    code: str
    text: str
    factor: Decimal | None
    amount: Decimal


class Payable(NamedTuple):
    """An amount in EUR with its basis, published or inferred, and the steps that lead to it.

    `inferred_from` is what it comes from, where that is known of an inferred amount.
    """

    amount: Decimal
    basis: Basis
    derivation: tuple[DerivationLine, ...]
    currency: str = CURRENCY
    inferred_from: str = ""

    @property
    def in_words(self) -> str:
        """The amount, with a word where it is not confirmed.

        >>> Payable(Decimal(415), "inferred", ()).in_words
        'EUR 415.00 (inferred, not confirmed)'
        """
        return f"EUR {self.amount:.2f}{' (inferred, not confirmed)' if self.basis == 'inferred' else ''}"


class Ground(NamedTuple):
    """What refuses a trip (`fails`), or leaves it undecided: the answer of one rule, without its figures."""

    code: str
    fails: bool
    message: str
    needed: tuple[str, ...]
    ask: bool


def codes_in(grounds: tuple[Ground, ...]) -> tuple[str, ...]:
    """The codes of the rules that speak against a trip."""
    return tuple([found.code for found in grounds])


ASSUMES: Final = Ground("", False, "", (), False)  # stands before all grounds where something was assumed


def ground(code: str, answer: Answer) -> Ground | None:
    """What an answer has against a trip, that it was assumed, or None."""
    if answer.outcome == "assumed":
        return ASSUMES
    if answer.outcome not in ("fail", "unknown"):
        return None
    return Ground(code, answer.outcome == "fail", answer.message, answer.needed, bool(answer.ask))


@conclusion
def grounds(grounds_elsewhere: tuple[Ground, ...], grounds_of_days: tuple[Ground, ...]) -> tuple[Ground, ...]:
    """What all rules have against a trip, in the order of their codes."""
    return tuple([found for found in sorted(grounds_elsewhere + grounds_of_days) if found is not ASSUMES])


@conclusion
def assumes(grounds_elsewhere: tuple[Ground, ...], grounds_of_days: tuple[Ground, ...]) -> bool:
    """Whether something was assumed."""
    return ASSUMES in grounds_elsewhere or ASSUMES in grounds_of_days


@conclusion
def decisive_grounds(grounds: tuple[Ground, ...], approval: Approval | None) -> tuple[Ground, ...]:
    """What decides: what fails, or else what is unknown and not approved."""
    approved = approval.codes if approval else ()
    failing = tuple([found for found in grounds if found.fails])
    return failing or tuple([found for found in grounds if not (found.ask and found.code in approved)])


@conclusion
def outcome(decisive_grounds: tuple[Ground, ...]) -> Outcome:
    """eligible, not-eligible or undecided."""
    if not decisive_grounds:
        return ELIGIBLE
    return NOT_ELIGIBLE if decisive_grounds[0].fails else UNDECIDED


@conclusion
def eligibility(grounds: tuple[Ground, ...], approval: Approval | None) -> tuple[Ground, ...]:
    """What decides whether a trip is eligible, whatever its papers say, and so whether it uses up a visit."""
    return decisive_grounds(tuple([found for found in grounds if found.code not in PAPER_CODES]), approval)


@conclusion
def already_paid(CXC706: Answer) -> bool:  # noqa: N803
    """Whether a visit is paid already, at the stage of payment."""
    return CXC706.outcome == "fail"


def failed(decisive_grounds: tuple[Ground, ...], outcome: Outcome) -> tuple[str, ...]:
    """The codes of the rules that fail."""
    return codes_in(decisive_grounds) if outcome == NOT_ELIGIBLE else ()


_ORDER: Final = {name: place for place, name in enumerate((*FIELDS, "history"))}


@conclusion
def needed(decisive_grounds: tuple[Ground, ...], outcome: Outcome) -> tuple[str, ...]:
    """The fields that would settle an undecided verdict, in the order of a trip's fields."""
    if outcome != UNDECIDED:
        return ()
    return tuple(sorted({name for found in decisive_grounds for name in found.needed}, key=_ORDER.__getitem__))


Said = tuple[str, str]  # the code of a rule, and what it says


def halving(code: str, answer: Answer) -> Said | None:
    """That an answer halves the lump sum."""
    return (code, answer.message) if answer.outcome == "applies" else None


def assumption(code: str, answer: Answer) -> Said | None:
    """What an answer takes to be so."""
    return (code, answer.message) if answer.outcome == "assumed" else None


def assumed(assumptions: tuple[Said, ...]) -> tuple[str, ...]:
    """What was taken to be so without being stated."""
    return tuple([message for _, message in assumptions])


@conclusion
def amount_said(CXC601: Answer) -> str:  # noqa: N803  # an answer goes by the code of its rule
    """What the rule of the lump sum says."""
    return CXC601.message


@conclusion
def amount_unless_refused(
    lump_sum: LumpSum | None, amount_said: str, halvings: tuple[Said, ...], reduced_to_percent: int
) -> Payable | None:
    """The amount as a derivation: the lump sum, halved by what halves it; None where no lump sum is known.

    A rulebook may reduce it to another share than half.
    """
    if lump_sum is None:
        return None
    lines = [DerivationLine("CXC601", amount_said, None, lump_sum.full)]
    for code, message in halvings:
        factor = Decimal(reduced_to_percent) / 100
        lines.append(DerivationLine(code, message, factor, (lines[-1].amount * factor).quantize(CENT)))
    basis = lump_sum.reduced_basis(reduced_to_percent) if halvings else lump_sum.full_basis
    other_share = halvings and reduced_to_percent != lump_sum.origin.percent  # of which the file says nothing
    return Payable(
        lines[-1].amount, basis, tuple(lines), inferred_from="" if other_share else lump_sum.origin.inferred_from
    )


@conclusion
def amount(outcome: Outcome, amount_unless_refused: Payable | None) -> Payable | None:
    """What is payable, now or if what is open is settled; None where the trip is refused."""
    return None if outcome == NOT_ELIGIBLE else amount_unless_refused


@conclusion
def amount_eur(amount: Payable | None) -> Decimal | None:
    """The amount alone, of which there are few: what needs no more of it is asked seldom."""
    return None if amount is None else amount.amount


INFERRED: Final = "The amount is inferred"  # how the notice begins


@conclusion
def inferred_notice(amount: Payable | None, scheme_name: str) -> str | None:
    """That the amount is not confirmed."""
    if amount is None or amount.basis != "inferred":
        return None
    whence = f". It comes from {amount.inferred_from}" if amount.inferred_from else ""
    return f"{INFERRED}{whence} and is not confirmed for {scheme_name}. Ask the partnership to confirm it."


@conclusion
def period_notice(arrival_day: datetime.date | None, outside_period: str, period: Period | None) -> str | None:
    """A question to ask where a trip lies outside the rulebook's period, or this is not known."""
    if period is None:
        return outside_period
    first, last = period
    if arrival_day is None or (first <= arrival_day and (last is None or arrival_day <= last)):
        return None
    return outside_period


def outside_period(name: str, period: Period | None) -> str:
    """What to ask of a trip outside a rulebook's period; of every trip where that is not known."""
    if period is None:
        return f"The rulebook {name} does not say when exchanges are funded. Ask the partnership."
    first, last = period
    whole = f"from {first} to {last}" if last else f"from {first} on"
    return (
        f"The trip is outside the period of the rulebook {name} ({whole}). "
        "Ask the partnership whether exchanges are still funded."
    )


def taken_over_notice(rulebook: Rulebook) -> str | None:
    """What comes from a rulebook of another scheme, and so may be different."""
    if not rulebook.taken_over:
        return None
    names = listed([name.replace("_", " ") for name in rulebook.taken_over], "and")
    whence = listed(rulebook.taken_over_from, "and")
    return (
        f"Not confirmed for {rulebook.scheme.name}, but taken over from {whence}: {names}. "
        "Ask the partnership whether they are the same."
    )


CANNOT_BE_TOLD: Final = "it cannot be told"


class OtherReading(NamedTuple):
    """The days on site and the working days among them, where it may matter which are counted; and what would be so.

    `platform` is who counts working days.
    """

    platform: str
    days_on_site: int
    weekdays: int | None
    working_days: int | None
    would: str = ""


@conclusion
def counts_the_same(
    CXC201: Answer,  # noqa: N803
    CXC602: Answer,  # noqa: N803
    CXC201_by_working_days: Answer,  # noqa: N803
    CXC602_by_working_days: Answer,  # noqa: N803
) -> bool:
    """Whether the rules that count days come to the same, whichever days they count: then so does all else.

    To ask for all else of half of a table's trips would take long.
    """
    return (CXC201.outcome, CXC602.outcome) == (CXC201_by_working_days.outcome, CXC602_by_working_days.outcome)


@conclusion
def other_reading(
    days_on_site: int | None,
    weekdays: int | None,
    working_days: int | None,
    holidays_known: bool | None,
    platform: str,
    counts_the_same: bool,
) -> OtherReading | None:
    """The days in both readings; None where it is all the same which are counted, or nothing can be compared."""
    if days_on_site is None or counts_the_same or holidays_known is None:
        return None
    return OtherReading(platform, days_on_site, weekdays, working_days)


@conclusion
def reading_matters(other_reading: OtherReading | None, outcome: Outcome) -> bool:
    """Whether to ask what would be so if only working days counted."""
    return other_reading is not None and outcome != NOT_ELIGIBLE


@conclusion
def by_working_days(
    other_reading: OtherReading,
    outcome: Outcome,
    amount_eur: Decimal | None,
    outcome_by_working_days: Outcome,
    amount_eur_by_working_days: Decimal | None,
) -> OtherReading | None:
    """What would be so if only working days counted, or that it cannot be told; None where it is all the same."""
    if outcome_by_working_days == NOT_ELIGIBLE:
        return other_reading._replace(would="the trip would not be eligible")
    if other_reading.working_days is None:
        return other_reading._replace(would=CANNOT_BE_TOLD)
    if (outcome, amount_eur) == (outcome_by_working_days, amount_eur_by_working_days):
        return None
    assert amount_eur_by_working_days is not None
    return other_reading._replace(would=f"the visit would pay only EUR {amount_eur_by_working_days:.2f}")


@conclusion
def working_day_notice(in_working_days: OtherReading | None) -> str | None:
    """What would be different if only working days counted, as the platform's own words have it."""
    if in_working_days is None:
        return None
    platform, days, weekdays, working, would = in_working_days
    if would == CANNOT_BE_TOLD:
        return (
            f"{platform} counts working days. The public holidays of the host country are not known for these dates, "
            "so it is not known whether that changes the verdict or the amount. Ask the partnership which days it "
            "counts."
        )
    return (
        f"{platform} counts working days. {_working_days_among(days, weekdays, working)} Counted that way, {would}. "
        "Ask the partnership which days it counts."
    )


def _working_days_among(days: int, weekdays: int | None, working_days: int | None) -> str:
    """How many of the days on site are working days, in a sentence.

    >>> _working_days_among(4, 2, 2)
    'Only 2 of the 4 days on site are working days.'
    >>> _working_days_among(4, 1, None)
    'At most 1 of the 4 days on site is a working day.'
    >>> _working_days_among(2, 0, 0)
    'No day on site is a working day.'
    """
    most = weekdays if working_days is None else working_days
    if not most:
        return "No day on site is a working day."
    are = "is a working day" if most == 1 else "are working days"
    return f"{'At most' if working_days is None else 'Only'} {most} of the {days} days on site {are}."


@conclusion
def idle_notice(
    third_country_national: bool | None, residence_days: int | None, business_there: bool | None
) -> str | None:
    """What is stated of a third-country national, where nobody is stated to be one."""
    if third_country_national is not None or (residence_days is None and business_there is None):
        return None
    return "residence_days and business_there count only if third_country_national is yes."


@conclusion
def distance_notice(
    distance_km: Decimal | None,
    worked_out_km: int | None,
    never_near: bool | None,
    near_below_km: int,
    worked_out_margin_km: int,
) -> str | None:
    """A distance that is stated and does not fit the places or the countries."""
    stated, near, margin, crow = distance_km, near_below_km, worked_out_margin_km, worked_out_km
    if stated is None:
        return None
    counts = f"The distance stated, {stated.normalize():f} km, counts. But"
    if crow is not None and (
        stated < crow - margin  # no way is shorter than that of the crow
        or stated > max(crow * _LONGEST_DETOUR, crow + margin)
        or (stated >= near and crow < near - margin)
    ):
        return f"{counts} the places stated are {crow} km apart in a straight line. Check the distance."
    if never_near and stated < near:
        return f"{counts} the two countries are at least {near} km apart everywhere. Check the distance."
    return None


_LONGEST_DETOUR: Final = 1.4  # a way by road is seldom longer than so many times that of the crow


@conclusion
def distance_open(CXC603: Answer) -> bool:  # noqa: N803
    """Whether it is open how far visitor and host are apart."""
    return CXC603.outcome in ("assumed", "unknown")


@conclusion
def places_notice(
    visitor_at: "Place | None", host_at: "Place | None", worked_out_km: int | None, distance_open: bool
) -> str | None:
    """Which places the distance was worked out from, or that one alone gives none."""
    if visitor_at is not None and host_at is not None:
        return (
            f"The visitor's place is read as {_placed(visitor_at)}, and the host's as {_placed(host_at)}. They are "
            f"{worked_out_km} km apart in a straight line."
        )
    if distance_open and (visitor_at or host_at):
        stated, lacking = ("visitor", "host") if visitor_at else ("host", "visitor")
        return f"{stated}_place alone gives no distance. State {lacking}_place too, or distance_km."
    return None


def _placed(place: "Place") -> str:
    return f"{place.name} ({place.region})" if place.region and place.region != place.name else place.name


@conclusion
def visitor_cluster_notice(visitor_cluster: str | None, nameless: bool) -> str | None:
    """That what is stated of the visitor's cluster was taken as its name, though it may be a remark."""
    return _taken_as_a_name("visitor_cluster", visitor_cluster, nameless)


@conclusion
def host_cluster_notice(host_cluster: str | None, nameless: bool) -> str | None:
    """The same for the host's."""
    return _taken_as_a_name("host_cluster", host_cluster, nameless)


def _taken_as_a_name(field: str, cluster: str | None, nameless: bool) -> str | None:
    if cluster is None or not in_doubt(cluster):
        return None
    why = "it has a year in it" if has_a_year(cluster) else "it has several words, and at most one capital letter"
    return (
        f"{field}: {'the text' if nameless else shown(cluster)} is taken as the name of a cluster. But it may be a "
        f"remark: {why}. If it is a remark, write none, or leave the field blank."
    )


@conclusion
def approval_notice(approval: Approval | None, grounds: tuple[Ground, ...], stage: Stage) -> str | None:
    """That an approval settles nothing; of a rule that is asked at payment alone, it is not known before."""
    asked = {found.code for found in grounds if found.ask}
    later = PAPER_CODES if stage == "proposal" else ()
    unused = [code for code in (approval.codes if approval else ()) if code not in asked and code not in later]
    if not unused:
        return None
    return (
        f"The approval of {listed(unused, 'and')} changes nothing. An approval only answers a question to the "
        "partnership. It does not lift a rule that fails, and it does not replace a fact that is not stated."
    )


class Relied(NamedTuple):
    """An approval without which a trip would be undecided: by whom, and of which rules."""

    by: str
    codes: tuple[str, ...]


@conclusion
def relied_on(outcome: Outcome, grounds: tuple[Ground, ...], approval: Approval | None) -> Relied | None:
    """The approval on which an eligible trip rests; None where it rests on none."""
    if approval is None or outcome != ELIGIBLE or not grounds:
        return None
    return Relied(approval.by, codes_in(grounds))


@conclusion
def papers_out_of_order(
    stay: Stay | None,
    registered: bool | Misread | None,
    commitment_signed: datetime.date | Misread | None,
    agreement_signed: datetime.date | Misread | None,
    report_validated: datetime.date | Misread | None,
    paid_on: datetime.date | Misread | None,
    evidence: tuple[str, ...] | Misread | None,
    paid_eur: Decimal | Misread | None,
) -> tuple[Problem, ...]:
    """What is wrong in the fields of the stage of payment, before that stage: it changes nothing yet."""
    values = (registered, commitment_signed, agreement_signed, report_validated, paid_on, evidence, paid_eur)
    misread = [value.problem for value in values if isinstance(value, Misread)]
    days = [
        None if isinstance(day, Misread) else day
        for day in (commitment_signed, agreement_signed, report_validated, paid_on)
    ]
    # A sum does not lack its day where that is stated, though it cannot be read.
    paid = None if isinstance(paid_eur, Misread) or isinstance(paid_on, Misread) else paid_eur
    return (*misread, *papers_in_disorder(stay, days, paid, today=None))


@conclusion
def papers_notices(papers_out_of_order: tuple[Problem, ...], nameless: bool) -> tuple[str, ...]:
    """The same as sentences. What cannot be read may be anything, so `nameless` ones are told without it."""
    later = "This changes nothing now. Correct it before the visit is paid."
    said = [
        f"{problem.field}: the value cannot be read" if nameless and not problem.of_days else problem.message
        for problem in papers_out_of_order
    ]
    return tuple([f"{sentence}. {later}" for sentence in said])


class PaidBefore(NamedTuple):
    """What was paid for a visit, in EUR: as `stated` (None: not stated), or else `reckoned`, where that is known."""

    stated: Decimal | None
    reckoned: Decimal | None


@conclusion
def paid_before(
    already_paid: bool, paid_eur: Decimal | None, amount_unless_refused: Payable | None
) -> PaidBefore | None:
    """What was paid for a visit that is paid already; None where it is not."""
    if not already_paid:
        return None
    return PaidBefore(paid_eur, amount_eur(amount_unless_refused) if paid_eur is None else paid_eur)


@conclusion
def paid_notice(
    paid_eur: Decimal | None,
    eligibility: tuple[Ground, ...],
    amount_unless_refused: Payable | None,
) -> str | None:
    """That another sum was paid than is payable, or that it cannot be told."""
    if paid_eur is None:
        return None
    paid = f"EUR {paid_eur:.2f} was paid, as stated."
    if outcome(eligibility) == NOT_ELIGIBLE:
        return f"{paid} But the visit is not eligible, so nothing is payable ({listed(codes_in(eligibility), 'and')})."
    if amount_unless_refused is None:
        return f"{paid} It is not known whether that is right, since no amount is known."
    due = amount_unless_refused.in_words
    if eligibility:
        return f"{paid} {due} is payable if the open points are settled ({listed(codes_in(eligibility), 'and')})."
    return None if paid_eur == amount_unless_refused.amount else f"{paid} By the rules it is {due}. Check the sum."


@conclusion
def next_steps(
    outcome: Outcome, amount: Payable | None, needed: tuple[str, ...], already_paid: bool
) -> tuple[str, ...]:
    """What is to be done at the stage of payment; before it, the rulebook says that."""
    if already_paid or outcome == NOT_ELIGIBLE:
        return ()
    if outcome == ELIGIBLE:
        assert amount is not None
        return (f"Pay {amount.in_words} to the visitor, once. Then state paid_on and paid_eur.",)
    missing = [name for name in needed if name != "approved"]
    steps = [f"State what is missing: {listed(missing, 'and')}."] if missing else []
    steps += ["Ask the partnership what is open."] if "approved" in needed else []
    return (*steps, "Nothing is due before that.")


@conclusion
def noted(
    approval_notice: str | None,
    visitor_cluster_notice: str | None,
    host_cluster_notice: str | None,
    papers_notices: tuple[str, ...],
    paid_notice: str | None,
) -> tuple[str, ...]:
    """What to look at whatever the outcome: an approval without effect, the name of a cluster that may be a remark,
    papers that are not in order, a sum paid that is not the amount.
    """
    found = (approval_notice, visitor_cluster_notice, host_cluster_notice, *papers_notices, paid_notice)
    return tuple([notice for notice in found if notice is not None])


@conclusion
def notices(
    inferred_notice: str | None,
    period_notice: str | None,
    taken_over_notice: str | None,
    working_day_notice: str | None,
    idle_notice: str | None,
    distance_notice: str | None,
    places_notice: str | None,
    noted: tuple[str, ...],
) -> tuple[str, ...]:
    """What to know beside the findings, without the closing words."""
    of_amount = (inferred_notice, period_notice, taken_over_notice, working_day_notice)
    found = (*of_amount, idle_notice, distance_notice, places_notice)
    return (*(notice for notice in found if notice is not None), *noted)


@conclusion
def near_anyway(near_if_long: Answer) -> bool:
    """Whether the sum would be halved for a near host, however long the stay."""
    return near_if_long.outcome == "applies"


@conclusion
def codes_of_dates(CXC201: Answer, CXC202: Answer, CXC602: Answer) -> tuple[str, ...]:  # noqa: N803
    """The rules that other dates could mend: those that fail for the dates, or the one that halves for them."""
    failing = [code for code, answer in (("CXC201", CXC201), ("CXC202", CXC202)) if answer.outcome == "fail"]
    return tuple(failing) or (("CXC602",) if CXC602.outcome == "applies" else ())
