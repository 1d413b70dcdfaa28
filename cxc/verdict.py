"""The verdict on a trip: findings, what is payable, and how findings make an outcome.

Any finding that fails: not eligible. Else any that is unknown: undecided. Else eligible. Nothing is payable unless the
trip is eligible. What a verdict says are functions of the rules' answers, asked as facts and rules are; a verdict is
the view on what came out for one trip.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from decimal import Decimal
from functools import lru_cache, partial, wraps
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar, overload

from cxc import facts
from cxc.errors import Problem
from cxc.facts import FACTS, Approval, in_doubt
from cxc.resolver import (
    MOST_NUMBERED,
    Collected,
    Conditional,
    Constant,
    Definition,
    Field,
    Function,
    Joint,
    ListedRows,
    Node,
    OneRow,
    PickedRows,
    Resolver,
    Unreadable,
    Where,
)
from cxc.rules import PAPER_CODES, RULE_NAMES, RULES, Answer, codes_at
from cxc.scheme.countries import CURRENCY, LumpSum
from cxc.scheme.data_files import CENT
from cxc.scheme.loading import Scheme
from cxc.scheme.rulebook import Period, Rulebook
from cxc.text import listed
from cxc.trip.fields import FIELDS, NAMES, PAIRED, PAPERS
from cxc.trip.reader import Misread, Trip, papers_in_disorder, shown
from cxc.trip.stay import ONE_DAY, Stay
from cxc.visits import NO_HISTORY, Recollection, Visit
from cxc.vocabulary import Basis, FindingOutcome, Outcome, RowOutcome, Stage

if TYPE_CHECKING:
    from cxc.trip.places import Place

Value = TypeVar("Value")

ELIGIBLE: Final = "eligible"
NOT_ELIGIBLE: Final = "not-eligible"
UNDECIDED: Final = "undecided"
# A row of a table that states no trip has no verdict; this is what stands for one.
UNREADABLE: Final = "unreadable"
NO_TRIP: Final = "no-trip"  # the outcome of a row that is none, such as a total
OUTCOMES: Final[tuple[RowOutcome, ...]] = (ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, UNREADABLE)

DISCLAIMER: Final = "The partnership decides. This is not a decision of the EU."


class Finding(NamedTuple):
    """What one rule found. `sources` are addresses; `remedy` says what would mend it, where that is known."""

    code: str
    name: str
    outcome: FindingOutcome
    message: str
    values: Mapping[str, object]
    sources: tuple[str, ...]
    remedy: str | None = None


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


ASSUMES: Final = Ground("", False, "", (), False)  # stands before all grounds where something was assumed


def ground(code: str, answer: Answer) -> Ground | None:
    """What an answer has against a trip, that it was assumed, or None."""
    if answer.outcome == "assumed":
        return ASSUMES
    if answer.outcome not in ("fail", "unknown"):
        return None
    return Ground(code, answer.outcome == "fail", answer.message, answer.needed, bool(answer.ask))


def grounds(grounds_elsewhere: tuple[Ground, ...], grounds_of_days: tuple[Ground, ...]) -> tuple[Ground, ...]:
    """What all rules have against a trip, in the order of their codes."""
    return tuple([found for found in sorted(grounds_elsewhere + grounds_of_days) if found is not ASSUMES])


def assumes(grounds_elsewhere: tuple[Ground, ...], grounds_of_days: tuple[Ground, ...]) -> bool:
    """Whether something was assumed."""
    return ASSUMES in grounds_elsewhere or ASSUMES in grounds_of_days


def decisive_grounds(grounds: tuple[Ground, ...], approval: Approval | None) -> tuple[Ground, ...]:
    """What decides: what fails, or else what is unknown and not approved."""
    approved = approval.codes if approval else ()
    failing = tuple([found for found in grounds if found.fails])
    return failing or tuple([found for found in grounds if not (found.ask and found.code in approved)])


def outcome(decisive_grounds: tuple[Ground, ...]) -> Outcome:
    """eligible, not-eligible or undecided."""
    if not decisive_grounds:
        return ELIGIBLE
    return NOT_ELIGIBLE if decisive_grounds[0].fails else UNDECIDED


def eligibility(grounds: tuple[Ground, ...], approval: Approval | None) -> tuple[Ground, ...]:
    """What decides whether a trip is eligible, whatever its papers say, and so whether it uses up a visit."""
    return decisive_grounds(tuple([found for found in grounds if found.code not in PAPER_CODES]), approval)


def already_paid(CXC706: Answer) -> bool:  # noqa: N803
    """Whether a visit is paid already, at the stage of payment."""
    return CXC706.outcome == "fail"


def failed(decisive_grounds: tuple[Ground, ...], outcome: Outcome) -> tuple[str, ...]:
    """The codes of the rules that fail."""
    return tuple([found.code for found in decisive_grounds]) if outcome == NOT_ELIGIBLE else ()


_ORDER: Final = {name: place for place, name in enumerate((*FIELDS, "history"))}


def needed(decisive_grounds: tuple[Ground, ...], outcome: Outcome) -> tuple[str, ...]:
    """The fields that would settle an undecided verdict, in the order of a trip's fields."""
    if outcome != UNDECIDED:
        return ()
    return tuple(sorted({name for found in decisive_grounds for name in found.needed}, key=_ORDER.__getitem__))


