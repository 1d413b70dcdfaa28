"""Which texts name a cluster, and which are remarks; what was taken as a name meets an eye."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from commands import Run
from jsonschema import Draft202012Validator

import cxc
from cxc.ask.questions import QUESTIONS
from cxc.errors import TripError
from cxc.reports import schema
from cxc.reports.formats import FORMATS, report
from cxc.scheme.countries import load_countries
from cxc.tables.batch import Heading, Summary
from cxc.tables.clusters import MOST_LISTED, Taken, TakenAsClusters, taken
from cxc.text import fold
from cxc.trip.reader import Trip, TripReader
from cxc.trip.remarks import is_in_doubt

READER = TripReader(load_countries())
FIELDS = ("host_cluster", "visitor_cluster")
NAMES = Path(__file__).parent / "cases" / "cluster-names.csv"
WORDS = Path(cxc.__file__).parent / "data" / "remark_words.csv"
ANSWERS = WORDS.with_name("yes_no_words.csv")
HEAD = "reference,host_country,host_cluster,visitor_cluster,arrival,departure"


def read(text: str, field: str = "host_cluster") -> str | None:
    """What a text says in a cluster field; None where it is refused."""
    try:
        value: str | None = getattr(READER.read_some({field: text}), field)
    except TripError as refused:
        assert any(said in str(refused) for said in ("is a member of a cluster", "not the name of a cluster"))
        return None
    return value


SMALL = [
    *("nu știm", "nemembru", "je ne sais pas", "weiß nicht", "en attente", "not affiliated", "isn't a member", "nope"),
    *(
        "membership lapsed",
        "left Medvia in 2022",
        "brak danych",
        "keine Angabe",
        "onbekend",
        "medvia",
        "madrid network",
    ),
    *("не знам", "άγνωστο", "հայտնի չէ", "ǆ", "on", "x y z", "ﬀ", "日本 cluster"),
]
ONE_CAPITAL = [
    *("Nu știm", "Nu stim", "Weiß nicht", "Weiss nicht", "En attente", "Je ne sais pas", "Ce n'est pas membre"),
    *("Не знаем", "Още няма отговор", "Ne znamo", "Čekamo potvrdu", "Zatím nevíme", "Ved ikke", "Nog onbekend"),
    *("We do not know", "Still waiting", "Isn’t a member", "Don´t know", "They left", "Ei tea", "Ei tiedossa"),
    *("Noch offen", "Δεν ξέρουμε", "Nem tudjuk", "Níl a fhios", "Non sappiamo", "In attesa", "Nav zināms"),
    *("Dar nežinome", "Għadu mhux magħruf", "Jeszcze nie wiemy", "Não sabemos", "În așteptare", "Zatiaľ nevieme"),
    *(
        "Še ne vemo",
        "No sabemos",
        "A la espera",
        "Vet inte",
        "Nuk e dimë",
        "Դեռ պատասխան չկա",
        "Veit ekki",
        "Не знаеме",
    ),
    *("Не знамо", "Henüz bilinmiyor", "Ще невідомо", "Encara no ho sabem", "Pas connu", "Пока не знаем", "Ez dakigu"),
    *("În curs de aderare", "In curs de aderare", "Va adera în iunie", "De completat", "Beitritt geplant", "W trakcie"),
    *("Adhésion prévue", "Να επιβεβαιωθεί", "Under negotiation", "Ausgetreten"),
    *("Nu, deocamdată", "Medvia (no)", "Medvia: nein", "Medvia - ne", "Weiß-nicht", "Nu/nem"),
]
OTHERWISE = [
    # one word
    *("Nemembru", "Unsicher", "Nope", "Onbekend", "UNBEKANNT", "Nečlan", "Membership", "On"),
    *("Н/Д", "Geen", "Nezinu", "Membru", "Mitglied", "Член", "Μέλος", "Applicant", "Observer", "Joining"),
    # a short one that is no acronym, and what says without or not yet in capitals, too
    *(
        "Fără",
        "Fara",
        "FĂRĂ",
        "Ohne",
        "OHNE",
        "Sans",
        "Bez",
        "Sin",
        "Niet",
        "Ikke",
        "Без",
        "Lipsă",
        "Candidat",
        "Absent",
    ),
    # what somebody will be, or is beside a cluster
    *("Candidate Member", "Future member", "Cluster member", "Cluster Manager", "Aspirant", "Later", "Soon"),
    # not stated, perhaps, to be confirmed, or once a member
    *("Nespecificat", "Nedeterminat", "Poate", "Probabil", "Confirmare", "De verificat", "A se confirma", "In curs"),
    *("Vom vedea", "Va deveni membru", "Fost membru", "Ex-membru", "Vielleicht", "Forse", "Unspecified", "Mogoče"),
    # errors of spreadsheets, which a formula leaves in a CSV
    *("#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#BEZUG!", "#WERT!", "#REF!: Medvia"),
    # more capitals, or a digit: two words of a remark, a negation and a member, or a first word that can be no name
    *("NU ȘTIM", "JE NE SAIS PAS", "Weiß Nicht", "Nu știm, întreabă pe Maria", "Nicht bekannt, wissen wir 2024"),
    *("Isn't A Member", "Medvia is not a Member", "Keine Angabe", "Brak Danych", "nu, întreabă pe Maria", "nu 2024"),
    *(
        "Left Medvia in 2022",
        "Medvia " * 50,
        "M" * 301,
        "Membership of Medvia lapsed",
        "Cluster Medvia (no)",
        "Cluster Medvia - NO",
        "Medvia (NIE)",
    ),
]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", [*SMALL, *ONE_CAPITAL, *OTHERWISE])
def test_a_remark_is_no_name(text: str, field: str) -> None:
    """What is written small, as a sentence that says no or not known, or begins as one, names no cluster."""
    assert read(text, field) is None


# A word for no in every language of the scheme's countries, and some for without.
NO = (
    *(
        "No",
        "None",
        "Not",
        "Never",
        "Nope",
        "Nu",
        "Nici",
        "Niciunul",
        "Nein",
        "Kein",
        "Nicht",
        "Nee",
        "Niet",
        "Geen",
        "Nej",
    ),
    *(
        "Ikke",
        "Inte",
        "Ekki",
        "Ei",
        "Não",
        "Non",
        "Aucun",
        "Pas",
        "Nessuno",
        "Ninguno",
        "Nem",
        "Nincs",
        "Nie",
        "Brak",
        "Ne",
    ),
    *(
        "Není",
        "Nije",
        "Ni",
        "Nē",
        "Nav",
        "Nėra",
        "Jo",
        "Nuk",
        "Hayır",
        "Değil",
        "Yok",
        "Níl",
        "Mhux",
        "Ez",
        "Keen",
        "Nei",
    ),
    *(
        "Όχι",
        "Δεν",
        "Не",
        "Нет",
        "Ні",
        "Нема",
        "Няма",
        "Ոչ",
        "Fără",
        "Ohne",
        "Sans",
        "Sin",
        "Senza",
        "Sem",
        "Bez",
        "Brez",
    ),
    *("Χωρίς", "Без", "Zonder", "Uden", "Utan", "Ilman", "Ilma", "Gan", "Ouni"),
)
BESIDE_A_NAME = (
    *("{}, Medvia", "{}: Medvia", "{}/Medvia", "{} / Medvia", "{} - BioM", "{} – Hellenic BioCluster", "{}- BioM"),
    *("{} (BioM)", "{} [BioM]", "{}; nur Partner", "{}. Medvia", "{}! Medvia", "{}—BioM", "{} -BioM"),
    *("Medvia ({})", "Medvia - {}", "Imago-Mol: {}", "Imago-Mol, {}, 2024"),
)


def words_of(kind: str) -> list[str]:
    """The words of a kind in the table, of all languages."""
    rows = [line.split(";") for line in WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return sorted({word for _, of, _, words in rows if of == kind for word in words.split()})


@pytest.mark.parametrize("form", BESIDE_A_NAME)
def test_no_beside_a_name(form: str) -> None:
    """A word for no that a mark divides from a name says no, in any language, however it is written."""
    answers = [line.split(";") for line in ANSWERS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    words = {*NO, *words_of("negation"), *(word for word, says, _ in answers if says == "no")}
    texts = [form.format(written) for word in words for written in (word, word.capitalize(), word.upper())]
    assert [text for text in texts if read(text) is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        # Without a mark, where the word is at home in no name.
        *(
            "Nein Medvia",
            "Nu Medvia",
            "NU Medvia",
            "Nu e Medvia",
            "Nem Medvia",
            "Ne Medvia",
            "Nav Medvia",
            "Nie Imago-Mol",
        ),
        *("Όχι Medvia", "Ohne Imago-Mol", "Imago-Mol nem", "Imago-Mol NU", "Silicon Saxony Nein", "BioM (nu din 2024)"),
        # Without, before a word for cluster, in whatever language.
        *("Sans Cluster", "Sin Cluster", "Sin Clúster", "Senza Cluster", "Sem Cluster", "Χωρίς Cluster", "Bez Klastru"),
        *(
            "Bez Klastra",
            "Bez Klasteru",
            "Brez Grozda",
            "Ohne Cluster",
            "Fără Cluster",
            "Zonder Cluster",
            "Uden Klynge",
        ),
        *(
            "Utan Kluster",
            "Ilma Klastrita",
            "Ilman Klusteria",
            "Без Клъстер",
            "Без Кластер",
            "Nem Klaszter",
            "W/o Cluster",
        ),
        *(
            "Non Cluster",
            "Χωρίς Κλάστερ",
            "Χωρίς Συστάδα",
            "Kein Cluster",
            "Gan Cluster",
            "Sense Clúster",
            "Առանց Կլաստեր",
        ),
        # Words that say no only beside a word for member or cluster.
        *(
            "Pole liige",
            "Pole Liige",
            "Pole klastris",
            "Pole Klastri Liige",
            "Be klasterio",
            "Be Klasterio",
            "Be narystės",
        ),
        *("Án klasa", "Án Klasa", "Pa klaster", "Pa Klaster", "Hors Cluster", "Außerhalb Cluster", "Izvan Klastera"),
        *("Poza Klastrem", "Mimo Klastr", "Outside Cluster", "POLE LIIGE", "BE KLASTERIO"),
        # No and a member somewhere in it, or a part that says not known.
        *(
            "Firma Berg ist nicht mehr Mitglied",
            "Imago-Mol (unbekannt)",
            "Imago-Mol - Necunoscut",
            "Silicon Saxony: Warteliste",
        ),
        # Who wants to be one.
        *("Wants to join Medvia", "Wishes to join Medvia", "Plans To Join Medvia", "To become member of Medvia"),
    ],
)
def test_no_in_other_words(text: str) -> None:
    """No before or behind a name, without a cluster, outside one, and not yet in one."""
    assert read(text) is None


STATES = (
    *(
        "Neaplicabil",
        "Suspendat",
        "Suspendată",
        "Expirat",
        "Respins",
        "Anulat",
        "Exempt",
        "Scutit",
        "Rejected",
        "Refused",
    ),
    *(
        "Cancelled",
        "Denied",
        "Withdrawn",
        "Inapplicable",
        "Abgelehnt",
        "Abgelaufen",
        "Ausgesetzt",
        "Gekündigt",
        "Entfällt",
    ),
    *("Expiré", "Suspendu", "Annulé", "Rejeté", "Refusé", "Sospeso", "Scaduto", "Annullato", "Respinto", "Suspendido"),
    *("Caducado", "Anulado", "Rechazado", "Expirado", "Suspenso", "Rejeitado", "Zawieszony", "Wygasło", "Odrzucono"),
    *(
        "Pozastaveno",
        "Zrušeno",
        "Zamítnuto",
        "Pozastavené",
        "Zrušené",
        "Zamietnuté",
        "Felfüggesztve",
        "Lejárt",
        "Törölve",
    ),
    *(
        "Elutasítva",
        "Opgeschort",
        "Verlopen",
        "Geannuleerd",
        "Afgewezen",
        "Suspenderet",
        "Udløbet",
        "Afvist",
        "Utgången",
    ),
    *("Avslagen", "Avvisad", "Hylätty", "Vanhentunut", "Peruttu", "Tagasilükatud", "Tühistatud", "Peatatud", "Aegunud"),
    *("Noraidīts", "Apturēts", "Atcelts", "Atmesta", "Sustabdyta", "Atšaukta", "Suspendirano", "Isteklo", "Otkazano"),
    *(
        "Zavrnjeno",
        "Preklicano",
        "Poteklo",
        "Σε αναστολή",
        "Απορρίφθηκε",
        "Ακυρώθηκε",
        "Έληξε",
        "Отхвърлено",
        "Анулирано",
    ),
    *("Спряно", "Отклонено", "Отменено", "Відхилено", "Скасовано", "Призупинено", "Одбијено", "Отказано", "Askıda"),
    *("Reddedildi", "Onaylanmadı", "Refuzuar", "Anuluar", "Hafnað", "Մերժված"),
)


@pytest.mark.parametrize("form", ["{}", "Imago-Mol ({})", "Medvia - {}", "{} / Medvia"])
def test_a_state_of_affairs_is_no_name(form: str) -> None:
    """Refused, cancelled, suspended, expired, not applicable: alone or beside a name, such a word says that there is none."""
    words = {*STATES, *words_of("state")}
    texts = [form.format(written) for word in words for written in (word, word.capitalize(), word.upper())]
    assert [text for text in texts if read(text) is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "OK",
            "Ok",
            "Okay",
            "O.K.",
            "Posibil",
            "POSIBIL",
            "Possible",
            "Möglich",
            "Posible",
            "Possibile",
            "Możliwe",
            "Možné",
        ),
        *(
            "Возможно",
            "Възможно",
            "Можливо",
            "Mogelijk",
            "Möjligt",
            "Muligt",
            "Mahdollisesti",
            "Lehetséges",
            "Võimalik",
        ),
        *("Iespējams", "Galbūt", "Πιθανόν", "Mümkün", "Mundësisht", "Možda"),
        # Where to look, or whom to ask.
        *("Vezi Ana", "Vezi Email", "SEE NOTES", "See Notes", "See Comments", "See Attached", "Siehe Ana", "Vedi Ana"),
        *("Zie Ana", "Lásd Ana", "Katso Ana", "Pozri Ana", "Patrz Ana", "Întreabă Ana", "Виж Ана", "Voir Ana"),
        # In a state, with a capital each.
        *(
            "În Verificare",
            "În Așteptare",
            "In Attesa",
            "En Attente",
            "En Espera",
            "Em Espera",
            "In Afwachting",
            "W Trakcie",
        ),
        *(
            "Under Negotiation",
            "Na Čekanju",
            "Σε Αναμονή",
            "Waiting List",
            "WAITING LIST",
            "Lista de Așteptare",
            "Warteliste",
        ),
        *("Liste d'Attente", "Lista de Espera", "Lista d'Attesa", "Wachtlijst"),
    ],
)
def test_nothing_is_known_yet(text: str) -> None:
    """Perhaps, in a state, or a word that says where to look."""
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        # A word in them means no in some language, without a mark beside it.
        *("Sans Souci Cluster", "Non-Food Cluster", "Non Ferrous Cluster", "Pas-de-Calais Cluster", "Nor-Shipping", "Sense Tech"),
        *("NEM Cluster", "NE Cluster", "NAV Cluster", "Manufacturing NI", "Astrico NE", "GaN Valley", "GaN Cluster", "Uden Tech"),
        *("Pôle Services à la Personne", "Pôle Mer", "Pole Mer", "BE Cluster", "Cluster Be", "Be Digital Cluster", "PA Cluster"),
        *("Pas de Calais Innovation", "Cluster Non-Food", "Cluster Food & Non-Food", "Consorci Ega", "Keen Innovation Cluster"),
        *("Sin Gluten Clúster", "Engin Marine Cluster", "Inga Food", "Cluster Food Sin Gluten"),
        *("Ilma Tech", "Mos Innovation", "Gan Energy", "Niko Group", "Μη Κερδοσκοπική Ένωση", "EI Cluster", "EZ Cluster"),
        *("SEM Cluster", "SEN Cluster", "SIN Cluster", "BIO Sense", "Cluster Personne Tech"),
        # Or not known, see, state, in capitals or within a word.
        *("SEE ICT", "See Cluster Bodensee", "CERE Cluster", "Seeland Cluster", "Mission Possible Partnership", "Bioeconomy - Refuse & Recycling", "Ok-Tech"),
        *("In Vitro Cluster", "Nordic Exempla", "Cluster on Hold-Tech", "Nutech, Iași", "Nemo (Bremen)"),
        *("Nova, Lisboa", "Nederland – Water Alliance", "NoWaste Cluster", "Noria: Water Cluster", "Nio/Neo Cluster"),
    ],
)  # fmt: skip
def test_names_with_such_words_stay_names(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    "text",
    [
        # A question, in Greek, too, where its mark is a semicolon.
        *("Ποιο;", "Medvia;", "Medvia\u037e", "Medvia ;", "Medvia؟", "Medvia？", "Which cluster", "Care cluster"),
        *("Welcher Cluster", "Which Cluster", "Quel cluster", "Melyik klaszter", "Który klaster", "Hangi küme", "Ποιο cluster"),
        # An underscore between words.
        *("NO_CLUSTER", "NOT_MEMBER", "UNKNOWN_CLUSTER", "No_cluster", "Nu_este_membru", "ΔΕΝ_ΕΙΝΑΙ_ΜΕΛΟΣ", "Nu_Medvia"),
        *("N_A", "to_be_confirmed", "SEE_NOTES", "Medvia_(nu)", "_Nu_", "nu_știm"),
        # No, joined to a verb in Romanian.
        *("N-are cluster", "N-au cluster", "N-avem", "N-am aflat", "N-a intrat în Medvia", "N‑ARE CLUSTER", "Medvia n-are"),
        # A state of affairs, or nothing.
        *("Πρώην Medvia", "Πρώην μέλος", "Αποχώρησε", "Διαγράφηκε", "Λείπει", "Κενό", "ΚΕΝΟ", "Ελλιπές", "Exclus", "Inactiv"),
        *("Δ/Υ", "Δ.Υ.", "Ουδέν", "Μηδέν", "ΜΗΔΕΝ", "Μάλλον", "Μ/Δ", "Празно", "Puste", "Липсва", "Nedostaje", "Eksik"),
        *("Бивш член", "Bivši član", "Były członek", "Korábbi tag", "Eski üye", "Колишній член", "Kilépett", "Ayrıldı"),
        *("Напуснал", "Istupio", "Вийшов", "Opuścił klaster"),
        # Who is a candidate or looks on.
        *("Observator", "Membru observator", "Medvia (observator)", "Υποψήφιο μέλος", "Кандидат", "Aday üye"),
        *("Kandydat na członka", "Imago-Mol (kandydat)", "Medvia - Promatrač", "Megfigyelő", "Спостерігач"),
        # Not yet.
        *("Προς συμπλήρωση", "Θα ενταχθεί", "Θα ενταχθεί στο Medvia", "Ще се присъедини към Medvia", "Dołączy do Medvia"),
        *("Spre aprobare", "Katılacak", "Приєднається", "Csatlakozik"),
        # Since a year, which may be later than the visit.
        *("Membru din 2025", "Membră din 2025", "Member since 2025", "Members of Medvia since 2025", "Membru Medvia din 2025", "Imago-Mol, Mitglied seit 2024"),
        *("See Ana", "see Ana", "See_Ana", "Cere Anei"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", FIELDS)
def test_no_in_still_other_words(text: str, field: str) -> None:
    """Questions, underscores, joined negations, and who was a member, wants to be one, or is one from a year on."""
    assert read(text, field) is None


YES = sorted(
    {
        word
        for word, says, _ in (line.split(";") for line in ANSWERS.read_text(encoding="utf-8").splitlines()[5:])
        if says == "yes"
    }
)


@pytest.mark.parametrize("form", ["{} (x)", "{}, din 2024", "{} - Medvia", "{}: Medvia", "{}/Medvia", "{} since May", "{}_din mai", "{}. Din mai", "{} DIN 2024"])  # fmt: skip
def test_yes_and_more(form: str) -> None:
    """In each language what follows a yes may take it back, as it may in English."""
    assert len(YES) > 20
    texts = [form.format(written) for word in YES for written in (word, word.capitalize(), word.upper())]
    assert [text for text in texts if read(text) is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        *("DA (neconfirmat)", "en trámite 2023", "Ieșit 2021", "Austritt 2022", "Candidat 2024", "Aderare în 2024"),
        *("Aderare din 2024", "Medvia (neconfirmat)", "Medvia (nepotvrđeno)", "Imago-Mol (unbestätigt)", "medvia 2024"),
        *("Si (sin confirmar)", "Si, dal 2024", "NE - Cluster", "Le: Medvia", "Kandidaat 2024", "Uscito nel 2023"),
        *("Membru 2024", "Cluster 2024", "Joining in 2026", "Adhésion 2024", "En proceso 2024", "V řízení", "Ehdokas"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", FIELDS)
def test_a_year_makes_no_name(text: str, field: str) -> None:
    """Who will be a member, was one, or may be one; a year beside it is not the digit of a name."""
    assert read(text, field) is None


@pytest.mark.parametrize(
    "text", ["SIM Cluster", "Da Vinci", "JA-Tech", "Daikin Cluster", "Si Tech", "Le Havre Cluster", "DA Cluster"]
)
def test_names_that_begin_as_a_yes_stay_names(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize("text", ["Medvia 2024", "Medvia din 2024", "Imago-Mol (05.2024)", "Lidar Cluster 2030"])
def test_a_name_with_a_year_is_noticed(run: Run, text: str) -> None:
    """It may be the year since when somebody is a member, or until when."""
    assert noticed(run, *STAY, f"--host-cluster={text}") == [
        f"host_cluster: '{text}' is taken as the name of a cluster. But it may be a remark: it has a year in it. If it is a "
        "remark, write none, or leave the field blank."
    ]


def test_a_negation_alone_is_refused_however_it_is_written() -> None:
    """In capitals, too, though some are names in another language; such a cluster's members state yes."""
    texts = [written for word in words_of("negation") for written in (word, word.capitalize(), word.upper())]
    taken_as = {text: READER.field("host_cluster", text) for text in texts if READER.reads("host_cluster", text)}
    assert set(taken_as.values()) == {"none"}


