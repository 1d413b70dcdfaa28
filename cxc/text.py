"""How text from outside is compared and cleaned."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final, TypeVar


def fold(text: str) -> str:
    """A text without case, accents, spaces and punctuation, for comparing names.

    The same with every version of Python, whose tables of letters differ: what Unicode 3.2 knew is folded as it says,
    and what came later stays as it is, but for signs and marks. So a name in new letters never becomes nothing.

    >>> fold("România") == fold("ROMANIA"), fold("fab-lab") == fold("Fab Lab"), fold("Łódź"), fold("TÜRKIYE")
    (True, True, 'lodz', 'turkiye')
    """
    if text.isascii():
        bare = text.lower().replace(" ", "")
        if bare.isalnum():  # as most are
            return bare
        return text.lower().translate(_PUNCTUATION)
    return text.translate(_FOLDED)


def fold_all(texts: Sequence[str]) -> list[str]:
    """The same of many texts, at once where they are ASCII.

    >>> fold_all(["Fab Lab", "", "fab-lab", "România"])
    ['fablab', '', 'fablab', 'romania']
    """
    joined = "\n".join(texts)
    if joined.isascii() and joined.count("\n") == len(texts) - 1:
        bare = joined.lower().replace(" ", "")
        return (bare if bare.replace("\n", "").isalnum() else bare.translate(_PUNCTUATION_IN_LINES)).split("\n")
    return [*map(fold, texts)]


def is_number(folded: str) -> bool:
    """Whether a folded text is nothing but digits, of any script that Unicode 3.2 knew.

    >>> is_number("42"), is_number("٤٢"), is_number("i4camp")
    (True, True, False)
    """
    return all(_UNICODE.category(letter)[0] == "N" for letter in folded)


class _Folded(dict[int, str]):
    """What is compared of a letter, by its number; worked out where it is first met."""

    def __missing__(self, number: int) -> str:
        letter = chr(number)
        known = _is_known(letter)
        is_letter = known and _UNICODE.category(letter)[0] in "LN"  # as most are; no pattern need be made for them
        if not is_letter and (_unshown().match(letter) or (not known and _signs_since().match(letter))):
            folded = ""
        elif known or letter in _CAPITALS_SINCE:
            bare = "".join(part for part in _UNICODE.normalize("NFKD", letter) if not _UNICODE.combining(part))
            small = bare.casefold().translate(_UNDECOMPOSED)
            folded = "".join(part for part in small if not _is_known(part) or _UNICODE.category(part)[0] in "LN")
        else:
            folded = letter
        if len(self) < _MOST_REMEMBERED:
            self[number] = folded
        return folded


def _is_known(letter: str) -> bool:
    return _UNICODE.category(letter) != "Cn"


# Python keeps the tables of Unicode 3.2 beside its own, since names of hosts are compared by them (RFC 3490).
_UNICODE: Final = unicodedata.ucd_3_2_0
_MOST_REMEMBERED: Final = 10_000
# What is no letter or digit, taken away.
_PUNCTUATION: Final = {place: None for place in range(128) if not chr(place).isalnum()}
_PUNCTUATION_IN_LINES: Final = {place: None for place in _PUNCTUATION if chr(place) != "\n"}
# Letters with a stroke and ligatures, which Unicode does not take apart.
_UNDECOMPOSED: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Since Unicode 3.2: the blocks of marks, punctuation, symbols and pictures, which are no part of a name; and the
# capitals of alphabets in use whose small letters were there before: ẞ, and those of Georgian.
_SIGNS_SINCE: Final = (
    "[\u0300-\u036f\u0483-\u0489\u0590-\u05cf\u0600-\u061f\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u2000-\u206f"
    "\u20a0-\u20ff\u2190-\u2bff\u2de0-\u2e7f\u2ff0-\u303f\u31c0-\u31ef\u4dc0-\u4dff\ua66f-\ua67d\ua700-\ua721\ufe00-\ufe4f"
    "\U0001d000-\U0001d35f\U0001f000-\U0001fbef\U000e0000-\U000e0fff]"
)
_CAPITALS_SINCE: Final = frozenset(map(chr, (*range(0x1C90, 0x1CC0), 0x1E9E)))
_FOLDED: Final = _Folded()


def clean(text: str) -> str:
    """A text on one line: no control or formatting codes, no runs of spaces.

    A name that came from outside is shown to people; it must not move the cursor, colour the screen or turn text round.

    >>> clean("  Medvia\\x1b[31m\\n Cluj ")
    'Medvia [31m Cluj'
    """
    if not text.isprintable():  # in no version of Python is one of these printable
        text = _unshown().sub(" ", text)
    return " ".join(text.split())


# The letters of Unicode 17 that are control (Cc) and formatting codes (Cf), surrogates, private ones, ends of lines and
# paragraphs, and those that are none and never will be. Written out, since Python's tables differ by its version.
_UNSHOWN: Final = (
    "[\0-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064"
    "\u2066-\u206f\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000f0000-\U0010ffff"
    f"{''.join(f'{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}' for plane in range(0x10000, 0xF0000, 0x10000))}]"
)


# Patterns of many letters take long to make, and hardly any text asks for them.
@cache
def _unshown() -> re.Pattern[str]:
    return re.compile(_UNSHOWN)


@cache
def _signs_since() -> re.Pattern[str]:
    return re.compile(_SIGNS_SINCE)


def uncommanded(text: str) -> str:
    """A text in whose lines no CI server finds a command: `::name::` at the beginning, or `##[name]`, `##vso[name]`
    and their like anywhere.

    >>> uncommanded("T1\\n  ::error::x\\nHost ##[error]y ##vso[z]")
    'T1\\n  : :error::x\\nHost ## [error]y ## vso[z]'
    """
    return disarmed(_COMMAND.sub(r"\1: :", text), "## ")


def disarmed(text: str, instead: str) -> str:
    """A text with something else in the place of a `##` that begins a command of a CI server.

    >>> disarmed("##[error]x ## [y]", "&#35;&#35;")
    '&#35;&#35;[error]x ## [y]'
    """
    return _HASHES.sub(instead, text) if "##" in text else text


_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
_HASHES = re.compile(r"##(?=[A-Za-z]*\[)")


def nearest(text: str, among: Iterable[str], most: int = 3, alike: float = 0.6) -> tuple[str, ...]:
    """The words that come closest to a text, best first, perhaps none. `alike` is how much they share, from 0 to 1.

    >>> nearest("univercity", ["university", "sme"])
    ('university',)
    """
    from difflib import get_close_matches

    by_folded = {fold(word): word for word in among}
    found = get_close_matches(fold(text)[:100], by_folded, n=most, cutoff=alike)
    return tuple(by_folded[word] for word in found)


def day_in_words(day: datetime.date) -> str:
    """A day with its weekday.

    >>> day_in_words(datetime.date(2023, 5, 20))
    'Saturday 20 May 2023'
    """
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words as a phrase: `a, b or c`.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    *first, end = [*words] or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def months(count: int) -> str:
    """So many months.

    >>> months(1), months(2)
    ('one month', '2 months')
    """
    return "one month" if count == 1 else f"{count} months"


HALF_PERCENT: Final = 50


def reduced(percent: int) -> str:
    """What becomes of a sum of which so many percent are paid.

    >>> reduced(50), reduced(60)
    ('halved', 'reduced to 60 %')
    """
    return "halved" if percent == HALF_PERCENT else f"reduced to {percent} %"


def share(percent: int) -> str:
    """So many percent of a sum, in few letters.

    >>> share(50), share(60)
    ('half', '60 %')
    """
    return "half" if percent == HALF_PERCENT else f"{percent} %"


Value = TypeVar("Value")
MOST_SOUGHT: Final = 100
LONGEST_SOUGHT: Final = 200  # letters


class RememberedSearches(dict[str, Value]):
    """What comes closest to texts that cannot be read. It is looked for once for each, and for so many of them alone.

    Looking takes a thousand times as long as reading: a table full of slips would take hours.
    """

    def near(self, text: str, look: Callable[[], Value]) -> Value | None:
        """What comes closest to a text; None for a very long one, and once so many were looked for."""
        if text not in self and len(self) < MOST_SOUGHT and len(text) <= LONGEST_SOUGHT:
            self[text] = look()
        return self.get(text)
