"""Texts that stand where a name should be: placeholders, yes and no in many languages, remarks.

A facilitator writes "to be confirmed" or "nije član" where a cluster should be named. Taken for a name, that would make
a member of somebody who is none, and money would be paid. What is refused wrongly costs one word: yes, or none.

No list of remarks is ever complete. So a text counts as the name of a cluster where it looks like one: a name has a
capital or a digit. What is written as a sentence is, with one capital at its beginning, is refused where a word says no
or not known (`cxc/data/remark_words.csv`, which says how it was made), and is in doubt where none does. However it is
written, a text is refused where a negation begins or ends it, or a part of it that marks divide from the rest.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from functools import cache
from itertools import pairwise
from typing import Final

from cxc.scheme import data_files
from cxc.scheme.countries import DATA
from cxc.text import fold, is_number
from cxc.trip.answers import said

# Words that say "not known" and can hardly be a name; compared folded, so "n/a" is "na". They count as a whole text.
_UNKNOWN: Final = frozenset({
    *("unknown", "notknown", "notyetknown", "notavailable", "tobeconfirmed", "tobedetermined", "tobeannounced"),
    *("unbekannt", "inconnu", "sconosciuto", "desconocido", "desconhecido", "nieznany", "neznamy", "nezname"),
    *("nepoznato", "necunoscut", "necunoscuta", "nespecificat", "neprecizat", "necompletat", "destabilit"),
    *("ismeretlen", "onbekend", "ukendt", "ukjent", "okand", "tuntematon", "teadmata", "nezinams", "nezinoma"),
    *("bilinmiyor", "αγνωστο", "неизвестно", "невідомо"),
})  # fmt: skip
# The same with words that may be names.
PLACEHOLDERS: Final = _UNKNOWN | frozenset({
    *("na", "nan", "nil", "null", "tbc", "tbd", "tba", "tbs"),
    *("unclear", "unsure", "pending", "open", "todo", "xx", "xxx"),
    *("notyet", "notstated", "notapplicable", "dontknow", "idontknow", "notsure", "blank", "empty", "missing"),
    *("offen", "leer", "vide", "vacio", "vuoto", "gol", "nevim", "neviem", "nvt", "nd", "nb", "ka", "so", "nsp", "нд"),
    *("lipseste", "fehlt", "entfallt", "manque", "manca", "falta", "saknas", "mangler", "puuttuu", "ontbreekt"),
    *("neuvedene", "neuvedeno", "kesobb", "hianyzik", "chybi", "chyba", "κενο", "μηδεν", "δυ", "μδ"),
    *("празно", "порожньо", "пусто", "puste", "prazno", "prazdne", "ures"),
    *("idem", "ditto", "same", "sameasabove", "vacant"),
})  # fmt: skip
# Words for member.
_MEMBERS: Final = frozenset({
    *("member", "members", "membru", "membra", "mitglied", "membre", "membro", "miembro", "medlem", "medlemm", "liige"),
    *("jasen", "narys", "biedrs", "clan", "clen", "clenem", "czlonek", "czlonkiem", "μελοσ", "член", "члан", "uye"),
    *("anetar", "soci", "socio", "kide", "tagja"),
})  # fmt: skip
# Words that mean yes, no or a state of affairs: as a whole text, not the name of a cluster.
_NOT_A_NAME: Final = _MEMBERS | frozenset({
    *("ja", "jah", "jo", "po", "oui", "si", "da", "tak", "taip", "ano", "sim", "igen", "kylla", "evet"),
    *("ναι", "да", "так"),
    *("nein", "nei", "nej", "nee", "non", "nu", "ne", "nie", "nao", "nem", "ei", "hayir", "ni", "ej"),
    *("οχι", "не", "ні"),
    *("nincs", "neni", "nera", "nav", "puudub", "nemtag", "nima", "nema", "ingen", "inget", "kein", "keine", "keiner"),
    *("keines", "aucun", "aucune", "nessuno", "nessuna", "niciunul", "niciuna", "ninguno", "ninguna", "nenhum"),
    *("nenhuma", "zaden", "zadny", "brak", "nijedan", "καμια", "κανενα", "няма", "нема", "nonmember"),
    *("yes", "no", "none", "not", "nothing", "notamember", "exmember", "former", "without", "applied", "candidate"),
    *("expired", "cancelled", "cluster", "nope", "on", "applicant", "observer", "joining", "geen", "nezinu"),
    *("fara", "ohne", "absent", "candidat", "kandidat", "lipsa", "aspirant", "later", "soon"),
    *("candidatemember", "futuremember", "clustermember", "clustermanager", "ok", "okay", "refuse", "carecluster"),
})  # fmt: skip
# Words that mark a remark wherever they stand: "Medvia (membership pending)", "maybe", "wird nachgereicht".
_REMARKS: Final = frozenset({
    *("tbc", "tbd", "tba", "pending", "unknown", "unsure", "unclear", "maybe", "perhaps", "probably", "possibly"),
    *("hopefully", "likely", "expired", "cancelled", "terminated", "dont", "nachgereicht", "beantragt", "exmember"),
    *("left", "formerly", "former", "lapsed", "membership", "affiliated", "resigned", "withdrew", "withdrawn"),
    *("nonmember", "until", "was", "ehemals", "ehemaliger", "fost", "fosta", "ancien", "retras", "retrasa"),
    *("suspended", "expelled", "dissolved", "neant"),
})  # fmt: skip
_PHRASES: Final = (
    *("not a member", "not member", "no member", "non member", "not yet", "no longer", "former member", "ex member"),
    *("to be", "in progress", "in process", "en cours", "in corso", "in bearbeitung", "do not know", "not known"),
    *("not registered", "applied for", "applying for", "application", "will join", "will be", "will become"),
    *("see email", "see notes", "see comments", "see attached", "waiting list", "liste dattente", "lista dattesa"),
    *("to join", "to become", "w o", "nu se"),
    *("see mail", "see e mail", "see note", "see comment", "see below", "waiting for", "left in", "to confirm"),
    *("a confirmar", "de confirmat", "da confermare", "a confirmer", "zu klaren", "muss noch", "in curs", "vom vedea"),
    *("fost membru", "fosta membra", "ex membru", "ancien membre", "ehemaliges mitglied", "ex membro", "ex miembro"),
    *("to follow", "will follow", "same as above", "see annex", "de stabilit"),
    *("de completat", "de precizat", "de aprobat", "de semnat", "spre aprobare", "spre completare"),
    *("προσ συμπληρωση", "προσ εγκριση"),
    *("en proceso", "em processo", "en tramite", "em tramitacao", "in behandeling", "in behandlung"),
    *("under behandling", "v procesu", "v procese", "v rizeni", "v konani", "u postupku", "u tijeku", "u procesu"),
    *("v postopku", "in procedura", "in lucru", "υπο εξεταση", "σε εξελιξη", "в процес", "в процеса"),
    *("у процесі", "у поступку"),
    *("do zatwierdzenia", "do uzupelnienia", "na odobrenje", "за одобрение", "за попълване", "на затвердження"),
    *("will approve", "to approve", "will sign", "to sign", "va aproba", "va semna", "va intra"),
    *("se va", "a se completa", "va urma", "vezi anexa", "cerere depusa", "in evaluare", "por definir", "a definir"),
    *("por determinar", "da definire", "da verificare", "do ustalenia"),
    *("bude upresneno", "bude doplnene", "siehe anhang"),
    *("in klarung", "noch offen", "wird noch", "voir annexe", "ver anexo", "vedi allegato", "under review"),
    *("applied to", "not approved", "nu aprobat", "nicht genehmigt"),
    *("nu avem", "nu are", "nu face parte", "nu e", "nu este", "nie jest", "nie dotyczy", "urmeaza sa", "see above"),
)  # fmt: skip
_WHEN_OR_WHERE: Final = frozenset({"in", "to", "at", "by", "for", "last", "la", "din", "pe"})
_IN_A_STATE: Final = frozenset({"in", "en", "em", "a", "de", "w", "na", "u", "v", "under", "σε", "на", "в", "у"})
# Negations and words that say where to look, which begin or end names as well, as they are written there; alone between
# marks such a negation says no all the same.
_NAMES_TOO: Final = frozenset({
    *("Sans", "Non", "Pas", "Sense", "Nor", "Uden", "Gan", "Keen", "Ilma", "Ega", "Mos", "Engin"),
    *("Sin", "Inga", "Niko", "Μη", "Personne", "personne"),
    *("SEE", "CERE"),  # see, and ask in Romanian
    *("NE", "NEM", "NAV", "NI", "EI", "EZ", "SEM", "SEN", "SIN", "GaN"),
})  # fmt: skip
# A question, whose mark is a semicolon in Greek; and no as Romanian joins it to a verb: n-are, n-a aprobat.
_ASKED_OR_DENIED: Final = re.compile(
    r"[?？؟]|[;\u037e]$|(?<![^\W_])n[-‐‑–](?:a|am|au|are|ar|avem|ave[tțţ]i)(?![^\W_])", re.IGNORECASE
)
_MEMBER: Final = (
    *("memb", "miemb", "pertenec", "pertence", "czlonk", "anetar", "medlem", "mitglied", "clan", "clen", "член", "μελ"),
    *("lid", "tag", "jasen", "narys", "biedr", "liig", "uye", "adili", "անդամ"),
)
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_YEAR_WITHIN: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
# A year with a short small word before it, such as in, from or since.
_WHEN: Final = re.compile(r"(?<!\w)[^\W\d_]{1,6} (?:19|20)[0-9]{2}\b")
_CLUSTER: Final = (
    *("clust", "klust", "klas", "klyng", "grozd", "kume", "κλαστερ", "συσταδ", "кластер", "клъстер", "կլաստեր"),
)


def says_nothing(text: str) -> bool:
    """Whether a text stands for "not known" or "no", or is a remark, where a name should be.

    >>> [says_nothing(text) for text in ("n/a", "TBC - asked 3 May", "yes?", "nije član", "nessun cluster")]
    [True, True, True, True, True]
    >>> [says_nothing(text) for text in ("Medvia", "Cluster FOOD+i", "Open Innovation Cluster", "SI Cluster")]
    [False, False, False, False]
    """
    whole, words = fold(text), [fold(word) for word in re.split(r"[\s\-–—/(),;:_]+", text) if fold(word)]
    if (
        not whole
        or _ASKED_OR_DENIED.search(text)
        or whole in PLACEHOLDERS
        or whole in _NOT_A_NAME
        or not _REMARKS.isdisjoint(words)
    ):
        return True
    first, rest = words[0], words[1:]
    if first in ("yes", "no", "ask", "asked", "tbc") or f" {' '.join(words)} ".startswith((" n a ", " don t ")):
        return True
    if first in ("applied", "adera", "aderat") and ({*rest} & _WHEN_OR_WHERE or any(map(str.isdigit, rest))):
        return True
    if rest and (rest[-1] in ("no", "nu", "nein") or (first == "ex" and len(rest) == 1)):
        return True
    if any(f" {phrase} " in f" {' '.join(words)} " for phrase in _PHRASES):
        return True
    return _denies_membership(text)


def _denies_membership(text: str) -> bool:
    """Whether a negation, candidate or a year stands beside a word for member, or no right before one for cluster."""
    words = _words(text)
    if not any(word.startswith((*_MEMBER, *_CLUSTER)) for word in words):
        return False  # as of most; then no table is read
    if any(word.startswith(_MEMBER) for word in words):
        found = {*words, *_pieces(text)}
        if not _of("negation", "standing").isdisjoint(found):
            return True
        if not _MEMBERS.isdisjoint(found) and any(map(_YEAR.fullmatch, found)):
            return True  # it may be a year after the visit: Membru din 2025
    names = set() if _is_shouted(text) else {fold(word) for word in _written_words(text) if not word[1:].islower()}
    return any(
        first in _of("negation", "beside") - names and second.startswith((*_MEMBER, *_CLUSTER))
        for first, second in pairwise(words)
    )


def names_no_cluster(text: str) -> bool:
    """Whether a text is no name of a cluster: it says nothing, is written small, or holds a word of a remark.

    Nor is what begins as a spreadsheet's errors do, such as #VALUE!, in any language.

    >>> [names_no_cluster(text) for text in ("nemembru", "Nu știm", "Weiß nicht", "left Medvia in 2022", "Medvia (no)")]
    [True, True, True, True, True]
    >>> [names_no_cluster(text) for text in ("Medvia", "Silicon Saxony", "i4camp", "Madrid network", "NEM Cluster")]
    [False, False, False, False, False]
    """
    return (
        len(text) > _LONGEST
        or text.startswith("#")
        or says_nothing(text)
        or _is_small(_Letters(text))
        or _holds_a_remark(text)
        or _says_yes_and_more(text)
        or _is_a_dated_remark(text)
        or (_is_shouted(text) and not _open_or_not().isdisjoint(_words(text)))
    )


def _says_yes_and_more(text: str) -> bool:
    """Whether a text begins with a word for yes, in any language, and says more.

    Where no mark stands behind it, a name may begin like that, such as Da Vinci, if a capital follows and no year.
    """
    first, *rest = _written_words(text)
    first = first.removesuffix(".")
    says = said(first) if rest and text.startswith(first) else None
    if says is None:
        return False
    behind = text[len(first) :]
    if re.match(rf"\s*(?:{_MARKS}|\.\s)", behind):
        return True
    return says == "yes" and behind[0] in " _" and (_Letters(rest[0]).begins_small or has_a_year(text))


def _is_a_dated_remark(text: str) -> bool:
    """Whether a text is a remark without the year in it: a year makes no name of what is none."""
    if not has_a_year(text):
        return False
    without_when = _WHEN.sub(lambda found: found[0] if has_a_capital(found[0]) else "", text)
    undated = [_YEAR_WITHIN.sub("", some).strip() for some in (text, without_when)]
    return any(_words(rest) and names_no_cluster(rest) for rest in undated)


def has_a_capital(text: str) -> bool:
    """Whether a text has a capital letter.

    >>> [has_a_capital(text) for text in ("Medvia", "medvia", "42")]
    [True, False, False]
    """
    return _Letters(text).capitals > 0


def is_in_doubt(text: str) -> bool:
    """Whether a text that is taken as the name of a cluster is written as a remark is: words with one capital at most.

    So is one with a year, which may be the year since when, or until when, somebody was a member.

    >>> [is_in_doubt(text) for text in ("Madrid network", "Medvia", "Silicon Saxony", "Medvia 2024")]
    [True, False, False, True]
    """
    return has_a_year(text) or (_Letters(text).like_a_sentence and len(_words(text)) > 1)


def has_a_year(text: str) -> bool:
    """Whether a year stands in a text.

    >>> [has_a_year(text) for text in ("Medvia 2024", "Medvia (05.2024)", "H2020", "Cluster 20245")]
    [True, True, False, False]
    """
    return _YEAR_WITHIN.search(text) is not None


class _Letters:
    """How a text is written. What is a capital is told by Unicode 3.2, which every version of Python has: it knows the
    cases of Latin, Greek, Cyrillic and Armenian; letters without case are neither capital nor small.
    """

    def __init__(self, text: str) -> None:
        text = _UNICODE.normalize("NFKC", text)
        kinds = [kind for kind in map(_UNICODE.category, text) if kind[0] == "L" or kind == "Cn"]
        self.capitals = sum(kind in _CAPITAL for kind in kinds)
        self.small = "Ll" in kinds
        self.has_digit = not _DIGITS.isdisjoint(text)
        self.begins_small = kinds[:1] == ["Ll"]
        self.like_a_sentence = not self.has_digit and self.capitals <= (kinds[:1] in (["Lu"], ["Lt"]))


_UNICODE: Final = unicodedata.ucd_3_2_0
_CAPITAL: Final = ("Lu", "Lt")
_DIGITS: Final = frozenset("0123456789")


def _is_small(letters: _Letters) -> bool:
    return letters.small and not letters.capitals and not letters.has_digit


def _is_shouted(text: str) -> bool:
    """Whether several words are written in capitals alone, which then tell nothing."""
    letters = _Letters(text)
    return letters.capitals > 0 and not letters.small and len(_words(text)) > 1


def _holds_a_remark(text: str) -> bool:
    """Whether a text that has a capital or a digit, or is of a script without case, is a remark for all that."""
    letters, words = _Letters(text), _words(text)
    if _is_a_state(text, but=_NAMES_TOO):
        return True
    if len(words) == 1:
        ordinary = len(words[0]) >= _LONG or letters.like_a_sentence
        return words[0] in _of("negation", "standing") or (ordinary and words[0] in _of("waiting", "unknown"))
    found = {*words, *_pieces(text)} & _of("negation", "pronoun", "yet", "waiting", "unknown")
    if len(found) > 1 or (found and letters.like_a_sentence) or (words[0] in found and letters.begins_small):
        return True
    return any(map(_is_a_no, _parts(text)))


def _is_a_state(text: str, *, but: Container[str] = ()) -> bool:
    """Whether a text says in which state something is, or where to look, `but` for such first words of names: as See
    is before a word for cluster, where it is a lake.
    """
    words = _words(text)
    looks = len(words) > 1 and words[0] in _of("see") and not words[1].startswith(_CLUSTER)
    looks = looks and _written_words(text)[0] not in but
    if looks or not _of("state").isdisjoint(words):
        return True
    return any(first in _IN_A_STATE and second in _of("waiting") for first, second in pairwise(words))


def _is_a_no(part: str) -> bool:
    """Whether a part of a text is a word for no or not known, or begins or ends with a negation."""
    whole, words = fold(part), _written_words(part)
    if whole in _of("negation", "standing") or (len(whole) >= _LONG and whole in _of("waiting", "unknown")):
        return True
    return any(word not in _NAMES_TOO and fold(word) in _of("negation") for word in (words[0], words[-1]))


def _parts(text: str) -> list[str]:
    """What marks divide. Only the first full stop is one, with the words before it: others may shorten a word."""
    return [part for part in (text.partition(". ")[0], *re.split(_MARKS, text)) if _words(part)]


_MARKS: Final = r"[(),;:/\[\]|!=>→…\"„“”«»•·\n—]|\s[-‐‑–]|[-‐‑–]\s"
_LONGEST: Final = 300  # letters of a name; a whole page in a cell is none, and would take long to look through
_LONG: Final = 5  # a shorter word that is written in capitals may be the name of a cluster: an acronym


def _words(text: str) -> list[str]:
    """The words of a text, folded, in which an apostrophe joins: isn't is isnt."""
    return [fold(word) for word in _written_words(text)]