@pytest.mark.parametrize(
    "text",
    [
        *("N-TECH Cluster", "Cluster N-ergie", "Health Care Cluster", "Home Care Network", "C_TECH", "NEM_Cluster"),
        *("Food_Cluster", "Membrane Cluster", "Kandidus Cluster", "Αιγαίο Cluster", "Member Cluster", "C2 Cluster 2020", "Lidar Cluster 2030"),
    ],
)  # fmt: skip
def test_names_that_look_like_these_stay_names(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "No Limits Cluster",
        "Nu Cluster",
        "Medvia;",
        "UNKNOWN_CLUSTER",
        "Membru",
        "Yes!",
        "Yes - Medvia",
        "Membership 2024",
    ],
)
def test_a_text_with_capitals_is_told_what_is_wrong_with_it(run: Run, text: str) -> None:
    """That it lacks capital letters would be no help."""
    result = run("check", "--no-ask", *STAY, "--host-cluster", text)
    assert result.status == 2
    assert (
        f"host_cluster: '{text}' may be a remark, not the name of a cluster; write yes, none, or the name of the cluster "
        "alone; leave the field blank if it is not known" in result.err
    )
    assert "capital letters" not in result.err


@pytest.mark.parametrize("text", ["medvia", "42", "=A1", "RO123456", "M"])
def test_a_text_without_a_word_of_a_remark_is_told_what_to_write(text: str) -> None:
    with pytest.raises(TripError, match="write the cluster's name with its capital letters, or yes, or none; leave"):
        READER.read_some({"host_cluster": text})


