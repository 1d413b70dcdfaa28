"""Text from outside is read alike by every version of Python, whose tables of letters differ."""

import hashlib
import unicodedata

import pytest
from commands import Run

import cxc
from cxc.errors import TripError
from cxc.text import clean, fold, is_number

# Letters, digits, a sign and a picture of Unicode 15 and later, and numbers that no version has given a letter yet.
NEWER = ["\U00011f04", "\U00011f50", "\U00010d50", "\U0001fae8", "\u0378", "\U00050000"]


@pytest.mark.parametrize("letter", NEWER)
def test_letter_that_some_versions_do_not_know(letter: str) -> None:
    """It is shown as it stands, and a name in such letters is a name."""
    assert clean(f" {letter}\tx") == f"{letter} x"
    assert fold(f"É{letter}") == ("e" if letter == "\U0001fae8" else f"e{letter}")


def test_country_that_some_versions_do_not_know(run: Run) -> None:
    """A country of one such letter is a wrong one, not one that is not stated."""
    trip = ["check", "--no-ask", "--to", "PT", "--first-day", "2023-05-15", "--last-day", "2023-05-19"]

    assert run(*trip, "--host-cluster", "yes", "--from", "\U0001fae8").status == 2


def test_digits_that_some_versions_do_not_know() -> None:
    """They are no digits in any version: neither of a number where a cluster should be named, nor of an identifier."""
    assert not is_number(fold("\U00011f50\U00011f51"))
    with pytest.raises(TripError, match="is not an id"):
        cxc.check(host_country="PT", visitor_id="n/a \U00011f50\U00011f51\U00011f52\U00011f53")


def test_every_letter_is_folded_as_with_every_python() -> None:
    """The digest is the one that Python 3.11 (Unicode 14) and 3.13 (Unicode 15.1) give."""
    folded = "\n".join(fold(f"é{chr(number)}") for number in range(0x32000))

    assert hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest() == DIGEST


DIGEST = "2f150d61660f71048853673a88de865e6079399a3b436e2af84b5b125a89fedb"


def test_case_accents_and_signs() -> None:
    """What Unicode 3.2 knew is folded in full; of what came later, capitals in use and signs."""
    alike = [
        ("STRAẞE", "straße", "strasse"),
        ("ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ", "საქართველო", "საქართველო"),
        ("Ｍｅｄｖｉａ①", "Médvia 1", "medvia1"),
        ("MEDVIA\u2066\U0001f642\ufe0f\u20ba", "Medvia\u061c", "medvia"),
    ]
    for one, other, both in alike:
        assert (fold(one), fold(other)) == (both, both)


def test_codes_are_never_shown() -> None:
    """Control and formatting codes, private letters and what is no letter become spaces, in every version."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    of_old = [chr(n) for n in range(0x110000) if unicodedata.ucd_3_2_0.category(chr(n)) in hidden]
    since = ["\u061c", "\u2066", "\u2069", "\u08e2", "\U00013439", "\ufdd0", "\ufffe", "\U0001ffff", "\U000effff"]

    assert clean("".join([*of_old, *since])) == ""
