"""What is written in doubt, or says no, is not taken as certain: a trip would be paid on it."""

from pathlib import Path
from typing import Any

import pytest
from commands import Run

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
        *("FALSE", "FALSCH", "FAUX", "TRUE", "Aviz negativ", "avis défavorable", "Anulat", "Revoked 2023", "Отказ"),
        *("Odmowa", "on hold", "amânat", "Wait for Ana", "Ana will decide", "Board to decide", "unsigned", "someone"),
        *("OK", "Aprobat", "see above", "Not Yet", "Nu Aprobat", "not approved"),
        # No before or behind a name, which a mark divides from it.
        *(
            "Nu, Ana",
            "Nu: Ana",
            "Nu - Ana",
            "Nu / Ana",
            "Nu (Ana)",
            "Nu. Ana",
            "NU, Ana Pop",
            "Ana, Nu",
            "Ana: Nu",
            "Ana - Nu",
        ),
        *("Nein, Anna", "Nein: Anna Berg", "Non, Anne", "Nem (Anna)", "Nie, Anna", "Όχι, Άννα", "Не, Анна", "Ne - Ana"),
        *("Hayır, Ayşe", "Nej, Anna", "Ei, Anna", "Não, Ana", "None, Ana", "Jo, Ana", "No, Ana"),
        # What has come of it, or whom to ask, with a capital each.
        *(
            "Respins, Ana",
            "Suspendat",
            "Expirat",
            "Neaplicabil",
            "Exempt",
            "Posibil",
            "Vezi Ana",
            "În Verificare",
            "SEE NOTES",
        ),
        *("În Așteptare", "Waiting List", "Nu Se Aplică", "Nu Este Cazul"),
        # Not yet, or no, in a word beside the name.
        *(
            "Ana n-a aprobat",
            "Ana N-A Aprobat",
            "Ana n-a semnat",
            "See Ana",
            "SEE ANA",
            "Ana refuză",
            "De semnat",
            "see Ana",
            "Cere Anei",
            "Ana Pop respinge",
        ),
        *("Ana va aproba", "Ana Va Aproba", "Ana trebuie să aprobe", "Spre aprobare", "Spre Aprobare", "Προς έγκριση"),
        *(
            "Ana will approve",
            "Ana Will Approve",
            "Ana to approve",
            "Board To Approve",
            "Ana must approve",
            "Ana will sign",
        ),
        *("Θα εγκρίνει η Άννα", "Η Άννα θα εγκρίνει", "Η Άννα πρέπει να εγκρίνει", "Άννα;", "Ana_nu", "NOT_YET"),
        *(
            "Ana muss genehmigen",
            "Anne doit approuver",
            "Ana deve approvare",
            "Anna musi zatwierdzić",
            "Ana treba odobriti",
        ),
        *(
            "Ще одобри Анна",
            "Анна ще одобри",
            "Анна трябва да одобри",
            "Ayşe onaylayacak",
            "Анна затвердить",
            "Ана ће одобрити",
        ),
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
        *(
            "Comitetul de Avizare",
            "Cluster manager",
            "Medvia (Ana)",
            "Ana Pop, 3 May",
            "Vorstand",
            "Consiliul Director",
        ),
        # Words that say no in some language, and are names, or say nothing of the kind.
        *("Inga Svensson", "Nada Petrović", "Nil Yılmaz", "Craig Venter", "Marc Sans", "N. A. Popescu", "Dr. No"),
        *("Decision No. 12", "Board, minutes no. 5", "Board (no objection)", "Ana Popescu, no remarks"),
        *(
            "Inga, Medvia",
            "Nada, Medvia",
            "Petrović, Nada",
            "Hans Muss",
            "Niko, Board",
            "Sánchez, Ana",
            "Ana, Nur",
            "Nicolae, Ana",
            "No. 12, Ana",
        ),
        *("Non-executive director", "Board of Non-Profit Cluster", "A.P.", "ana@example.org"),
        *(
            "Will Smith",
            "Comitetul director",
            "Comitetul de aprobare",
            "Approval committee",
            "Ana_Pop",
            "Nu_Nguyen",
            "Sara Mora",
        ),
        *("Are Nilsen", "N. Are Nilsen", "Approved by Ana Pop", "Επιτροπή έγκρισης"),
    ],
)
def test_who_has_approved(text: str) -> None:
    """A person, a board, a role."""
    assert is_read("approved_by", text)
    assert cxc.check(**TRIP, **APPROVAL, approved_by=text).outcome == "eligible"