@pytest.mark.parametrize("text", ["Nu știm", "je ne sais pas", "Weiß nicht"])
def test_a_remark_pays_nothing(run: Run, text: str) -> None:
    """The command refuses it with status 2, and says what to write."""
    stay = ["--arrival", "2023-05-14", "--departure", "2023-05-20"]
    result = run("check", "--no-ask", "--to", "PT", *stay, "--host-cluster", text)
    assert (result.status, result.out) == (2, "")
    assert f"host_cluster: '{text}' " in result.err
    assert "leave the field blank if it is not known" in result.err


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    ("text", "says"),
    [
        *((text, "none") for text in (
            "FALSCH", "FAUX", "FALSO", "HAMIS", "FAŁSZ", "FALS", "ONWAAR", "FALSK", "EPÄTOSI", "ЛОЖЬ", "YANLIŞ", "VÄÄR",
            "VA\u0308A\u0308R", "falsch", "Falskt", "NEPRAVDA", "ΛΆΘΟΣ", "ԿԵՂԾ", "off", "OFF",
            "false.", "FALSE", "no", "none",
        )),
        *((text, "yes") for text in (
            "WAHR", "VRAI", "VERO", "VERDADERO", "IGAZ", "PRAWDA", "ADEVĂRAT", "WAAR", "SANT", "SAND", "TOSI", "ИСТИНА",
            "DOĞRU", "TÕENE", "true.", "TRUE", "yes",
        )),
    ],
)  # fmt: skip
def test_booleans_of_spreadsheets(text: str, says: str, field: str) -> None:
    """TRUE and FALSE as spreadsheets of other languages write them."""
    assert read(text, field) == says


