"""A proposed trip: what it states, and how the texts of its fields become it.

Each field is read as its kind is (`cxc.trip.texts`); blank means not stated. Then follows what does not go together.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple

from cxc.errors import (
    ListOfCountries,
    PartOfCountry,
    Problem,
    SeveralCountries,
    TripError,
    Unacceptable,
    UnknownCountry,
    UnknownPlace,
)
from cxc.rules import RULE_NAMES
from cxc.scheme.countries import Countries, Country
from cxc.scheme.world import official_names
from cxc.text import LONGEST_SOUGHT, RememberedSearches, clean, listed, nearest
from cxc.trip import fields, texts
from cxc.trip.fields import BY_NAME, DESCRIPTIONS, FIELDS, LEAST_TRAVELLERS, PAIRED, PAIRS, PAPERS, Kind
from cxc.trip.stay import Stay
from cxc.trip.texts import DateForm, Euros, shown
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES, PROOFS


class Misread(NamedTuple):
    """What stands in a field of the stage of payment that cannot be read, before that stage: a problem of later."""

    problem: Problem


class Trip(NamedTuple):
    """A proposed trip, as stated; None: not stated. The fields are those that `cxc.trip.fields` describes.

    A cluster is its name, `yes` for a member whose cluster is not named, or `none`. Places are as written: a town, or
    `latitude,longitude`. Distances are in km, amounts in EUR. Before the stage of payment a field of that stage may be
    `Misread`.
    """

    reference: str | None = None
    visitor: str | None = None
    visitor_id: str | None = None
    visitor_country: Country | None = None
    visitor_type: str | None = None
    visitor_cluster: str | None = None
    host: str | None = None
    host_country: Country | None = None
    host_type: str | None = None
    host_cluster: str | None = None
    arrival: datetime.date | None = None
    departure: datetime.date | None = None
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    visitor_place: str | None = None
    host_place: str | None = None
    distance_km: Decimal | None = None
    travellers: int | None = None
    activity: tuple[str, ...] | None = None
    third_country_national: bool | None = None
    residence_days: int | None = None
    business_there: bool | None = None
    approved: tuple[str, ...] | None = None
    approved_by: str | None = None
    approved_on: datetime.date | None = None
    registered: bool | Misread | None = None
    commitment_signed: datetime.date | Misread | None = None
    agreement_signed: datetime.date | Misread | None = None
    report_validated: datetime.date | Misread | None = None
    paid_on: datetime.date | Misread | None = None
    evidence: tuple[str, ...] | Misread | None = None
    paid_eur: Euros | Misread | None = None

    @property
    def stay(self) -> Stay | None:
        """The stay that the dates give, or None where none are stated."""
        return Stay.stated(self.arrival, self.departure, self.first_day, self.last_day)


_MOST_REMEMBERED: Final = 10_000  # texts


class TripReader:
    """Turns texts into trips, with the names of one country table and one form of dates (`date_form`).

    With `iso_too` a date may be YYYY-MM-DD beside the form that is named; a text cannot be both. `option` is the one
    that names the form; None where no option can be given. `today` is the day on which payment is asked about; without
    it (None) nobody asks yet, and what is wrong in a field of that stage is left for later (`Misread`). `clusters` are
    names that the rulebook lists: written like that they are taken, whatever they read as.
    """

    def __init__(
        self,
        countries: Countries,
        date_format: str = texts.ISO_DATE,
        *,
        iso_too: bool = False,
        option: str | None = "--date-format",
        today: datetime.date | None = None,
        clusters: frozenset[str] = frozenset(),
    ) -> None:
        self._countries, self._today, self._clusters = countries, today, clusters
        self.date_form = DateForm(date_format, iso_too=iso_too, option=option)
        self._near_fields = RememberedSearches[tuple[str, ...]]()
        self._near_countries = RememberedSearches[tuple[str, ...]]()
        self._near_places = RememberedSearches[str]()
        self._read_before: dict[tuple[str, str], object] = {}  # by field and text
        codes = tuple(RULE_NAMES)
        by_kind: dict[Kind, Callable[[str], object]] = {
            fields.TEXT: texts.any_text,
            fields.ORGANISATION: texts.organisation,
            fields.IDENTIFIER: texts.identifier,
            fields.PERSON: texts.person,
            fields.COUNTRY: self._country,
            fields.ORGANISATION_TYPE: texts.one_of(ORGANISATION_TYPES, "type of organisation"),
            fields.CLUSTER: self._cluster,
            fields.DATE: self.date_form.read,
            fields.PLACE: texts.any_text,
            fields.DISTANCE: texts.distance,
            fields.TRAVELLERS: texts.whole_number(LEAST_TRAVELLERS, "travellers"),
            fields.DAYS: texts.whole_number(0, "days"),
            fields.ACTIVITY: texts.several(texts.one_of(ACTIVITIES, "activity"), ACTIVITIES),
            fields.YES_OR_NO: texts.yes_or_no,
            fields.PROOF: texts.several(texts.one_of(PROOFS, "proof"), PROOFS),
            fields.EUROS: texts.euros,
            fields.RULE_CODE: texts.several(texts.one_of(codes, "code of a rule"), codes),
        }
        self._readers = {field.name: by_kind[field.kind] for field in DESCRIPTIONS}

    def of_answers(self) -> "TripReader":
        """The same for answers to questions, whose sentences name no option, since none can be given there."""
        return TripReader(self._countries, self.date_form.form, option=None, today=self._today, clusters=self._clusters)

    def _country(self, text: str) -> Country:
        try:
            is_footnote = "*" in text and text in official_names()
            return self._countries.find(text if is_footnote else texts.sure(text))
        except PartOfCountry as part:
            raise Unacceptable(f"cannot be judged: {part}") from None
        except SeveralCountries as several:
            both = " and for ".join(several.named)
            raise Unacceptable(f"stands for {both}; write the two-letter code of the one that is meant") from None
        except ListOfCountries:
            raise Unacceptable("names several countries; write one of them, and in a table one in each row") from None
        except UnknownCountry as unknown:
            close = self._near_countries.near(text, unknown.look)
            hint = f"did you mean {listed(close)}? Write" if close else "write"
            raise Unacceptable(f"is not a known country; {hint} a two-letter code, such as PT, or a name") from None

    def _cluster(self, text: str) -> str:
        if text in self._clusters:
            return text
        found = texts.cluster(text)
        if found == text and self._countries.is_plainly_one(text):
            raise Unacceptable(
                "is a country, not a cluster; write the cluster's name, or yes, or none; leave the field blank if it "
                "is not known"
            )
        return found

    def read(self, stated: Mapping[str, object]) -> Trip:
        """The trip that texts by field state. Numbers, dates, true and false, and lists are taken beside text.

        Raises TripError with every field that cannot be read, and with what does not go together.
        """
        return _trip(*self._whole(stated))

    def problems(self, stated: Mapping[str, object]) -> tuple[Problem, ...]:
        """What makes `read` raise, in the order of the fields."""
        return _in_order(self._whole(stated)[1])

    def _whole(self, stated: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
        values, problems = self._values(stated)
        unread = {problem.field for problem in problems}
        if not unread.intersection(PAIRED):
            problems += dates_that_disagree(*_days(values, PAIRED))
            if self._today is not None:
                problems += self._papers_in_disorder(values, unread)
        problems += _approval_that_cannot_be(values, unread, self._today)
        return values, problems + self._places_unknown(values, unread)

    def _papers_in_disorder(self, values: Mapping[str, object], unread: set[str]) -> list[Problem]:
        """Days of papers and of payment that cannot be, where the dates of the visit can be read."""
        dates, paid_eur = _days(values, PAIRED), values.get("paid_eur")
        stay = None if dates_that_disagree(*dates) else Stay.stated(*dates)
        # A sum does not lack its day where that is stated, though it cannot be read.
        paid = paid_eur if isinstance(paid_eur, Decimal) and "paid_on" not in unread else None
        return papers_in_disorder(stay, _days(values, PAPER_DAYS), paid, self._today)

    def _places_unknown(self, values: Mapping[str, object], unread: set[str]) -> list[Problem]:
        """Places that are no town of the country stated beside them, and no coordinates near one."""
        problems = []
        for side in ("visitor", "host"):
            text, country = values.get(f"{side}_place"), values.get(f"{side}_country")
            if isinstance(text, str) and f"{side}_country" not in unread:
                from cxc.trip.places import place_in

                code = country.code if isinstance(country, Country) else None
                try:
                    place_in(text, code)
                except UnknownPlace as unknown:
                    look = unknown.look
                    found = self._near_places.near(f"{code} {text}", look) if look else None
                    problems.append(
                        Problem(
                            f"{side}_place",
                            text,
                            f"{side}_place: {shown(text)} {found or unknown.bare}; or leave the place out and state "
                            "distance_km",
                        )
                    )
        return problems

    def read_some(self, stated: Mapping[str, object]) -> Trip:
        """The same for a part of a trip, such as a visit in a history, where fields need not go together."""
        return _trip(*self._values(stated))

    def _values(self, stated: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
        values: dict[str, object] = {}
        problems: list[Problem] = []
        for field, value in stated.items():
            if field not in self._readers:
                close = self._near_fields.near(str(field), partial(nearest, str(field), FIELDS))
                hint = f"did you mean {listed(close)}?" if close else "cxc schema trip lists the fields"
                problems.append(
                    Problem(clean(str(field)), None, f"{shown(str(field))} is not a field of a trip; {hint}")
                )
                continue
            found = self._value(field, value)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                values[field] = found
        return values, problems

    def _value(self, field: str, value: object) -> object:
        """One value, or what is wrong with it. Of many trips most texts are read again and again."""
        text = value if isinstance(value, str) and field not in fields.NAMES and len(value) <= LONGEST_SOUGHT else None
        if text is not None and (field, text) in self._read_before:
            return self._read_before[field, text]
        try:
            found = self.field(field, value)
        except Unacceptable as wrong:
            found = problem_with(field, value, wrong)
        if text is not None and len(self._read_before) < _MOST_REMEMBERED:
            self._read_before[field, text] = found
        return found

    def field(self, field: str, value: object) -> object:
        """One value, read as its field; None where it is not stated."""
        if self._today is not None or field not in PAPERS:
            return self._read(field, value)
        try:
            return self._read(field, value)
        except Unacceptable as wrong:
            return Misread(problem_with(field, value, wrong))

    def _read(self, field: str, value: object) -> object:
        written = self.text(field, value)
        text = clean(written)
        if "\0" in written:
            raise Unacceptable("contains a NUL byte")
        return self._readers[field](text) if text else None

    def reads(self, field: str, value: object) -> bool:
        """Whether a value can be read as a field."""
        try:
            self.field(field, value)
        except Unacceptable:
            return False
        return True

    def yes_or_no(self, text: str) -> bool | None:
        """What an answer to a question says, y or n alone as well; None where it says neither."""
        written = clean(text)
        try:
            return texts.yes_or_no({"y": "yes", "n": "no"}.get(written.casefold(), written))
        except Unacceptable:
            return None

    def text(self, field: str, value: object) -> str:
        """A value as the text that a table would hold in the column of its field. Raises Unacceptable.

        Numbers, dates, true and false, and lists are taken beside text; None is a blank.
        """
        return as_text(field, value, self.date_form)


def as_text(field: str, value: object, date_form: DateForm) -> str:
    """A value as `TripReader.text` gives it, with dates written in this form. Raises Unacceptable."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    kind = BY_NAME[field].kind
    if isinstance(value, bool) and "boolean" not in kind.stated:
        raise Unacceptable("is a yes or no, but this field needs something else")
    if isinstance(value, (list, tuple)):
        if not kind.several:
            raise Unacceptable("is a list, but this field needs one value")
        value = ";".join(str(part) for part in value if part is not None)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return date_form.write(value) if kind is fields.DATE else value.isoformat()
    if isinstance(value, datetime.datetime) and kind is fields.DATE:
        raise Unacceptable("has a time of day; state the day alone")
    if not isinstance(value, (str, int, float, Decimal)):
        raise Unacceptable("is not a text or a number")
    if isinstance(value, (float, Decimal)):
        number = Decimal(str(value))
        value = f"{number:f}" if kind is fields.EUROS and number.is_finite() else _number_as_text(number)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _number_as_text(number: Decimal) -> str:
    """A number that is no text, written so that it can be read in one way alone: 1.234 as 1.2340, 1.0 as 1."""
    if not number.is_finite() or abs(number.adjusted()) > _MOST_PLACES:
        return str(number)
    if number == number.to_integral_value():
        return format(number.to_integral_value(), "f")
    return format(number, "f") + "0"