def _written_words(text: str) -> list[str]:
    """The same words as they are written."""
    return [word for word in re.split(_BETWEEN_WORDS, text) if fold(word)]


def _pieces(text: str) -> Iterable[str]:
    """What apostrophes and full stops divide: n'est is n and est."""
    return map(fold, re.split(_WITHIN_WORDS, text))


_BETWEEN_WORDS: Final = r"[\s_\-‐‑–—/(),;:!\[\]|+&\"„“”«»…]+"
_WITHIN_WORDS: Final = r"[\s_\-‐‑–—/(),;:!\[\]|+&\"„“”«»….'’ʼ`´]+"


def spreadsheet_boolean(text: str) -> bool | None:
    """What TRUE or FALSE says, as a spreadsheet of some language writes it; None for any other text.

    >>> [spreadsheet_boolean(text) for text in ("FALSCH", "Vrai", "false.", "Medvia")]
    [False, True, False, None]
    """
    word = _UNICODE.normalize("NFC", text[: _LONGEST + 1]).removesuffix(".")
    if not word.isalpha() or len(text) > _LONGEST:
        return None
    folded = fold(word)
    return True if folded in _of("true") else False if folded in _of("false") or folded == "off" else None


@cache
def _by_kind() -> Mapping[str, frozenset[str]]:
    """The folded words of the table by their kind, of all languages together."""
    found: dict[str, set[str]] = {}
    for _, kind, _, words in data_files.rows(DATA / "remark_words.csv", ";"):
        found.setdefault(kind, set()).update(map(fold, words.split()))
    return {kind: frozenset(words) for kind, words in found.items()}