@pytest.mark.parametrize("text", ["false?", "FALSCH 2", "no.", "true false", "V.R.A.I.", "ON"])
def test_what_only_looks_like_a_boolean(text: str) -> None:
    """A doubt beside it, or more than the word, is not read as one."""
    assert read(text) not in ("yes", "none")


@pytest.mark.parametrize(
    "text",
    [
        *("Medvia", "MEDVIA", "i4camp", "it's OWL", "NEM Cluster", "NE Cluster", "TU Delft Campus", "Wir", "NOI", "Encore"),
        *("iVita", "4rest", "H2", "We Build Denmark", "Clust-ER Health", "Sans Souci", "NAV Cluster", "Ñandú", "დამოკიდებული"),
        *("Łódź ICT", "Øresund Cluster", "İstanbul", "Ǆ", "日本"),
    ],
)  # fmt: skip
def test_what_looks_like_a_name(text: str) -> None:
    """One word with a capital, several with capitals, a digit, or a script without case: taken, and not in doubt."""
    assert read(text) == text
    assert not is_in_doubt(text)


@pytest.mark.parametrize(
    "text", ["Madrid network", "Maritime-cluster", "Клъстер мебели", "ქართული კლასტერი", "Ճարտարագիտական քաղաք"]
)
def test_what_may_be_a_remark(text: str) -> None:
    """Several words with one capital at most, and none that says no: taken, and in doubt."""
    assert read(text) == text
    assert is_in_doubt(text)