class Halving(NamedTuple):
    """That a rule halves the lump sum, and what it says."""

    code: str
    message: str


def halving(code: str, answer: Answer) -> Halving | None:
    """That an answer halves the lump sum."""
    return Halving(code, answer.message) if answer.outcome == "applies" else None


def assumption(code: str, answer: Answer) -> tuple[str, str] | None:
    """What an answer takes to be so, behind its code."""
    return (code, answer.message) if answer.outcome == "assumed" else None


def assumed(assumptions: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """What was taken to be so without being stated."""
    return tuple([message for _, message in assumptions])


def amount_said(CXC601: Answer) -> str:  # noqa: N803  # an answer goes by the code of its rule
    """What the rule of the lump sum says."""
    return CXC601.message


def amount_unless_refused(
    lump_sum: LumpSum | None, amount_said: str, halvings: tuple[Halving, ...], reduced_to_percent: int
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


def amount(outcome: Outcome, amount_unless_refused: Payable | None) -> Payable | None:
    """What is payable, now or if what is open is settled; None where the trip is refused."""
    return None if outcome == NOT_ELIGIBLE else amount_unless_refused


def amount_eur(amount: Payable | None) -> Decimal | None:
    """The amount alone, of which there are few: what needs no more of it is asked seldom."""
    return None if amount is None else amount.amount


INFERRED: Final = "The amount is inferred"  # how the notice begins


def inferred_notice(amount: Payable | None, scheme_name: str) -> str | None:
    """That the amount is not confirmed."""
    if amount is None or amount.basis != "inferred":
        return None
    whence = f". It comes from {amount.inferred_from}" if amount.inferred_from else ""
    return f"{INFERRED}{whence} and is not confirmed for {scheme_name}. Ask the partnership to confirm it."


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


def counts_the_same(
    CXC201: Answer,  # noqa: N803
    CXC602: Answer,  # noqa: N803
    CXC201_by_working_days: Answer,  # noqa: N803
    CXC602_by_working_days: Answer,  # noqa: N803
) -> bool:
    """Whether the rules that count days come to the same, whichever days they count."""
    return (CXC201.outcome, CXC602.outcome) == (CXC201_by_working_days.outcome, CXC602_by_working_days.outcome)


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


def reading_matters(other_reading: OtherReading | None, outcome: Outcome) -> bool:
    """Whether to ask what would be so if only working days counted."""
    return other_reading is not None and outcome != NOT_ELIGIBLE


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


def idle_notice(
    third_country_national: bool | None, residence_days: int | None, business_there: bool | None
) -> str | None:
    """What is stated of a third-country national, where nobody is stated to be one."""
    if third_country_national is not None or (residence_days is None and business_there is None):
        return None
    return "residence_days and business_there count only if third_country_national is yes."


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


def distance_open(CXC603: Answer) -> bool:  # noqa: N803
    """Whether it is open how far visitor and host are apart."""
    return CXC603.outcome in ("assumed", "unknown")


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


def visitor_cluster_notice(visitor_cluster: str | None, nameless: bool) -> str | None:
    """That what is stated of the visitor's cluster was taken as its name, though it may be a remark."""
    return _taken_as_a_name("visitor_cluster", visitor_cluster, nameless)


def host_cluster_notice(host_cluster: str | None, nameless: bool) -> str | None:
    """The same for the host's."""
    return _taken_as_a_name("host_cluster", host_cluster, nameless)


def _taken_as_a_name(field: str, cluster: str | None, nameless: bool) -> str | None:
    if cluster is None or not in_doubt(cluster):
        return None
    return (
        f"{field}: {'the text' if nameless else shown(cluster)} is taken as the name of a cluster. But it may be a "
        "remark: it has several words, and at most one capital letter. If it is a remark, write none, or leave the "
        "field blank."
    )


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
    commitment, agreement, report, day_paid = [
        None if isinstance(day, Misread) else day
        for day in (commitment_signed, agreement_signed, report_validated, paid_on)
    ]
    # A sum does not lack its day where that is stated, though it cannot be read.
    paid = None if isinstance(paid_eur, Misread) or isinstance(paid_on, Misread) else paid_eur
    return (*misread, *papers_in_disorder(stay, commitment, agreement, report, day_paid, paid, today=None))


def papers_notices(papers_out_of_order: tuple[Problem, ...], nameless: bool) -> tuple[str, ...]:
    """The same as sentences."""
    later = "This changes nothing now. Correct it before the visit is paid."
    return tuple([
        f"{problem.field}: the value cannot be read. {later}" if nameless else f"{problem.message}. {later}"
        for problem in papers_out_of_order
    ])  # fmt: skip


class PaidBefore(NamedTuple):
    """What was paid for a visit, in EUR: as `stated` (None: not stated), or else `reckoned`, where that is known."""

    stated: Decimal | None
    reckoned: Decimal | None


def paid_before(
    already_paid: bool, paid_eur: Decimal | None, amount_unless_refused: Payable | None
) -> PaidBefore | None:
    """What was paid for a visit that is paid already; None where it is not."""
    if not already_paid:
        return None
    return PaidBefore(paid_eur, amount_eur(amount_unless_refused) if paid_eur is None else paid_eur)


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
        return f"{paid} But the visit is not eligible, so nothing is payable ({listed(_codes(eligibility), 'and')})."
    if amount_unless_refused is None:
        return f"{paid} It is not known whether that is right, since no amount is known."
    due = amount_unless_refused.in_words
    if eligibility:
        return f"{paid} {due} is payable if the open points are settled ({listed(_codes(eligibility), 'and')})."
    return None if paid_eur == amount_unless_refused.amount else f"{paid} But {due} is payable. Check the sum."


def _codes(grounds: tuple[Ground, ...]) -> list[str]:
    return [found.code for found in grounds]


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


def near_anyway(near_if_long: Answer) -> bool:
    """Whether the sum would be halved for a near host, however long the stay."""
    return near_if_long.outcome == "applies"


def codes_of_dates(CXC201: Answer, CXC202: Answer, CXC602: Answer) -> tuple[str, ...]:  # noqa: N803
    """The rules that other dates could mend: those that fail for the dates, or the one that halves for them."""
    failing = [code for code, answer in (("CXC201", CXC201), ("CXC202", CXC202)) if answer.outcome == "fail"]
    return tuple(failing) or (("CXC602",) if CXC602.outcome == "applies" else ())


_CLUSTERS_KNOWN: Final = ("visitor_cluster_known", "host_cluster_known")  # every cluster counts where none is listed
_HALVING: Final = ("CXC602", "CXC603")
_OF_DATES: Final = ("CXC201", "CXC202", "CXC601", "CXC602", "CXC603")
_CONCLUSIONS: Final = (
    *(grounds, assumes, decisive_grounds, outcome, failed, needed, amount_said, amount_unless_refused, amount),
    amount_eur,
    *(inferred_notice, period_notice, idle_notice),
    *(counts_the_same, other_reading, reading_matters, by_working_days, working_day_notice),
    *(distance_notice, distance_open, places_notice, approval_notice),
    *(visitor_cluster_notice, host_cluster_notice, papers_out_of_order, papers_notices, noted, notices),
    *(near_anyway, codes_of_dates, eligibility, already_paid, paid_before, paid_notice, assumed, next_steps),
)


def _strictly(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """A rule that assumes nothing."""

    @wraps(ask)
    def answer(*facts: object, **limits: object) -> Answer:
        found = ask(*facts, **limits)
        if found.outcome != "assumed":
            return found
        message = f"Not stated, and not assumed: {found.message[0].lower()}{found.message[1:]}"
        return found._replace(outcome="unknown", message=message)

    return answer


class Verdicts:
    """Gives verdicts under one scheme, and remembers what was answered.

    `strict` counts whatever would be assumed as unknown. `today` is the day on which payment is asked about, and with
    it the rules of that stage are asked, too; None: nobody asks yet. `fields` are those that may be stated; with
    `nameless` no notice names a place.
    """

    def __init__(
        self,
        scheme: Scheme,
        *,
        strict: bool = False,
        today: datetime.date | None = None,
        fields: Iterable[str] = FIELDS,
        nameless: bool = False,
    ) -> None:
        self.scheme, self.strict, self.today, self.nameless = scheme, strict, today, nameless
        self.stage: Stage = "proposal" if today is None else "payment"
        self.codes = codes_at(self.stage)
        self._fields = frozenset(fields)
        self.fields = tuple([field for field in FIELDS if field not in NAMES and field in self._fields])
        self.resolver = self._new()
        self._findings: dict[tuple[str, int], Finding] = {}
        self._given = 0

    def codes_of(self, approval: Approval) -> tuple[str, ...]:
        """The codes that are approved, of the rules that are asked."""
        return tuple([code for code in approval.codes if code in self.codes])

    @property
    def closing(self) -> tuple[str, ...]:
        """What every verdict ends with: at the stage of payment what is known of it; who decides."""
        return (*(_of_payment(self.scheme.rulebook) if self.today else ()), DISCLAIMER)

    def _new(self) -> Resolver:
        book = self.scheme.rulebook
        rules = {
            rule.code: _strictly(rule.function) if self.strict else rule.function
            for rule in RULES
            if rule.code in self.codes
        }
        functions: dict[str, Definition] = {**FACTS, **rules}
        functions |= {function.__name__: function for function in _CONCLUSIONS}
        functions["halvings"] = Collected(_HALVING, halving)
        functions["in_working_days"] = Where("reading_matters", "by_working_days")
        functions["assumptions"] = Collected(self.codes, assumption)
        constants = _constants_of(book) | {"lump_sums_change": self.scheme.lump_sums_change}
        constants |= {field: None for field in FIELDS if field not in self._fields}
        constants |= {"nameless": self.nameless, "stage": self.stage, "today": self.today}
        constants |= _NOT_AT[self.stage]
        if self.stage == "proposal":
            constants["next_steps"] = book.next_steps
        if self._fields.isdisjoint(PAPERS):
            constants["papers_notices"] = ()
        if "approved" not in self._fields:
            constants["approval_notice"] = None
        placed = self._fields & {"visitor_place", "host_place"}
        constants |= {f"{side}_at": None for side in ("visitor", "host") if f"{side}_place" not in placed}
        if self.nameless or not placed:
            constants["places_notice"] = None
        resolver = Resolver(functions, constants, self.codes)
        strictly = resolver.under({"day_counting": "working-days"})
        # Apart, so that what does not depend on how days are counted is gathered once for both readings.
        of_days = tuple(filter(strictly.depends, self.codes))
        functions["grounds_of_days"] = Collected(of_days, ground)
        functions["grounds_elsewhere"] = Collected(tuple([code for code in self.codes if code not in of_days]), ground)
        long_enough = resolver.under({"short_stay": False})
        resolver.other = {"near_if_long": (long_enough, "CXC603")}
        if book.counts_all_days:
            resolver.other |= {
                f"{name}_by_working_days": (strictly, name) for name in ("CXC201", "CXC602", "outcome", "amount_eur")
            }
        return resolver

    def renew(self) -> None:
        """Forget what was answered, where it has become much."""
        if self.resolver.numbered > MOST_NUMBERED:
            before, self.resolver = self.resolver, self._new()
            self.resolver.beside_as(before)
            self._findings = {}

    def __call__(self, trip: Trip, recollection: Recollection = NO_HISTORY) -> "Verdict":
        """The verdict on a trip. All rules always run. `recollection` is what is known of earlier visits."""
        self._given += 1
        if self._given % 1_000 == 0:
            self.renew()
        numbers = {name: self._number(name, getattr(trip, name)) for name in self.fields}
        numbers["earlier_visits"] = self._number("earlier_visits", recollection.kind)
        return Verdict(self, OneRow(self.resolver, numbers), 0, trip, recollection.visits)

    def _number(self, name: str, value: object) -> int:
        return self.resolver.field(name).numbers[value]

    def at_dates(self, trip: Trip, dates: Sequence[tuple[datetime.date, datetime.date]]) -> "list[Verdict]":
        """The verdicts on a trip with these days of arrival and departure in place of its own dates."""
        count = len(dates)
        numbers = {name: [self._number(name, getattr(trip, name))] * count for name in self.fields}
        numbers["earlier_visits"] = [self._number("earlier_visits", NO_HISTORY.kind)] * count
        none = [self._number("first_day", None)] * count
        numbers |= {"first_day": none, "last_day": none}
        numbers["arrival"] = [self._number("arrival", arrival) for arrival, _ in dates]
        numbers["departure"] = [self._number("departure", departure) for _, departure in dates]
        rows = ListedRows(self.resolver, numbers, count)
        return [
            Verdict(self, rows, place, partial(_with_dates, trip, arrival, departure), ())
            for place, (arrival, departure) in enumerate(dates)
        ]

    def at_stays(self, rows: ListedRows, places: Sequence[int], stays: Sequence[Stay]) -> ListedRows:
        """Rows at some places, each with another stay. Nothing that is asked of its dates counts as approved."""
        picked = PickedRows(rows, places)
        dates = [
            (None, None, stay.first, stay.last) if arrival is None else (stay.arrival, stay.last + ONE_DAY, None, None)
            for arrival, stay in zip(picked.values("arrival"), stays, strict=True)
        ]
        stated: dict[str, Iterable[object]] = dict(zip(PAIRED, zip(*dates, strict=True), strict=True))
        stated["approved"] = map(_still_approved, picked.values("approved"))
        numbers = {
            name: [*map(rows.resolver.field(name).numbers.__getitem__, values)]
            for name, values in stated.items()
            if name in self.fields
        }
        return _AtOtherDates(rows, places, numbers)

    def supposing(self, facts: Mapping[str, object]) -> "Verdicts":
        """Verdicts as they would be if these facts were so, whatever a trip states."""
        supposed = copy(self)
        supposed.resolver, supposed._findings = self.resolver.under(facts), {}
        return supposed

    def finding(self, code: str, number: int) -> Finding:
        """What a rule found, by the number of its answer."""
        found = self._findings.get((code, number))
        if found is None:
            answer = self.resolver[code].values[number]
            assert isinstance(answer, Answer)
            found = self._findings[code, number] = self.found(code, answer)
        return found

    def found(self, code: str, answer: Answer) -> Finding:
        """What a rule found, by its answer."""
        sources = dict.fromkeys(self.scheme.rulebook.rules[code].sources + answer.sources)
        return Finding(code, RULE_NAMES[code], answer.outcome, answer.message, answer.values, tuple(sources))


def _of_payment(rulebook: Rulebook) -> list[str]:
    """What a rulebook knows of payment, whatever the trip. What is inferred is what others do."""
    within, kept = rulebook.entries["payment_within_days"], rulebook.entries["records_years"]
    known = []
    if within.value is not None:
        days = f"{within.value} days of completion and validation"
        known.append(
            f"One partnership pays within {days}. Ask yours what it agreed."
            if within.basis == "inferred"
            else f"The partnership pays within {days}."
        )
    if kept.value is not None:
        scheme = rulebook.scheme.name
        inferred = f"This is inferred: no text of {scheme} is known that says it. " if kept.basis == "inferred" else ""
        known.append(
            f"Keep the papers of the visit at least {kept.value} years after the final payment of the partnership's "
            f"grant. {inferred}The partnership's own agreement decides."
        )
    return known


def _constants_of(book: Rulebook) -> dict[str, object]:
    """What a rulebook says, whatever the trip."""
    found: dict[str, object] = {**book.limits, "period": book.period, "scheme_name": book.scheme.name}
    found |= {"outside_period": outside_period(book.name, book.period), "taken_over_notice": taken_over_notice(book)}
    found["platform"] = book.scheme.platform
    if not book.counts_all_days or book.scheme.platform is None:
        found["in_working_days"] = None
    known = book.clusters_known
    return found | ({"clusters_known": known} if known else dict.fromkeys(_CLUSTERS_KNOWN, True))


# What is not asked at a stage.
_NOT_AT: Final[Mapping[Stage, Mapping[str, object]]] = {
    "proposal": {"already_paid": False, "paid_before": None, "paid_notice": None},
    "payment": {"papers_notices": ()},
}


def judge(
    trip: Trip,
    scheme: Scheme,
    *,
    strict: bool = False,
    today: datetime.date | None = None,
    recollection: Recollection = NO_HISTORY,
) -> "Verdict":
    """The verdict on a trip. All rules always run, those of the stage of payment where `today` is told.

    `strict` counts whatever would be assumed as unknown. `recollection` is what is known of earlier visits.
    """
    return verdicts_under(scheme, strict, today)(trip, recollection)


@lru_cache(maxsize=16)
def verdicts_under(scheme: Scheme, strict: bool, today: datetime.date | None = None) -> Verdicts:
    """What gives verdicts under a scheme, the same for every trip that is judged alone."""
    return Verdicts(scheme, strict=strict, today=today)


class Verdict:
    """The verdict on one trip, with everything that it rests on: the view on one of the rows that were judged together.

    `outcome` is eligible, not-eligible or undecided. `payable` is None unless it is eligible; `if_settled` is what an
    undecided trip would bring if what is open is settled in its favour. `findings` holds every rule, in the order of
    the codes. `assumptions` are what was taken to be so without being stated; `needed` names the fields that would
    settle an undecided verdict, `asks` the codes of the rules that the partnership can settle by approving them.
    """

    __slots__ = ("_place", "_rows", "_trip", "earlier_visits", "remedies", "verdicts")

    def __init__(
        self,
        verdicts: Verdicts,
        rows: OneRow | ListedRows,
        place: int,
        trip: Trip | Callable[[], Trip],
        earlier_visits: tuple[Visit, ...],
    ) -> None:
        self.verdicts, self._rows, self._place, self._trip = verdicts, rows, place, trip
        self.earlier_visits = earlier_visits
        self.remedies: dict[str, str] | None = None  # what would mend findings, by their codes, once it was worked out

    def number(self, asked: str | Callable[..., object]) -> int:
        """The number of a fact, an answer or a conclusion."""
        return self._number(self._rows.node(asked))

    def _number(self, node: Node) -> int:
        column = self._rows.column(node)
        return column if isinstance(column, int) else column[self._place]

    @overload
    def fact(self, asked: Callable[..., Value | Unreadable]) -> Value: ...
    @overload
    def fact(self, asked: str) -> object: ...
    def fact(self, asked: str | Callable[..., object]) -> object:
        """A fact, an answer of a rule by its code, or a conclusion: by its name, or its function, which tells its type.

        Where something cannot be read there is no verdict.
        """
        node = self._rows.node(asked)
        return node.value if isinstance(node, Constant) else node.values[self._number(node)]

    @property
    def trip(self) -> Trip:
        """The trip; of a row in a table it is put together when it is asked for."""
        if not isinstance(self._trip, Trip):
            self._trip = self._trip()
        return self._trip

    @property
    def stay(self) -> Stay | None:
        """The stay that the dates give."""
        return self.fact(facts.stay)

    @property
    def approval(self) -> Approval | None:
        """What the partnership has approved for the trip."""
        return self.fact(facts.approval)

    @property
    def scheme(self) -> Scheme:
        """The rulebook and the country table."""
        return self.verdicts.scheme

    @property
    def strict(self) -> bool:
        """Whether nothing was assumed."""
        return self.verdicts.strict

    @property
    def outcome(self) -> Outcome:
        """eligible, not-eligible or undecided."""
        return self.fact(outcome)

    @property
    def amount(self) -> Payable | None:
        """What is payable, now or if what is open is settled in its favour."""
        return self.fact(amount)

    @property
    def days_on_site(self) -> int | None:
        """The days between the travel days."""
        return self.fact(facts.days_on_site)

    @property
    def working_days(self) -> int | None:
        """The working days among them, where the holidays are known."""
        return self.fact(facts.working_days)

    @property
    def payable(self) -> Payable | None:
        """What is payable."""
        return self.amount if self.outcome == ELIGIBLE else None

    @property
    def if_settled(self) -> Payable | None:
        """What would be payable if what is open is settled in its favour."""
        return self.amount if self.outcome == UNDECIDED else None

    def answered(self, code: str) -> Answer:
        """What a rule answers, whatever the partnership has approved."""
        answer = self.fact(code)
        assert isinstance(answer, Answer)
        return answer

    def answer(self, code: str) -> Answer:
        """What a rule answers, with what the partnership has approved."""
        return settled(code, self.answered(code), self.approval)

    def finding(self, code: str) -> Finding:
        """The finding of one rule, by its code."""
        approval, resolver = self.approval, self._rows.resolver
        if approval and code in approval.codes:
            return self.verdicts.found(code, self.answer(code))
        if resolver is not self.verdicts.resolver or isinstance(resolver[code], Constant):
            return self.verdicts.found(code, self.answered(code))  # the answers were begun anew since, or there is one
        return self.verdicts.finding(code, self.number(code))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What every rule found, in the order of the codes."""
        return tuple(map(self.finding, self.verdicts.codes))

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What refuses the trip, or leaves it undecided."""
        return self.fact(decisive_grounds)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules that refuse the trip, or leave it undecided."""
        return tuple([found.code for found in self.grounds])

    @property
    def noted(self) -> tuple[str, ...]:
        """What to look at whatever the outcome: an approval without effect, names of clusters that may be remarks."""
        return self.fact(noted)

    @property
    def fields_noted(self) -> tuple[str, ...]:
        """The fields to look at for it: the approval alone where it has no effect, else the clusters."""
        if self.fact(approval_notice) is not None:
            return ("approved",)
        fields = [field for field in ("visitor_cluster", "host_cluster") if self.fact(f"{field}_notice") is not None]
        if self.fact(papers_notices):
            fields += [problem.field for problem in self.fact(papers_out_of_order)]
        return tuple(fields) if self.fact(paid_notice) is None else (*fields, "paid_eur")

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that refuse the trip, or leave it undecided."""
        return tuple([self.finding(found.code) for found in self.grounds])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken to be so without being stated."""
        return self.fact(assumed)

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that would settle an undecided verdict, in the order of a trip's fields."""
        return self.fact(needed)

    @property
    def asks(self) -> tuple[str, ...]:
        """The codes of the rules that the partnership can settle by approving them."""
        return tuple([found.code for found in self.grounds if found.ask and not found.fails])

    @property
    def notices(self) -> tuple[str, ...]:
        """What to know beside the findings; the last says who decides."""
        return (*self.fact(notices), *self.verdicts.closing)

    @property
    def already_paid(self) -> bool:
        """Whether the visit is paid already, at the stage of payment."""
        return self.fact(already_paid)

    @property
    def in_working_days(self) -> OtherReading | None:
        """What would be so if only working days counted; None where it is all the same."""
        found = self.fact("in_working_days")
        return found if isinstance(found, OtherReading) else None

    @property
    def next_steps(self) -> tuple[str, ...]:
        """The paperwork, in the order in which it is due; at the stage of payment what is to be done now."""
        return self.fact(next_steps)

    @property
    def listed(self) -> tuple[ListedRows, int]:
        """The rows that it was judged with, and its place among them; alone, it is a table of one row."""
        if isinstance(self._rows, ListedRows):
            return self._rows, self._place
        numbers = {name: [self.number(name)] for name in (*self.verdicts.fields, "earlier_visits")}
        return ListedRows(self._rows.resolver, numbers, 1), 0

    def at(self, rows: ListedRows, place: int) -> "Verdict":
        """The verdict on the same trip at other dates, which a row has."""

        def trip() -> Trip:
            dates = {name: rows.values(name)[place] for name in PAIRED}
            return self.trip._replace(**dates)  # type: ignore[arg-type]  # each came from the reader of its own field

        return Verdict(self.verdicts, rows, place, trip, self.earlier_visits)


class _AtOtherDates(PickedRows):
    """Some of the rows of others, at other dates. What depends on none of these is what it was."""

    def __init__(self, rows: ListedRows, places: Sequence[int], changed: Mapping[str, list[int]]) -> None:
        super().__init__(rows, places)
        for node, numbers in rows._columns.items():
            if isinstance(node, Field):
                self._columns[node] = [*map(numbers.__getitem__, places)]
        given = {rows.resolver[name]: numbers for name, numbers in changed.items()}
        self._columns |= given
        self._depending = dict.fromkeys(given, True)

    def column(self, node: Node) -> Sequence[int]:
        return ListedRows.column(self, node) if self._depends(node) else super().column(node)

    def _depends(self, node: Node) -> bool:
        """Whether something depends on what is changed."""
        found = self._depending.get(node)
        if found is None:
            inputs: tuple[Node, ...] = ()
            if isinstance(node, Conditional):
                inputs = node.condition, node.then
            elif isinstance(node, (Function, Joint)):
                inputs = node.inputs
            found = self._depending[node] = any(map(self._depends, inputs))
        return found


def _still_approved(codes: object) -> tuple[str, ...] | None:
    """What is still approved of a trip at other dates."""
    return tuple([code for code in codes if code not in _OF_DATES]) or None if isinstance(codes, tuple) else None


def _with_dates(trip: Trip, arrival: datetime.date, departure: datetime.date) -> Trip:
    return trip._replace(arrival=arrival, departure=departure, first_day=None, last_day=None)


def settled(code: str, answer: Answer, approval: Approval | None) -> Answer:
    """An answer after what the partnership has approved.

    An approval lifts nothing but a question to the partnership: no failed rule, no fact that was not stated.
    """
    if not (answer.ask and approval and code in approval.codes):
        return answer
    by = {"approved_by": approval.by, "approved_on": str(approval.on)}
    unclear = answer.message.removesuffix(answer.ask).rstrip()
    message = f"Approved by {approval.by} on {approval.on}. What was unclear: {unclear}"
    return answer._replace(outcome="pass", message=message, values={**answer.values, **by}, needed=(), ask="")
