"""A proposed trip: what it states, and how text becomes it.

Text is read exactly or refused, never guessed: every field says what it accepts. Blank means not stated.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple

from cxc.errors import (
    InputError,
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
from cxc.scheme.data_files import has_form_of_date, is_digits, parse_date
from cxc.text import LONGEST_SOUGHT, RememberedSearches, clean, fold, is_number, listed, nearest
from cxc.trip import fields
from cxc.trip.fields import (
    BY_NAME,
    DESCRIPTIONS,
    FARTHEST_KM,
    FIELDS,
    LEAST_TRAVELLERS,
    PAIRED,
    PAIRS,
    PAPERS,
    Kind,
)
from cxc.trip.remarks import (
    NO_ORGANISATION,
    NOBODY,
    PLACEHOLDERS,
    names_no_cluster,
    names_no_organisation,
    says_nothing,
    spreadsheet_boolean,
)
from cxc.trip.stay import Stay
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES, PROOFS

MEMBER_UNNAMED: Final = "yes"
NO_MEMBER: Final = "none"


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
    paid_eur: "Euros | Misread | None" = None

    @property
    def stay(self) -> Stay | None:
        """The stay that the dates give, or None where none are stated."""
        return Stay.stated(self.arrival, self.departure, self.first_day, self.last_day)


_ISO_DATE: Final = "YYYY-MM-DD"
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199  # outside lies a slip of the keyboard, and arithmetic past the calendar
_MOST_REMEMBERED: Final = 10_000  # texts
_MOST_DAYS: Final = 100_000

_YES: Final = frozenset({"yes", "true"})
_NO: Final = frozenset({"no", "false"})


def shown(text: str) -> str:
    """A text from outside inside a message: cleaned, quoted, cut short."""
    text = clean(text)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


# Spreadsheets count days; day 0 is this one from March 1900 on (some count from 1904: hence "if that is the day").
_FIRST_COUNTED: Final = datetime.date(1899, 12, 30)
_ONE_DAY: Final = datetime.timedelta(days=1)


class DateForm:
    """How dates are written in an input: `YYYY-MM-DD`, or another order of DD, MM and YYYY (D, M: no leading zero).

    >>> DateForm("DD.MM.YYYY").read("14.05.2023")
    datetime.date(2023, 5, 14)
    """

    def __init__(self, form: str = _ISO_DATE, *, iso_too: bool = False, option: str | None = "--date-format") -> None:
        self.form, self._iso_too, self._option = form, iso_too, option
        self._pattern = None if form == _ISO_DATE else self._compile(form)

    @staticmethod
    def _compile(form: str) -> re.Pattern[str]:
        parts = re.split(r"(YYYY|MM|DD|M|D)", form)
        named = sorted(part[0] for part in parts[1::2])
        run_together = {"D", "M"} & set(parts) and not all(parts[2:-1:2])  # 1112023 can be read in two ways
        if named != ["D", "M", "Y"] or run_together or any(mark.isalnum() for mark in "".join(parts[0::2])):
            raise InputError(
                f"{shown(form)} is not a date format; write the order of DD, MM and YYYY, such as DD.MM.YYYY"
            )
        digits = {"YYYY": r"(?P<Y>\d{4})", "MM": r"(?P<M>\d\d)", "DD": r"(?P<D>\d\d)"}
        digits |= {"M": r"(?P<M>\d\d?)", "D": r"(?P<D>\d\d?)"}
        return re.compile("".join(digits.get(part) or re.escape(part) for part in parts), re.ASCII)

    def read(self, text: str) -> datetime.date:
        """The date that a text names in this form. A text in another form is refused, never guessed."""
        iso = self._in_iso_order(text)
        if iso is None:
            serial = re.fullmatch(r"([0-9]{5})(?:\.[0-9]+)?", text)
            if serial and EARLIEST_YEAR <= (counted := _FIRST_COUNTED + int(serial[1]) * _ONE_DAY).year <= LATEST_YEAR:
                raise Unacceptable(
                    "is the number of a day in a spreadsheet, not a date; format the cells as dates, or write "
                    f"{self.write(counted)} if that is the day"
                )
            hint = ""
            if self._option is None:
                hint = "; write it like that"
            elif self._pattern is None:
                hint = f"; if all dates are written in another way, use the option {self._option}"
            example = self.write(datetime.date(2023, 5, 14))
            raise Unacceptable(f"is not a date of the form {self.form}, such as {example}{hint}")
        day = parse_date(iso)
        if day is None:
            raise Unacceptable(
                f"is not a day of the calendar; write {self.form}, with a month from 1 to 12 and a day of that month"
            )
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise Unacceptable(f"has a year outside {EARLIEST_YEAR} to {LATEST_YEAR}; check the year")
        return day

    def write(self, day: datetime.date) -> str:
        """A date in this form."""
        text = (
            self.form.replace("YYYY", f"{day.year:04}").replace("MM", f"{day.month:02}").replace("DD", f"{day.day:02}")
        )
        return text.replace("M", str(day.month)).replace("D", str(day.day))

    def _in_iso_order(self, text: str) -> str | None:
        if self._pattern is None:
            return text if has_form_of_date(text) else None
        found = self._pattern.fullmatch(text)
        if found is None and self._iso_too:
            return DateForm()._in_iso_order(text)
        return found and f"{found['Y']}-{found['M']:0>2}-{found['D']:0>2}"


def _text(text: str) -> str:
    return text


def is_plain_identifier(text: str) -> bool:
    """Whether a text is an id and no remark, at a glance: so many digits are an id, whatever stands before them."""
    digits = text[-_ID_DIGITS:]
    return text.isalnum() and text.isascii() and len(text) >= _ID_DIGITS and digits.isdigit() and bool(text.strip("0"))


def all_plain_identifiers(texts: Sequence[str]) -> bool:
    """Whether that is so of all texts but blank ones."""
    lines = "\n".join(texts)
    return _PLAIN_IDENTIFIERS.fullmatch(lines) is not None and "\n000" not in f"\n{lines}"


_PLAIN_IDENTIFIERS: Final = re.compile(r"(?:[A-Za-z0-9]*[0-9]{3})?(?:\n(?:[A-Za-z0-9]*[0-9]{3})?)*")


def _identifier(text: str) -> str:
    if is_plain_identifier(text):
        return text
    folded = fold(text)
    digits = sum(letter in "0123456789" for letter in folded)
    if (
        folded in PLACEHOLDERS
        or names_no_organisation(text)
        or not folded.strip("0")
        or (digits < _ID_DIGITS and (len(folded) < 2 or says_nothing(text)))
    ):
        raise Unacceptable("is not an id; leave the field blank if it is not known")
    return text


_ID_DIGITS: Final = 3  # a text with so many is an id, whatever words it begins with: "SI 12345678"


def _person(text: str) -> str:
    if not fold(text) or fold(text) in NOBODY:
        raise Unacceptable("does not name a person; write who approved")
    return text


def is_plain_name(text: str, folded: str) -> bool:
    """Whether a text is the name of an organisation, at a glance; `folded` is what is compared of it."""
    return bool(folded) and folded not in NO_ORGANISATION and "#" not in text and "\0" not in text


def all_plain_names(texts: Sequence[str], folded: Sequence[str]) -> bool:
    """Whether that is so of all texts but blank ones, which stand beside what is compared of them."""
    lines = "\n".join(texts)
    return (
        "#" not in lines
        and "\0" not in lines
        and NO_ORGANISATION.isdisjoint(folded)
        and ("" not in folded or folded.count("") == texts.count(""))
    )


def _organisation(text: str) -> str:
    if names_no_organisation(text):
        raise Unacceptable("does not name an organisation; leave the field blank if it is not known")
    return text


def _cluster(text: str) -> str:
    folded, word = fold(text), text.casefold()
    if word in _YES:
        return MEMBER_UNNAMED
    if word in _NO or word == NO_MEMBER:
        return NO_MEMBER
    member = spreadsheet_boolean(text)
    if member is None:
        member = _answer(text, "none", capitals_are_a_name=True)
    if member is not None:
        return MEMBER_UNNAMED if member else NO_MEMBER
    if len(folded) < 2 or is_number(folded) or names_no_cluster(text):
        raise Unacceptable(
            "does not say whether the organisation is a member of a cluster; write the cluster's name with its capital "
            "letters, or yes, or none; leave the field blank if it is not known"
        )
    return text


def _answer(text: str, no: str, *, capitals_are_a_name: bool = False) -> bool | None:
    """Yes or no in another language; None where a text is neither. Raises Unacceptable where it may be either.

    A word in capitals alone may be the short name of a cluster, such as SIM: then it says yes as well, but never no.
    """
    from cxc.trip.answers import said

    says = said(text)
    if says is None:
        return None
    if says == "either":
        raise Unacceptable(
            f"can mean more than one thing in the languages of the scheme's countries; write yes or {no}"
        )
    if says == "no" and capitals_are_a_name and len(text) > 1 and text.isupper():
        raise Unacceptable(f"in capitals may mean no, or be the short name of a cluster; write {no} or yes")
    return says == "yes"


def _yes_or_no(text: str) -> bool:
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    answer = _answer(text, "no")
    if answer is not None:
        return answer
    raise Unacceptable("is neither yes nor no; leave the field blank if it is not known")


def _one_of(words: tuple[str, ...], kind: str) -> Callable[[str], str]:
    by_folded, sought = {fold(word): word for word in words}, RememberedSearches[tuple[str, ...]]()

    def read(text: str) -> str:
        found = by_folded.get(fold(text))
        if found is None:
            close = sought.near(text, partial(nearest, text, words))
            hint = f"did you mean {listed(close)}? The" if close else "the"
            raise Unacceptable(f"is not a known {kind}; {hint} known ones are {', '.join(words)}")
        return found

    return read


def _several(read: Callable[[str], str], order: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read_all(text: str) -> tuple[str, ...]:
        parts = [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]
        if not parts:
            raise Unacceptable("contains no word; leave the field blank if it is not known")
        found = set()
        for part in parts:
            try:
                found.add(read(part))
            except Unacceptable as wrong:
                raise (
                    Unacceptable(str(wrong))
                    if len(parts) == 1
                    else Unacceptable(f"contains {shown(part)}, which {wrong}")
                ) from None
        return tuple(sorted(found, key=order.index))

    return read_all


_NUMBER: Final = r"[0-9]{1,9}([.,][0-9]{1,10})?"
_THOUSANDS: Final = r"[0-9]{1,3}[.,][0-9]{3}"


def _distance(text: str) -> Decimal:
    if re.fullmatch(_THOUSANDS, text) and int(text.replace(",", "").replace(".", "")) <= FARTHEST_KM:
        whole, fraction = re.split("[.,]", text)
        fraction = fraction.rstrip("0")
        raise Unacceptable(f"can be read in two ways; write {int(text[:-4] + text[-3:])} or {whole}.{fraction or 0}")
    number = Decimal(text.replace(",", ".")) if re.fullmatch(_NUMBER, text) else None
    if number is None or number > FARTHEST_KM:
        raise Unacceptable(f"is not a distance in km; write a number from 0 to {FARTHEST_KM}, such as 180 or 180.5")
    return number


def _whole(least: int, unit: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if is_digits(text) and least <= int(text) <= _MOST_DAYS:
            return int(text)
        raise Unacceptable(f"is not a number of {unit}; write a whole number, {least} or more")

    return read


def parse_euros(text: str) -> Decimal | None:
    """An amount in EUR with at most two decimals, after a point or a comma; None for anything else.

    >>> parse_euros("390,5"), parse_euros("1.234,50") is None
    (Decimal('390.5'), True)
    """
    whole, point, cents = text.strip().replace(",", ".").partition(".")
    if not is_digits(whole) or (point and not is_digits(cents, most=2)):
        return None
    return Decimal(f"{whole}.{cents or 0}")


class Euros(Decimal):
    """An amount of money, told from a number such as a distance."""


def _euros(text: str) -> Euros:
    amount = parse_euros(text)
    if amount is None:
        raise Unacceptable("is not an amount in EUR; write it as 780 or 780.00")
    return Euros(amount)


_ANY_YES_OR_NO: Final = "third_country_national"  # a field of yes and no


class TripReader:
    """Turns texts into trips, with the names of one country table and one form of dates (`date_form`).

    With `iso_too` a date may be YYYY-MM-DD beside the form that is named; a text cannot be both. `option` is the one
    that names the form; None where no option can be given. `today` is the day on which payment is asked about; without
    it (None) nobody asks yet, and what is wrong in a field of that stage is left for later (`Misread`).
    """

    def __init__(
        self,
        countries: Countries,
        date_format: str = _ISO_DATE,
        *,
        iso_too: bool = False,
        option: str | None = "--date-format",
        today: datetime.date | None = None,
    ) -> None:
        self._countries, self._today = countries, today
        self.date_form = DateForm(date_format, iso_too=iso_too, option=option)
        self._near_fields, self._near_countries = (
            RememberedSearches[tuple[str, ...]](),
            RememberedSearches[tuple[str, ...]](),
        )
        self._near_places = RememberedSearches[str]()
        self._read_before: dict[tuple[str, str], object] = {}  # by field and text
        codes = tuple(RULE_NAMES)
        by_kind: dict[Kind, Callable[[str], object]] = {
            fields.TEXT: _text,
            fields.ORGANISATION: _organisation,
            fields.IDENTIFIER: _identifier,
            fields.PERSON: _person,
            fields.COUNTRY: self._country,
            fields.ORGANISATION_TYPE: _one_of(ORGANISATION_TYPES, "type of organisation"),
            fields.CLUSTER: _cluster,
            fields.DATE: self.date_form.read,
            fields.PLACE: _text,
            fields.DISTANCE: _distance,
            fields.TRAVELLERS: _whole(LEAST_TRAVELLERS, "travellers"),
            fields.DAYS: _whole(0, "days"),
            fields.ACTIVITY: _several(_one_of(ACTIVITIES, "activity"), ACTIVITIES),
            fields.YES_OR_NO: _yes_or_no,
            fields.PROOF: _several(_one_of(PROOFS, "proof"), PROOFS),
            fields.EUROS: _euros,
            fields.RULE_CODE: _several(_one_of(codes, "code of a rule"), codes),
        }
        self._readers = {field.name: by_kind[field.kind] for field in DESCRIPTIONS}

    def of_answers(self) -> "TripReader":
        """The same for answers to questions, whose sentences name no option, since none can be given there."""
        return TripReader(self._countries, self.date_form.form, option=None, today=self._today)

    def _country(self, text: str) -> Country:
        try:
            return self._countries.find(text)
        except PartOfCountry as part:
            raise Unacceptable(f"cannot be judged: {part}") from None
        except SeveralCountries as several:
            both = " and for ".join(several.named)
            raise Unacceptable(f"stands for {both}; write the two-letter code of the one that is meant") from None
        except UnknownCountry as unknown:
            close = self._near_countries.near(text, unknown.look)
            hint = f"did you mean {listed(close)}? Write" if close else "write"
            raise Unacceptable(f"is not a known country; {hint} a two-letter code, such as PT, or a name") from None

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
                problems += self._papers_in_disorder(values)
        problems += _approval_that_cannot_be(values, unread, self._today)
        return values, problems + self._places_unknown(values, unread)

    def _papers_in_disorder(self, values: Mapping[str, object]) -> list[Problem]:
        """Days of papers and of payment that cannot be, where the dates of the visit can be read."""
        dates, paid_eur = _days(values, PAIRED), values.get("paid_eur")
        stay = None if dates_that_disagree(*dates) else Stay.stated(*dates)
        paid = paid_eur if isinstance(paid_eur, Decimal) else None
        commitment, agreement, report, paid_on = _days(values, PAPER_DAYS)
        return papers_in_disorder(stay, commitment, agreement, report, paid_on, paid, self._today)

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

    def reads_yes(self, text: str) -> bool:
        """Whether an answer to a question says yes, y alone as well."""
        if text.strip().casefold() == "y":
            return True
        try:
            return self._readers[_ANY_YES_OR_NO](clean(text)) is True
        except Unacceptable:
            return False

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


def _place(field: str) -> int:
    return FIELDS.index(field) if field in FIELDS else len(FIELDS)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda found: _place(found.field)))


def _trip(values: Mapping[str, object], problems: list[Problem]) -> Trip:
    if problems:
        raise TripError(_in_order(problems))
    return Trip(**values)  # type: ignore[arg-type]  # each value came from the reader of its own field


def _days(values: Mapping[str, object], fields: Iterable[str]) -> list[datetime.date | None]:
    """The days that are stated in some fields."""
    return [day if isinstance(day := values.get(field), datetime.date) else None for field in fields]


def _approval_that_cannot_be(
    values: Mapping[str, object], unread: set[str], today: datetime.date | None
) -> list[Problem]:
    """Codes approved without saying by whom and when, or, at the stage of payment, on a day after today."""
    if not values.get("approved"):
        return []
    missing = [name for name in ("approved_by", "approved_on") if values.get(name) is None and name not in unread]
    if missing:
        message = f"{listed(missing, 'and')}: needed with approved, to record who approved and when"
        return [Problem(missing[0], None, message)]
    (day,) = _days(values, ("approved_on",))
    return _after_today("approved_on", day, today)


def _after_today(field: str, day: datetime.date | None, today: datetime.date | None) -> list[Problem]:
    """A day that cannot have been yet; without `today` no day is held against it."""
    if day is None or today is None or day <= today:
        return []
    return [Problem(field, str(day), f"{field}: '{day}' is after today, '{today}'")]


def dates_that_disagree(
    arrival: datetime.date | None,
    departure: datetime.date | None,
    first_day: datetime.date | None,
    last_day: datetime.date | None,
) -> list[Problem]:
    """Both pairs of dates, half of one, or a second day before the first."""
    if (arrival or departure) and (first_day or last_day):
        message = "arrival: state arrival and departure, or first_day and last_day, not both"
        return [Problem("arrival", str(arrival or ""), message)]
    problems = []
    for (begin, end), (first, last) in zip(PAIRS, ((arrival, departure), (first_day, last_day)), strict=True):
        if (first is None) != (last is None):
            missing, given = (begin, end) if first is None else (end, begin)
            problems.append(Problem(missing, None, f"{missing}: needed together with {given}"))
        elif first is not None and last is not None and last < first:
            problems.append(Problem(end, str(last), f"{end}: '{last}' is before {begin}, '{first}'"))
    return problems


PAPER_DAYS: Final = tuple(field for field in PAPERS if BY_NAME[field].kind is fields.DATE)


def papers_in_disorder(
    stay: Stay | None,
    commitment_signed: datetime.date | None,
    agreement_signed: datetime.date | None,
    report_validated: datetime.date | None,
    paid_on: datetime.date | None,
    paid_eur: Decimal | None,
    today: datetime.date | None,
) -> list[Problem]:
    """Days of papers and of payment that cannot be: one before what it follows, or after today; a sum without its day.

    Without `today` no day is held against it.
    """
    problems = []
    days = zip(PAPER_DAYS, (commitment_signed, agreement_signed, report_validated, paid_on), strict=True)
    for field, day in days:
        problems += _after_today(field, day, today)
    if report_validated and stay and report_validated < stay.last:
        message = f"'{report_validated}' is before the last day on site, '{stay.last}'"
        problems.append(Problem("report_validated", str(report_validated), f"report_validated: {message}"))
    if paid_on and report_validated and paid_on < report_validated:
        message = f"paid_on: '{paid_on}' is before report_validated, '{report_validated}'"
        problems.append(Problem("paid_on", str(paid_on), message))
    if paid_eur is not None and paid_on is None:
        problems.append(Problem("paid_on", None, "paid_on: needed together with paid_eur"))
    return problems