REFUSED = {
    *("lifetech.brussels", "ecobuild.brussels", "medvia", "bwcon", "automotive thüringen", "automotive.saarland"),
    *("medways", "it@cork", "secpho"),
}


def names() -> list[Mapping[str, str]]:
    """The names of real clusters."""
    with NAMES.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_names_of_real_clusters() -> None:
    """Of nearly four hundred few are refused: those that write themselves small. For them yes serves."""
    texts = [row["name"] for row in names()]
    assert len(texts) == len(set(texts)) > 350
    assert len({row["country"] for row in names()} & load_countries().by_code.keys()) > 30
    assert {text for text in texts if read(text) != text} == REFUSED
    in_doubt = [text for text in texts if text not in REFUSED and is_in_doubt(text)]
    assert len(in_doubt) == 26
    assert "Hrvatski drvni klaster" in in_doubt


# The official languages of the EU, and of the countries that are associated with COSME.
EU = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl"),
    *("pt", "ro", "sk", "sl", "sv"),
)
ASSOCIATED = ("bs", "hy", "is", "mk", "sq", "sr", "tr", "uk")


def test_table_of_words() -> None:
    """Each language has words of no and of not known, each with its source; none is that of a name."""
    kinds: dict[str, set[str]] = {}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, kind, source, words = line.split(";")
            assert source in ("stopwords-iso", "libreoffice", "own")
            assert words.split()
            assert all(map(fold, words.split()))
            kinds.setdefault(language, set()).add(kind)
    official = {*EU, *ASSOCIATED}
    assert official <= kinds.keys()
    assert all({"negation", "pronoun", "waiting", "unknown"} <= found for found in kinds.values())
    without = {language for language in official if not {"true", "false"} <= kinds[language]}
    assert without == {"sq"}


