"""How a text becomes a value of each kind: a date, a name, a cluster, yes or no, one of some words, a number.

A text is read exactly or refused, never guessed: each of these raises Unacceptable and says what is accepted.
"""

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Final

from cxc.errors import InputError, Unacceptable
from cxc.scheme.data_files import has_form_of_date, is_digits, parse_date
from cxc.text import RememberedSearches, clean, fold, is_number, listed, nearest
from cxc.trip.fields import FARTHEST_KM
from cxc.trip.remarks import (
    NO_ORGANISATION,
    PLACEHOLDERS,
    has_a_capital,
    names_no_cluster,
    names_no_organisation,
    names_nobody,
    says_nothing,
    spreadsheet_boolean,
)

MEMBER_UNNAMED: Final = "yes"
NO_MEMBER: Final = "none"

ISO_DATE: Final = "YYYY-MM-DD"
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199  # outside lies a slip of the keyboard, and arithmetic past the calendar
_MOST_NUMBERED: Final = 100_000  # days or travellers

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

    def __init__(self, form: str = ISO_DATE, *, iso_too: bool = False, option: str | None = "--date-format") -> None:
        self.form, self._iso_too, self._option = form, iso_too, option
        self._pattern = None if form == ISO_DATE else self._compile(form)

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


def any_text(text: str) -> str:
    """Any text, as it is."""
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


def identifier(text: str) -> str:
    """The id of an organisation."""
    if is_plain_identifier(text):
        return text
    if _SHORTENED.fullmatch(text):
        raise Unacceptable(
            "is a long number that a spreadsheet has shortened, so its last digits are lost; format the column as text "
            "and type the id again, or leave the field blank"
        )
    if _DECIMAL.fullmatch(text):
        raise Unacceptable(
            f"is a decimal number, as a program writes a column of numbers; write it without .0, as {text[:-2]}"
        )
    if not text.isascii() and (stranger := _stranger(text)):
        raise Unacceptable(f"mixes two alphabets: {stranger}; type the id again, in letters of one alphabet")
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


_SHORTENED: Final = re.compile(r"[0-9]+(?:[.,][0-9]+[Ee]\+?|[Ee]\+)[0-9]+")  # 1.23457E+11, or 1,23457E+11
_DECIMAL: Final = re.compile(r"[0-9]+[.,]0")


@cache  # patterns of many letters take long to make, and hardly any id asks for them
def _alphabets() -> dict[str, re.Pattern[str]]:
    """Alphabets with letters that look alike."""
    return {
        "Greek": re.compile("[\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u03ff\u1f00-\u1ffc]"),
        "Cyrillic": re.compile("[\u0400-\u0481\u048a-\u052f]"),
        "Latin": re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"),
    }


def _stranger(text: str) -> str | None:
    """Which letter is of another alphabet than most; None where all are of one. It cannot be seen on a screen."""
    found = {name: letter for name, letter in _alphabets().items() if letter.search(text)}
    if len(found) < 2:
        return None
    letters = {name: letter.findall(text) for name, letter in found.items()}
    fewest, *_, most = sorted(letters, key=lambda name: len(letters[name]))
    return f"'{letters[fewest][0]}' is a {fewest} letter among {most} ones"


_ID_DIGITS: Final = 3  # a text with so many is an id, whatever words it begins with: "SI 12345678"


def person(text: str) -> str:
    """The name of a person who has approved something."""
    if names_nobody(text):
        raise Unacceptable("does not name a person; write who approved, or leave out what is not approved")
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


def organisation(text: str) -> str:
    """The name of an organisation."""
    if names_no_organisation(text):
        raise Unacceptable("does not name an organisation; leave the field blank if it is not known")
    return text


def cluster(text: str) -> str:
    """The name of a cluster; or that there is one, or none, in words of many languages."""
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
    is_no_word = len(folded) < 2 or is_number(folded) or text.startswith("=") or _is_an_id(folded)
    is_remark = not is_no_word and (_DOUBTED.search(text) is not None or names_no_cluster(text))
    if is_remark and has_a_capital(text):
        raise Unacceptable(
            "may be a remark, not the name of a cluster; write yes, none, or the name of the cluster alone; leave the "
            "field blank if it is not known"
        )
    if is_no_word or is_remark:
        raise Unacceptable(
            "does not say whether the organisation is a member of a cluster; write the cluster's name with its capital "
            "letters, or yes, or none; leave the field blank if it is not known"
        )
    return text


