"""What is written in doubt, or says no, is not taken as certain: a trip would be paid on it."""

from typing import Any

import pytest

import cxc
from cxc.errors import TripError, Unacceptable
from cxc.scheme.countries import load_countries
from cxc.trip.reader import TripReader

READER = TripReader(load_countries())
TRIP: dict[str, Any] = {
    "host_country": "PT",
    "host_cluster": "yes",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
    "visitor_type": "university",
    "visitor_cluster": "yes",
}
APPROVAL: dict[str, Any] = {"approved": "CXC301", "approved_on": "2023-05-01"}


def is_read(field: str, text: str) -> bool:
    """Whether a text is read as a field."""
    return READER.reads(field, text)


@pytest.mark.parametrize(
    "text",
    [
        *("not yet", "Nu", "nu", "rejected", "Refused", "waiting", "to be approved", "Refuzat", "respins", "Neaprobat"),
        *("De aprobat", "în așteptare", "abgelehnt", "noch offen", "refusé", "odmítnuto", "Necunoscut", "De stabilit"),
        *(
            "Comitetul nu a aprobat",
            "Comitetul NU a aprobat",
            "Board (refused)",
            "asked Ion, no answer",
            "Da",
            "x",
            "1",
        ),
        *("Comitet (în așteptare)", "TBD", "pending", "yes", "?", "Ana Pop?", "#N/A", "nobody", "none"),
    ],
)
def test_nobody_has_approved(text: str) -> None:
    """What stands in place of who approved says that nobody has, or not yet: then nothing is approved."""
    assert not is_read("approved_by", text)
    with pytest.raises(TripError, match="approved_by"):
        cxc.check(**TRIP, **APPROVAL, approved_by=text)


@pytest.mark.parametrize(
    "text",
    [
        *("Ana", "Ana Pop", "ana pop", "ANA POP", "A. Pop", "Ion-Radu Ionescu", "Jürgen Müller", "Maria da Silva"),
        *("Nu Nguyen", "Ni Wei", "王伟", "Иван Петров", "O'Neill", "partnership", "the board", "Board of Medvia"),
        *("Comitetul de Avizare", "Cluster manager", "Medvia (Ana)", "Ana Pop, 3 May"),
    ],
)
def test_who_has_approved(text: str) -> None:
    """A person, a board, a role."""
    assert is_read("approved_by", text)
    assert cxc.check(**TRIP, **APPROVAL, approved_by=text).outcome == "eligible"


@pytest.mark.parametrize(
    "text",
    [
        # Capitals alone tell no name from a remark.
        *("NU ARE", "NU SUNT", "NU EXISTA", "NU FACE PARTE", "NU, DIN 2024", "SANS CLUSTER", "NIE MA", "NIE JEST"),
        *("NÃO TEM", "EI OLE", "EI KUULU", "DE STABILIT", "SE VA STABILI", "A SE COMPLETA", "ÎN AȘTEPTARE", "VA URMA"),
        *("TO FOLLOW", "LIPSESTE"),
        # Nor does one capital at the beginning.
        *("Lipsește", "Necompletat", "Neprecizat", "Gol", "Fehlt", "Entfällt", "Később", "In Klärung", "Siehe Anhang"),
        *("Saknas", "Mangler", "Puuttuu", "Ontbreekt", "Neuvedené", "Idem", "Same", "Ditto", "Vacant", "XX", "TBS"),
        *("De stabilit", "Se va preciza", "Va urma", "Vezi anexa", "Por definir", "Do ustalenia", "Bude upřesněno"),
        *("To follow", "Same as above", "În evaluare", "Cerere depusă", "Applied 2023", "Aderă 2024"),
        "Imago-Mol (candidate)",
        # What stands in the column beside it.
        *("RO", "Portugal", "italy", "RO123456", "RO 12345678", "=A1"),
    ],
)
def test_no_name_of_a_cluster(text: str) -> None:
    """Taken as a name, it would make a member of who is none."""
    assert not is_read("host_cluster", text)
    assert not is_read("visitor_cluster", text)


@pytest.mark.parametrize(
    "text",
    [
        *("Medvia", "IMAGO-MOL", "HCP", "SIM", "CLUSTER IT BUSINESS", "SI CLUSTER", "TRANSILVANIA IT CLUSTER"),
        *("CLUSTER MARITIME FRANÇAIS", "PÔLE MER", "Non Ferrous Cluster", "Gol Cluster", "Green Gov", "NEM Cluster"),
        *("Portugal Foods", "EE-ICT", "C2 Cluster 2020"),
    ],
)
def test_names_of_clusters_stay_names(text: str) -> None:
    """Also such as have a word in them that says no, or the name of a country."""
    assert is_read("host_cluster", text)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("visitor_type", "SME"),
        ("host_type", "research-institute"),
        ("activity", "networking"),
        ("activity", "networking; training"),
        ("host_country", "Portugal"),
        ("visitor_country", "PT"),
        ("approved", "CXC703"),
        ("evidence", "boarding-passes"),
    ],
)
def test_a_mark_of_doubt(field: str, text: str) -> None:
    """Words are compared without what stands around them; a mark that says "perhaps" must not go with that."""
    reader = TripReader(load_countries(), today=READER.date_form.read("2023-07-01"))
    assert reader.reads(field, text)
    for doubtful in (
        f"{text}?",
        f"{text} ?",
        f"{text} (?)",
        f"{text}*",
        f"~{text}",
        f"-{text}",
        f"– {text}",
        f"!{text}",
    ):
        with pytest.raises(Unacceptable, match="which may be a doubt"):
            reader.field(field, doubtful)


@pytest.mark.parametrize("text", ["research - institute", "Research Institute", "(SME)", "S.M.E.", " sme "])
def test_what_stands_around_a_word_otherwise_does_not_matter(text: str) -> None:
    assert is_read("visitor_type", text)


@pytest.mark.parametrize(
    ("text", "says"),
    [("WAHR", True), ("FALSCH", False), ("ADEVĂRAT", True), ("FALS", False), ("IGAZ", True), ("ИСТИНА", True)],
)
def test_a_spreadsheet_says_true_and_false_in_its_language(text: str, says: bool) -> None:
    assert READER.field("third_country_national", text) is says


@pytest.mark.parametrize("text", ["Necunoscut", "De stabilit", "Nespecificat", "Onbekend", "Ismeretlen", "Neznámý"])
def test_an_organisation_that_is_not_known(text: str) -> None:
    """Two of them are not one organisation that visits twice."""
    assert not is_read("visitor", text)
    assert not is_read("host", text)