GOOD = "PT,{},yes,2023-05-14,2023-05-20"


def table(path: Path, *clusters: str) -> Path:
    rows = [f"T{number},{GOOD.format(cluster)}" for number, cluster in enumerate(clusters, 1)]
    path.write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")
    return path


def noticed(run: Run, *arguments: object) -> list[str]:
    """The notices of a verdict as `--format json` has them, without the closing words."""
    found: list[str] = json.loads(run("check", "--no-ask", *arguments, "--format", "json").out)["notices"]
    return found[:-1]


STAY = ("--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20")
NOTICE = (
    "{}: 'Membru din mai' is taken as the name of a cluster. But it may be a remark: it has several words, and at most one "
    "capital letter. If it is a remark, write none, or leave the field blank."
)


def test_notice_of_a_verdict(run: Run) -> None:
    """What may be a remark is named, with its field; a name is not, nor is yes."""
    doubtful = [f"--{field.replace('_', '-')}=Membru din mai" for field in FIELDS]
    assert noticed(run, *STAY, *doubtful) == [NOTICE.format("visitor_cluster"), NOTICE.format("host_cluster")]
    assert noticed(run, *STAY, doubtful[0]) == [NOTICE.format("host_cluster")]
    assert noticed(run, *STAY, doubtful[1], "--host-cluster=yes") == [NOTICE.format("visitor_cluster")]
    assert noticed(run, *STAY, "--host-cluster=Medvia", "--visitor-cluster=yes") == []
    assert NOTICE.format("host_cluster") in run("check", "--no-ask", *STAY, doubtful[0]).out


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_notice_in_every_format_of_tables(run: Run, tmp_path: Path, form: str) -> None:
    """Two rows that differ in the cluster's text alone are told apart, and the eligible one is shown."""
    path = table(tmp_path / "t.csv", "Medvia", "Membru din mai", "Medvia")
    said = run("validate", path, "--format", form).out.replace("\\_", "_").replace("&#x27;", "'")
    assert said.count(NOTICE.format("host_cluster")) == 1
    assert "Membru din mai" not in run("validate", path, "--format", form, "--redact").out
    assert "is taken as the name of a cluster" in run("validate", path, "--format", form, "--redact").out