@cache
def _of(*kinds: str) -> frozenset[str]:
    return frozenset().union(*(_by_kind()[kind] for kind in kinds))


@cache
def _open_or_not() -> frozenset[str]:
    """The words that say no, not yet, waiting or not known."""
    return _of("negation", "yet", "waiting", "unknown")


# What is no name of an organisation: fewer words, since it may be called nearly anything.
NO_ORGANISATION: Final = _UNKNOWN | {"na", "nan", "null", "tbc", "tbd", "tba", "xxx"}
# What a formula leaves in a CSV where it fails: #VALUE!, #NAME?, #N/A and their like in other languages.
_ERROR: Final = r"#(?:\w[\w/]*[!?]|N/A|N/D|NV)"


def names_no_organisation(text: str) -> bool:
    """Whether a text says that a name is not known, or is an error of a spreadsheet.

    >>> [names_no_organisation(text) for text in ("tbc", "#REF!", "#WERT!", "#1 Solutions")]
    [True, True, True, False]
    """
    return fold(text) in NO_ORGANISATION or (
        "#" in text and re.fullmatch(_ERROR, text.strip(), re.IGNORECASE) is not None
    )


_APPROVED: Final = frozenset(
    {"ok", "okay", "aprobat", "approved", "genehmigt", "approuve", "aprobado", "approvato", "seeabove"}
)
_PERSONS: Final = frozenset({"inga", "nada", "niko", "sans"})  # names of persons that say no in some language
_ROLES: Final = frozenset({"clustermanager"})  # who may approve, though it is no name of a cluster
# What has a word in it that says no, and does not.
_NO_REFUSAL: Final = re.compile(
    r"\bno\.? ?[0-9]+|\bno (?:objections?|remarks?|comments?)\b|\bnon[- ]\w+", re.IGNORECASE | re.ASCII
)