def test_a_table_says_on_which_approvals_it_rests(run: Run, tmp_path: Path) -> None:
    """Nobody looks at a row that is eligible. An approval without effect is no ground, nor one of a refused trip."""
    head = "host_country,host_cluster,arrival,departure,visitor_type,visitor_cluster,approved,approved_by,approved_on"
    days = "yes,2023-05-14,2023-05-20"
    rows = [
        *[f"PT,{days},university,yes,CXC301,Ana Pop,2023-05-01"] * 2,
        f"PT,{days},university,yes,CXC301,the board,2023-05-01",
        f"PT,{days},sme,yes,CXC301,Ion,2023-05-01",
        f"NO,{days},university,yes,CXC301,Ion,2023-05-01",
        f"PT,{days},university,yes,,,",
    ]
    (tmp_path / "trips.csv").write_text("\n".join([head, *rows]), encoding="utf-8")

    def said(*more: str) -> str:
        return run("validate", tmp_path / "trips.csv", *more).out

    told = "Rows that are eligible only because they are approved: 3"
    assert f"{told} (CXC301 by Ana Pop, 2 rows; CXC301 by the board, 1 row). Check that this was approved." in said()
    assert f"{told} (CXC301, 3 rows)." in said("--redact")
    assert f"{told} \\(CXC301 by Ana Pop, 2 rows; CXC301 by the board, 1 row\\)." in said("--format", "markdown")


def test_few_of_many_approvals_are_named(run: Run, tmp_path: Path) -> None:
    """Memory does not grow with the table, nor does the summary."""
    head = "host_country,host_cluster,arrival,departure,visitor_type,visitor_cluster,approved,approved_by,approved_on"
    rows = [f"PT,yes,2023-05-14,2023-05-20,university,yes,CXC301,Ana {at:04},2023-05-01" for at in range(1_100)]
    (tmp_path / "trips.csv").write_text("\n".join([head, *rows]), encoding="utf-8")

    shown = run("validate", tmp_path / "trips.csv").out

    assert "approved: 1100 (by others, 100 rows; CXC301 by Ana 0000, 1 row; CXC301 by Ana 0001, 1 row;" in shown
    assert "CXC301 by Ana 0008, 1 row; and 991 more)" in shown


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
        *("Applied May 2023", "APPLIED IN 2023", "Adera din 2024", "Applied in 2022", "Applied to Medvia"),
        "Imago-Mol (candidate)",
        # What stands in the column beside it.
        *("RO", "Portugal", "italy", "RO123456", "RO 12345678", "=A1", "UK", "Deutschland", "Ελλάδα", "Polska"),
        *("ESB12345678", "ATU12345678", "FRXX123456789", "IE1234567T", "NL123456789B01", "BE 0123.456.789"),
        *("CUI 1234567", "NIF 501234567", "PIC 999888777"),
        # Who was a member, or is to be one.
        *("ex-Medvia", "was Medvia", "Former Medvia", "Ehemals Medvia", "Retras din Medvia", "Medvia until 2021"),
        *("Nu Medvia", "Nu e în Medvia", "Nie jest członkiem Medvia", "Não pertence a Medvia", "Medvia NO", "Nu Avem"),
        *("Nuk është anëtar i Medvia", "Nie Dotyczy", "Applied To Medvia", "UNDER REVIEW", "Suspended", "Expelled"),
        *("Medvia*", "~Medvia", "!Medvia", "- Medvia", "Medvia?"),
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
        *("Portugal Foods", "EE-ICT", "C2 Cluster 2020", "Applied Photonics Cluster", "Health~Holland", "it's OWL"),
        *(
            "Nutech Cluster",
            "Nuclear Valley",
            "Ex-Machina Cluster",
            "Cluster Saúde de Galicia",
            "4PL Intermodal Cluster",
        ),
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