def test_notice_of_a_trip_file_points_at_its_line(run: Run, tmp_path: Path) -> None:
    """An annotation on a good trip stands where the doubtful text does."""
    path = tmp_path / "trip.yaml"
    path.write_text("host_country: PT\narrival: 2023-05-14\ndeparture: 2023-05-20\nhost_cluster: Membru din mai\n")
    said = run("check", "--no-ask", path, "--format", "github").out
    assert said.startswith(f"::warning file={path},line=4,")
    assert NOTICE.format("host_cluster") in said


def test_rows_are_noticed_as_trips_are(run: Run, tmp_path: Path) -> None:
    """A row read quickly, one read as a trip and a refused one carry the notice of `cxc check`."""
    path = tmp_path / "t.csv"
    head = f"{HEAD},approved,approved_by,approved_on"
    row = f"T1,{GOOD.format('Membru din mai')}"
    rows = (f"{row},,,", f"{row},CXC501,Ana,2023-01-01", f"{row.replace('PT', 'NO')},,,", row)
    path.write_text("\n".join((head, *rows, "")), encoding="utf-8")
    lines = [json.loads(line) for line in run("validate", path, "--format", "jsonl").out.splitlines()]
    assert [NOTICE.format("host_cluster") in line["notices"] for line in lines] == [True, True, True, True]
    assert [line["outcome"] for line in lines] == ["eligible", "eligible", "not-eligible", "eligible"]


def test_the_conversation_says_what_it_took() -> None:
    """What may be a remark is echoed with what to do, a name without."""
    for question in QUESTIONS:
        if question.field in FIELDS:
            assert question.manner.echoed("Medvia", Trip()) == "member of Medvia"
            doubtful = question.manner.echoed("Membru din mai", Trip())
            assert doubtful == "member of Membru din mai; if that is not a name, go back with < and write none"