_DOUBTED: Final = re.compile(r"^[!~*]|^[-–—] |\*$")  # in a name they may stand: Health~Holland


def _is_an_id(folded: str) -> bool:
    """Whether a text is a number of a company, such as a VAT number, perhaps with what kind it is."""
    digits = sum(map(str.isdigit, folded))
    return digits >= _ID_OF_A_COMPANY and len(folded) - digits <= _ID_OF_A_COMPANY


_ID_OF_A_COMPANY: Final = 6  # digits or more, and no more letters than that


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


def yes_or_no(text: str) -> bool:
    """Yes or no, in many languages."""
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    answer = _answer(text, "no")
    if answer is None:
        answer = spreadsheet_boolean(text)
    if answer is not None:
        return answer
    raise Unacceptable("is neither yes nor no; leave the field blank if it is not known")


def sure(text: str) -> str:
    """A text itself, in which no mark says that it is in doubt: without the mark it would be taken as certain."""
    mark = _DOUBT.search(text)
    if mark and fold(text):
        raise Unacceptable(f"has the mark {mark[0]} in it, which may be a doubt; leave it out if the rest is sure")
    return text


_DOUBT: Final = re.compile(r"[?*~!¿¡？！؟]|^[-–—]")  # a dash before all else may say "not this one"


def one_of(words: tuple[str, ...], kind: str) -> Callable[[str], str]:
    """What reads one of some words, which are all of this kind."""
    by_folded, sought = {fold(word): word for word in words}, RememberedSearches[tuple[str, ...]]()

    def read(text: str) -> str:
        found = by_folded.get(fold(sure(text)))
        if found is None:
            close = sought.near(text, partial(nearest, text, words))
            hint = f"did you mean {listed(close)}? The" if close else "the"
            raise Unacceptable(f"is not a known {kind}; {hint} known ones are {', '.join(words)}")
        return found

    return read


def several(read: Callable[[str], str], order: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """What reads several words, between commas or semicolons; they come in this order."""

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


def distance(text: str) -> Decimal:
    """A distance in km."""
    if re.fullmatch(_THOUSANDS, text) and int(text.replace(",", "").replace(".", "")) <= FARTHEST_KM:
        whole, fraction = re.split("[.,]", text)
        fraction = fraction.rstrip("0")
        raise Unacceptable(f"can be read in two ways; write {int(text[:-4] + text[-3:])} or {whole}.{fraction or 0}")
    number = Decimal(text.replace(",", ".")) if re.fullmatch(_NUMBER, text) else None
    if number is None or number > FARTHEST_KM:
        raise Unacceptable(f"is not a distance in km; write a number from 0 to {FARTHEST_KM}, such as 180 or 180.5")
    return number


def whole_number(least: int, unit: str) -> Callable[[str], int]:
    """What reads a whole number of something, so many or more."""

    def read(text: str) -> int:
        if is_digits(text) and least <= int(text) <= _MOST_NUMBERED:
            return int(text)
        if _is_more(text, _MOST_NUMBERED):
            raise Unacceptable(
                f"is too large a number of {unit}; write a whole number from {least} to {_MOST_NUMBERED}"
            )
        raise Unacceptable(f"is not a number of {unit}; write a whole number, {least} or more")

    return read


def _is_more(text: str, most: int) -> bool:
    """Whether a text is a whole number that is larger; it may have more digits than can be read."""
    digits = text.lstrip("0")
    if not (digits.isascii() and digits.isdigit()):
        return False
    return (len(digits), digits) > (len(str(most)), str(most))


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


_MOST_EUROS: Final = 999_999_999


def euros(text: str) -> Euros:
    """An amount in EUR."""
    amount = parse_euros(text)
    if amount is None and _is_more(re.sub(r"[.,][0-9]{1,2}$", "", text), _MOST_EUROS):
        raise Unacceptable(f"is too large an amount; the largest is {_MOST_EUROS} EUR")
    if amount is None:
        raise Unacceptable("is not an amount in EUR; write it as 780 or 780.00")
    return Euros(amount)
