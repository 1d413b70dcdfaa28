"""Yes and no in the languages of the scheme's countries, in fields of yes and no and of clusters."""

import csv
from pathlib import Path

import pytest

import cxc
from cxc.errors import TripError, Unacceptable
from cxc.scheme.countries import load_countries
from cxc.trip.answers import said
from cxc.trip.reader import TripReader

DATA = Path(cxc.__file__).parent / "data" / "yes_no_words.csv"
WORDS = [
    row
    for row in csv.reader(DATA.read_text(encoding="utf-8").splitlines(), delimiter=";")
    if not row[0].startswith("#")
]
EU = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]
ASSOCIATED = ["sq", "hy", "bs", "is", "mk", "sr", "tr", "uk"]
READER = TripReader(load_countries())


def test_every_language_has_both_words() -> None:
    """Some of them are refused."""
    for says in ("yes", "no"):
        languages = {language for _, found, named in WORDS if found in (says, "either") for language in named.split()}
        assert languages >= {*EU, *ASSOCIATED}, says


def test_a_word_stands_once() -> None:
    assert len({word for word, *_ in WORDS}) == len(WORDS)


@pytest.mark.parametrize(("word", "says"), [(word, says) for word, says, _ in WORDS], ids=lambda text: text)
def test_what_a_word_says(word: str, says: str) -> None:
    """With a small or a capital first letter, in both kinds of fields."""
    for written in (word, word.capitalize()):
        if says == "either":
            for field in ("business_there", "visitor_cluster"):
                with pytest.raises(Unacceptable, match="can mean more than one thing"):
                    READER.field(field, written)
        else:
            assert READER.field("business_there", written) is (says == "yes")
            assert READER.field("host_cluster", written) == ("yes" if says == "yes" else "none")


@pytest.mark.parametrize("word", ["SIM", "IVA", "OUI", "DA", "ДА"])
def test_yes_in_capitals_is_yes(word: str) -> None:
    """Where it is the short name of a cluster, the organisation is a member, too."""
    assert READER.field("visitor_cluster", word) == "yes"
    assert READER.field("registered", word) is True


@pytest.mark.parametrize("word", ["NU", "NON", "НЕ"])
def test_no_in_capitals_may_be_the_name_of_a_cluster(word: str) -> None:
    """So it is no answer there, and what is refused says what to write; in a field of yes and no it is one."""
    with pytest.raises(Unacceptable, match=r"write (none or yes|yes or none)"):
        READER.field("visitor_cluster", word)


def test_no_in_capitals_is_no_elsewhere() -> None:
    assert READER.field("registered", "NU") is False
    with pytest.raises(Unacceptable, match="in capitals may mean no, or be the short name of a cluster"):
        READER.field("host_cluster", "NU")


@pytest.mark.parametrize("text", ["Imago-Mol", "Da Vinci", "Ja Solar Cluster", "Nu"])
def test_names_stay_names(text: str) -> None:
    """A word is an answer only where it stands alone."""
    assert READER.field("host_cluster", text) == ("none" if text == "Nu" else text)


def test_what_is_refused_says_what_to_write() -> None:
    with pytest.raises(TripError, match=r"host_cluster: 'si' can mean more than one thing .*; write yes or none"):
        cxc.check(host_country="PT", host_cluster="si")
    assert said("s" * 9) is None