_MOST_PLACES: Final = 30


def _as_given(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean("; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))


def problem_with(field: str, value: object, why: Unacceptable) -> Problem:
    """What is wrong with a value that a field does not accept."""
    given = _as_given(value)
    return Problem(field, given, f"{field}: {shown(given)} {why}")


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    order = {field: place for place, field in enumerate(FIELDS)}
    return tuple(sorted(problems, key=lambda found: order.get(found.field, len(order))))  # what is no field is the last


def _trip(values: Mapping[str, object], problems: list[Problem]) -> Trip:
    if problems:
        raise TripError(_in_order(problems))
    return Trip(**values)  # type: ignore[arg-type]  # each value came from the reader of its own field


def _days(values: Mapping[str, object], fields: Iterable[str]) -> list[datetime.date | None]:
    """The days that are stated in some fields."""
    return [day if isinstance(day := values.get(field), datetime.date) else None for field in fields]


def _of_days(field: str, value: str | None, message: str) -> Problem:
    """What is wrong with days or fields that were read, and do not go together."""
    return Problem(field, value, message, of_days=True)


def _approval_that_cannot_be(
    values: Mapping[str, object], unread: set[str], today: datetime.date | None
) -> list[Problem]:
    """Codes approved without saying by whom and when, or, at the stage of payment, on a day after today."""
    if not values.get("approved"):
        return []
    missing = [name for name in ("approved_by", "approved_on") if values.get(name) is None and name not in unread]
    if missing:
        message = f"{listed(missing, 'and')}: needed with approved, to record who approved and when"
        return [_of_days(missing[0], None, message)]
    (day,) = _days(values, ("approved_on",))
    return _after_today("approved_on", day, today)


def _after_today(field: str, day: datetime.date | None, today: datetime.date | None) -> list[Problem]:
    """A day that cannot have been yet; without `today` no day is held against it."""
    if day is None or today is None or day <= today:
        return []
    return [_of_days(field, str(day), f"{field}: '{day}' is after today, '{today}'")]


def dates_that_disagree(
    arrival: datetime.date | None,
    departure: datetime.date | None,
    first_day: datetime.date | None,
    last_day: datetime.date | None,
) -> list[Problem]:
    """Both pairs of dates, half of one, or a second day before the first."""
    if (arrival or departure) and (first_day or last_day):
        message = "arrival: state arrival and departure, or first_day and last_day, not both"
        return [_of_days("arrival", str(arrival or ""), message)]
    problems = []
    for (begin, end), (first, last) in zip(PAIRS, ((arrival, departure), (first_day, last_day)), strict=True):
        if (first is None) != (last is None):
            missing, given = (begin, end) if first is None else (end, begin)
            problems.append(_of_days(missing, None, f"{missing}: needed together with {given}"))
        elif first is not None and last is not None and last < first:
            problems.append(_of_days(end, str(last), f"{end}: '{last}' is before {begin}, '{first}'"))
    return problems


PAPER_DAYS: Final = tuple(field for field in PAPERS if BY_NAME[field].kind is fields.DATE)


def papers_in_disorder(
    stay: Stay | None, days: Sequence[datetime.date | None], paid_eur: Decimal | None, today: datetime.date | None
) -> list[Problem]:
    """Days of papers and of payment that cannot be: one before what it follows, or after today; a sum without its day.

    `days` are those of `PAPER_DAYS`. Without `today` no day is held against it.
    """
    problems = []
    for field, day in zip(PAPER_DAYS, days, strict=True):
        problems += _after_today(field, day, today)
    _, _, report_validated, paid_on = days
    if report_validated and stay and report_validated < stay.last:
        message = f"'{report_validated}' is before the last day on site, '{stay.last}'"
        problems.append(_of_days("report_validated", str(report_validated), f"report_validated: {message}"))
    if paid_on and report_validated and paid_on < report_validated:
        message = f"paid_on: '{paid_on}' is before report_validated, '{report_validated}'"
        problems.append(_of_days("paid_on", str(paid_on), message))
    if paid_eur is not None and paid_on is None:
        problems.append(_of_days("paid_on", None, "paid_on: needed together with paid_eur"))
    return problems
