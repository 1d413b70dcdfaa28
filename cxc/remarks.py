"""Texts that stand where a name should be: placeholders, yes and no in many languages, remarks.

A facilitator writes "to be confirmed" or "nije član" where a cluster should be named. Taken for a name, that would make
a member of somebody who is none, and money would be paid. What is refused wrongly costs one word: yes, or none.
"""

import re
from typing import Final

from cxc.text import fold

# Words that say "not known"; compared folded, so "n/a" is "na". They count as a whole text.
PLACEHOLDERS: Final = frozenset({
    *("na", "nan", "nil", "null", "tbc", "tbd", "tba", "unknown", "unclear", "unsure", "pending", "open"),
    *("todo", "xxx"),
    *("notknown", "notyet", "notstated", "notapplicable", "tobeconfirmed", "tobedetermined", "tobeannounced"),
    *("dontknow", "idontknow", "notsure", "blank", "empty", "missing", "unbekannt", "offen", "inconnu", "leer", "vide"),
    *("vacio", "vuoto", "sconosciuto", "desconocido", "desconhecido", "nieznany", "neznamy", "nezname", "nepoznato"),
    *("necunoscut", "ismeretlen", "αγνωστο", "неизвестно", "nevim", "neviem", "nvt", "nd", "nb", "ka", "so", "nsp"),
})  # fmt: skip
# Words that mean yes, no or a state of affairs: as a whole text, not the name of a cluster.
_NOT_A_NAME: Final = frozenset({
    *("ja", "jah", "jo", "po", "oui", "si", "da", "tak", "taip", "ano", "sim", "igen", "kylla", "evet"),
    *("ναι", "да", "так"),
    *("nein", "nei", "nej", "nee", "non", "nu", "ne", "nie", "nao", "nem", "ei", "hayir", "ni", "ej"),
    *("οχι", "не", "ні"),
    *("nincs", "neni", "nera", "nav", "puudub", "nemtag", "nima", "nema", "ingen", "inget", "kein", "keine", "keiner"),
    *("keines", "aucun", "aucune", "nessuno", "nessuna", "niciunul", "niciuna", "ninguno", "ninguna", "nenhum"),
    *("nenhuma", "zaden", "zadny", "brak", "nijedan", "καμια", "κανενα", "няма", "нема", "member", "nonmember"),
    *("yes", "no", "none", "not", "nothing", "notamember", "exmember", "former", "without", "applied", "candidate"),
    *("expired", "cancelled", "cluster"),
})  # fmt: skip
# Words that mark a remark wherever they stand: "Medvia (membership pending)", "maybe", "wird nachgereicht".
_REMARKS: Final = frozenset({
    *("tbc", "tbd", "tba", "pending", "unknown", "unsure", "unclear", "maybe", "perhaps", "probably", "possibly"),
    *("hopefully", "likely", "expired", "cancelled", "terminated", "dont", "nachgereicht", "beantragt", "exmember"),
})  # fmt: skip
_PHRASES: Final = (
    *("not a member", "not member", "no member", "non member", "not yet", "no longer", "former member", "ex member"),
    *("to be", "in progress", "in process", "en cours", "in corso", "in bearbeitung", "do not know", "not known"),
    *("not registered", "applied for", "applying for", "application", "will join", "will be", "will become"),
    *("see email",),
    *("see mail", "see e mail", "see note", "see comment", "see below", "waiting for", "left in", "to confirm"),
    *("a confirmar", "de confirmat", "da confermare", "a confirmer", "zu klaren", "muss noch"),
)  # fmt: skip
_NEGATIONS: Final = frozenset({
    *("no", "not", "non", "nu", "ne", "nie", "nem", "ni", "ej", "ei", "pas", "nije", "nicht", "inte", "ikke", "niet"),
    *("δεν", "не", "ні", "δε", "nej", "nincs", "neni", "nera", "nav", "sin", "sans", "senza", "sem", "fara", "bez"),
    *("ohne", "zonder", "without", "utan", "uden", "χωρις", "без", "brak", "nessun", "nessuna", "aucun", "aucune"),
    *("niciun", "nicio", "ningun", "ninguna", "nenhum", "nenhuma", "kein", "keine", "geen", "ingen", "inget"),
    *("zadny", "zadna", "zaden", "zadna", "nijedan", "няма", "нема", "καμια", "κανενα"),
})  # fmt: skip
# Of these some begin names, too ("SI Cluster"): before "cluster" only those that can be nothing but a negation count.
_ONLY_NEGATIONS: Final = _NEGATIONS - {
    "non",
    "nu",
    "ne",
    "ni",
    "ei",
    "nem",
    "sin",
    "sans",
    "bez",
    "nav",
    "nie",
    "ej",
    "pas",
}
_MEMBER: Final = (
    "memb",
    "miemb",
    "medlem",
    "mitglied",
    "clan",
    "clen",
    "член",
    "μελ",
    "lid",
    "tag",
    "jasen",
    "narys",
    "biedr",
)


def says_nothing(text: str) -> bool:
    """Whether a text stands for "not known" or "no", or is a remark, where a name should be.

    >>> [says_nothing(text) for text in ("n/a", "TBC - asked 3 May", "yes?", "nije član", "nessun cluster")]
    [True, True, True, True, True]
    >>> [says_nothing(text) for text in ("Medvia", "Cluster FOOD+i", "Open Innovation Cluster", "SI Cluster")]
    [False, False, False, False]
    """
    whole, words = fold(text), [fold(word) for word in re.split(r"[\s\-–—/(),;:]+", text) if fold(word)]
    if not whole or "?" in text or whole in PLACEHOLDERS or whole in _NOT_A_NAME or not _REMARKS.isdisjoint(words):
        return True
    first, rest = words[0], words[1:]
    if first in ("yes", "no", "ask", "asked", "tbc") or f" {' '.join(words)} ".startswith((" n a ", " don t ")):
        return True
    if any(f" {phrase} " in f" {' '.join(words)} " for phrase in _PHRASES):
        return True
    if first in _NEGATIONS and any(word.startswith(_MEMBER) for word in rest):
        return True
    return first in _ONLY_NEGATIONS and "cluster" in rest


# What is no name of an organisation, and of a person: fewer words, since either may be called nearly anything.
NO_ORGANISATION: Final = frozenset({
    *("na", "nan", "null", "tbc", "tbd", "tba", "unknown", "notknown", "tobeconfirmed", "unbekannt", "inconnu", "xxx"),
})  # fmt: skip
NOBODY: Final = NO_ORGANISATION | {"yes", "no", "none", "nobody", "pending", "open"}
