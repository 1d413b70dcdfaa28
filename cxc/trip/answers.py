"""Yes and no, as people write them in the languages of the scheme's countries.

Data: `cxc/data/yes_no_words.csv`, which says where its words come from. It is read at the first word that is neither
`yes` nor `no`.
"""

import unicodedata
from functools import cache
from typing import Final, Literal, get_args

from cxc.scheme import data_files
from cxc.scheme.countries import DATA

Meaning = Literal["yes", "no", "either"]
_LONGEST: Final = 8  # letters of a word


def said(text: str) -> Meaning | None:
    """What a word says; `either` where that depends on the language; None for any other text.

    >>> [said(word) for word in ("oui", "Não", "sí", "si", "NE", "Medvia")]
    ['yes', 'no', 'yes', 'either', 'either', None]
    """
    return None if len(text) > _LONGEST else _words().get(unicodedata.normalize("NFC", text.casefold()))


@cache
def _words() -> dict[str, Meaning]:
    """What each word says."""
    meanings = {meaning: meaning for meaning in get_args(Meaning)}
    return {word: meanings[says] for word, says, _ in data_files.rows(DATA / "yes_no_words.csv", ";")}