def names_nobody(text: str) -> bool:
    """Whether a text does not say who has approved something: it says nothing, or that nobody has, or not yet.

    >>> [names_nobody(text) for text in ("not yet", "Refuzat", "Comitetul nu a aprobat", "Board (refused)", "Da", "1")]
    [True, True, True, True, True, True]
    >>> [names_nobody(text) for text in ("Ana Pop", "the board", "Cluster manager", "Inga Svensson", "Decision No. 12")]
    [False, False, False, False, False]
    """
    text = _NO_REFUSAL.sub("", text)
    whole, words = fold(text), _words(text)
    if len(whole) < 2 or is_number(whole) or whole in _APPROVED or spreadsheet_boolean(text) is not None:
        return True
    if whole in _ROLES:
        return False
    if whole in PLACEHOLDERS or whole in _NOT_A_NAME or not _of("undecided").isdisjoint(words):
        return True
    if (
        _ASKED_OR_DENIED.search(text)
        or _is_a_state(text)
        or (len(words) > 1 and not (_of("negation") - _PERSONS).isdisjoint(map(fold, _parts(text))))
    ):
        return True
    if _is_title(text):  # words that say no are names as well: Inga, Nada, Sans
        return any(f" {phrase} " in f" {' '.join(words)} " for phrase in _PHRASES)
    return (
        says_nothing(text)
        or names_no_organisation(text)
        or _holds_a_remark(text)
        or not _open_or_not().isdisjoint(words if len(words) > 2 else [word for word in words if len(word) > 2])
    )


def _is_title(text: str) -> bool:
    """Whether several words are written with a capital each, and not in capitals alone, as names of persons are."""
    words = [word for word in re.split(r"[\s_\-.]+", text) if word]
    return len(words) > 1 and all(word[0].isupper() for word in words) and any(word[1:].islower() for word in words)
