"""How text from outside is compared and cleaned."""

import datetime
import re
import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """A text without case, accents, spaces and punctuation, for comparing names.

    >>> fold("România") == fold("ROMANIA"), fold("fab-lab") == fold("Fab Lab"), fold("Łódź"), fold("TÜRKIYE")
    (True, True, 'lodz', 'turkiye')
    """
    if text.isascii():
        return text.lower().translate(_PUNCTUATION)
    bare = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(filter(str.isalnum, "".join(bare).casefold().translate(_UNDECOMPOSED)))


# What is no letter or digit, taken away.
_PUNCTUATION = {place: None for place in range(128) if not chr(place).isalnum()}
# Letters with a stroke and ligatures, which Unicode does not take apart.
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def clean(text: str) -> str:
    """A text on one line: no control or formatting codes, no runs of spaces.

    A name that came from outside is shown to people; it must not move the cursor, colour the screen or turn text round.

    >>> clean("  Medvia\\x1b[31m\\n Cluj ")
    'Medvia [31m Cluj'
    """
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(letter) in _UNSHOWN else letter for letter in text)
    return " ".join(text.split())


_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def uncommanded(text: str) -> str:
    """A text in whose lines no CI server finds a command: `::name::` at the beginning, or `##[name]` anywhere.

    >>> uncommanded("T1\\n  ::error::x\\nHost ##[error]y")
    'T1\\n  : :error::x\\nHost ## [error]y'
    """
    return _COMMAND.sub(r"\1: :", text).replace("##[", "## [")


_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)


def nearest(text: str, among: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The words that come closest to a text, best first, perhaps none.

    >>> nearest("univercity", ["university", "sme"])
    ('university',)
    """
    from difflib import get_close_matches

    by_folded = {fold(word): word for word in among}
    found = get_close_matches(fold(text)[:100], by_folded, n=most, cutoff=0.6)
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