def summary_of(run: Run, *arguments: object) -> Any:
    document = json.loads(run("validate", *arguments, "--format", "json").out)
    Draft202012Validator(schema.verdicts()).validate(document)
    return document["summary"]


def test_summary_lists_what_was_taken(run: Run, tmp_path: Path) -> None:
    """Each text once, with the number of its rows, the doubtful first; of unreadable rows and of yes and none nothing."""
    path = tmp_path / "t.csv"
    trips = [
        "PT,Silicon Saxony,Silicon Saxony", "PT, Medvia ,Biotecyl", "NO,Medvia,none", "PT,yes,Medvia in the past",
        "PT,weiß nicht,Imago-Mol", "XX,Imago-Mol,yes", "PT,FALSCH,WAHR",
    ]  # fmt: skip
    rows = [f"T{number},{trip},2023-05-14,2023-05-20" for number, trip in enumerate(trips)]
    path.write_text("\n".join((HEAD, *rows, "T9,PT,Medvia", "")), encoding="utf-8")
    listed = [
        {"text": "Medvia in the past", "rows": 1, "in_doubt": True},
        {"text": "Biotecyl", "rows": 1, "in_doubt": False},
        {"text": "Medvia", "rows": 3, "in_doubt": False},
        {"text": "Silicon Saxony", "rows": 1, "in_doubt": False},
    ]
    summary = summary_of(run, path)
    assert (summary["taken_as_clusters"], summary["rows_with_more_clusters"]) == (listed, 0)
    assert summary_of(run, path, "--redact")["taken_as_clusters"] is None

    lines = [
        "? Medvia in the past: 1 row; it may be a remark",
        "Biotecyl: 1 row",
        "Medvia: 3 rows",
        "Silicon Saxony: 1 row",
    ]
    said = {form: run("validate", path, "--format", form).out for form in FORMATS}
    assert "\n  ".join(("Taken as names of clusters", f"?  {lines[0][2:]}", *lines[1:])) in said["text"]
    assert "".join(f"* {line}\n" for line in lines) in said["markdown"]
    assert f'<ul class="plain">{"".join(f"<li>{line}</li>" for line in lines)}</ul>' in said["html"]
    assert f"<system-out>Taken as names of clusters: {'; '.join(lines)}</system-out>\n  </testsuite>" in said["junit"]
    assert f"::notice title=Taken as names of clusters::{'; '.join(lines)}\n" in said["github"]
    for form in ("text", "markdown", "html", "junit", "github"):
        assert "The names are left out. They are in 5 rows." in run("validate", path, "--format", form, "--redact").out
    assert (
        "Taken as names" not in run("validate", table(tmp_path / "yes.csv", "yes"), "--format", "text", "--redact").out
    )


def test_list_is_bounded() -> None:
    """Of many texts as many are kept as fit, the others counted by their rows, and long ones cut."""
    clusters = TakenAsClusters()
    for number in range(3 * MOST_LISTED):
        clusters.add(taken(f"Cluster {number:05}", f"Cluster {number:05} more"))
    clusters.add(taken("Madrid network", "M" * 500))
    clusters.add(taken("Cluster 00000", None))
    assert clusters.rows_left_out == 2 * MOST_LISTED + MOST_LISTED // 2 + 1
    found = clusters.listed()
    assert len(found) == MOST_LISTED + 1
    assert found[0] == (Taken("Madrid network", True), 1)
    assert (Taken("Cluster 00000", False), 2) in found
    assert taken("M" * 500, None) == (Taken(f"{'M' * 120}…", False),)


@pytest.mark.parametrize(
    ("form", "most", "says"),
    [
        ("markdown", 1_000_000, "* 250 more texts; they do not fit here"),
        ("github", 4_200, "; and more"),
        ("junit", 110_000, "; and more"),
        ("text", 10_000_000, "More texts, which do not fit here: 1 row"),
    ],
)
def test_long_lists_fit(form: str, most: int, says: str) -> None:
    """What a reader drops above a size of its own is cut before that, and says so."""
    summary = Summary("ClusterXchange")
    for number in range(MOST_LISTED + 1):
        summary.clusters.add(taken(f"{number:04} {'M' * 200}", None))
    writer = report(form)
    written = writer.begin([Heading("t.csv", [])]) + writer.end(summary)
    assert says in written
    assert len(written.encode()) < most


@pytest.mark.parametrize("text", ["42", "٤٢", "४२", "²³", "〡〢"])
def test_numbers_of_every_script_name_no_cluster(text: str) -> None:
    """A number is no name, in whatever script and under every version of Python, whose own tables differ."""
    assert read(text) is None
