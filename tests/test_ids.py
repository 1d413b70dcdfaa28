"""Ids of visitors that are none, since nobody could tell by them who has visited before."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_batch import reported, written

import cxc
from cxc.errors import Unacceptable
from cxc.trip.texts import all_plain_identifiers, identifier

GOOD: dict[str, Any] = {"host_country": "PT", "host_cluster": "yes", "arrival": "2023-05-14", "departure": "2023-05-20"}
LOST = (
    "is a long number that a spreadsheet has shortened, so its last digits are lost; format the column as text and type "
    "the id again, or leave the field blank"
)
SHORTENED = ["1.23457E+11", "1,23457E+11", "1E+11", "1.23e+15", "9.99999999E12", "1.23457E+123"]


@pytest.mark.parametrize("text", SHORTENED)
def test_a_number_whose_digits_are_lost_is_no_id(text: str) -> None:
    """Two organisations would have one id, and the second would be refused."""
    with pytest.raises(Unacceptable) as caught:
        identifier(text)

    assert str(caught.value) == LOST


@pytest.mark.parametrize(
    "text", ["123456789012", "E11", "1E123", "12E 345", "RO1.23457E+11", "1.234.567-E", "5E12", "E+1.5"]
)
def test_an_id_with_an_e_stays_one(text: str) -> None:
    assert identifier(text) == text


@pytest.mark.parametrize("text", ["12345678.0", "12345678,0"])
def test_a_number_that_a_program_has_made_decimal_is_no_id(text: str) -> None:
    """Folded it would be another number, ten times as large: the same organisation would be paid twice."""
    with pytest.raises(Unacceptable) as caught:
        identifier(text)

    assert str(caught.value) == (
        "is a decimal number, as a program writes a column of numbers; write it without .0, as 12345678"
    )
    assert identifier("CHE-123.456.0") == "CHE-123.456.0"


# An id, and what is wrong with it.
MIXED = {
    "ΕL123456789": "'Ε' is a Greek letter among Latin ones",
    "EΛ123456789": "'Λ' is a Greek letter among Latin ones",
    "РO 18547290": "'Р' is a Cyrillic letter among Latin ones",
    "ВГ-G 123": "'G' is a Latin letter among Cyrillic ones",
    "ΑΦM 123": "'M' is a Latin letter among Greek ones",
    "ΑФ 123": "'Α' is a Greek letter among Cyrillic ones",
    "ČсZ 123": "'с' is a Cyrillic letter among Latin ones",
    "ABΓΔΖЖ": "'Ж' is a Cyrillic letter among Greek ones",
}


@pytest.mark.parametrize(("text", "said"), MIXED.items(), ids=MIXED)
def test_an_id_in_letters_of_two_alphabets_is_a_slip(text: str, said: str) -> None:
    """It looks like another one and is not the same: both would be paid."""
    with pytest.raises(Unacceptable) as caught:
        identifier(text)

    assert str(caught.value) == f"mixes two alphabets: {said}; type the id again, in letters of one alphabet"


@pytest.mark.parametrize(
    "text", ["ΕΛ123456789", "ЕИК 204676177", "ČSN-123 ÄŁ", "EL123456789", "№ 204676177", "12µ34", "Ø 1×2"]
)
def test_an_id_in_letters_of_one_alphabet_stays_as_it_is(text: str) -> None:
    """Whichever it is."""
    assert identifier(text) == text


@given(st.lists(st.sampled_from([*SHORTENED, *MIXED]), min_size=1), st.lists(st.just("RO123456")))
def test_no_such_id_is_taken_at_a_glance(bad: list[str], good: list[str]) -> None:
    """Wherever it stands among others."""
    assert not all_plain_identifiers([*bad, *good])
    assert not all_plain_identifiers([*good, *bad])


def test_rows_with_such_ids_cannot_be_read() -> None:
    """The next one is judged."""
    lines = reported(
        "csv", written([{**GOOD, "visitor_id": text} for text in ("1.23457E+11", "ΕL123456789", "RO 1")]).encode()
    )

    assert LOST in lines[0]
    assert "'Ε' is a Greek letter among Latin ones" in lines[1]
    assert "eligible,780.00" in lines[2]


@pytest.mark.parametrize("text", ["1.23457E+11", "ΕL123456789"])
def test_a_history_with_such_an_id_is_refused(text: str, tmp_path: Path) -> None:
    """As with any other that cannot be read: left out, it would let somebody visit twice."""
    history = tmp_path / "history.csv"
    history.write_text(f"visitor,visitor_id,visitor_country\nAcme,{text},RO\n", encoding="utf-8")
    with pytest.raises(cxc.errors.InputError, match=r"history.csv, row 2: visitor_id: '.{11}' (is a long|mixes)"):
        cxc.check(**GOOD, history=str(history))
