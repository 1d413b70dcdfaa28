"""Clusters that are not on the partnership's list, but written like one that is: it may be a slip."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final
from weakref import WeakKeyDictionary

from cxc.facts import Approval
from cxc.resolver import NOTHING_READ, ListedRows
from cxc.rules import Answer
from cxc.text import RememberedSearches, listed, nearest
from cxc.verdict import Verdict, Verdicts, settled

# By the code of a rule that asks about a cluster: the field that names it.
_NAMED_IN: Final = {"CXC302": "visitor_cluster", "CXC402": "host_cluster"}


def slips(verdict: Verdict) -> Mapping[str, str]:
    """What may have been meant by clusters that are not on the list, in a sentence each, by the code of the rule."""
    rows, place = verdict.listed
    return slips_in(verdict.verdicts, rows).get(place, {})


def slips_in(verdicts: Verdicts, rows: ListedRows) -> Mapping[int, Mapping[str, str]]:
    """The same of rows, by place. Of rows that are judged together it is looked for so many names alone."""
    found = _SLIPS.get(rows)
    if found is None:
        by_place: dict[int, dict[str, str]] = {}
        for place, code, sentence in _slips(verdicts, rows):
            by_place.setdefault(place, {})[code] = sentence
        found = _SLIPS[rows] = by_place
    return found


# Every report asks the same of the same rows.
_SLIPS: Final[WeakKeyDictionary[ListedRows, Mapping[int, Mapping[str, str]]]] = WeakKeyDictionary()


def _slips(verdicts: Verdicts, rows: ListedRows) -> Iterator[tuple[int, str, str]]:
    clusters = verdicts.scheme.rulebook.clusters
    if verdicts.nameless or not clusters:  # a name that is withheld is not told by one that is like it
        return
    names = {name: one.name for one in clusters for name in (one.name, *one.aliases)}
    searches = RememberedSearches[tuple[str, ...]]()
    outcomes, approvals = rows.values("outcome"), rows.values("approval")
    for code, field in _NAMED_IN.items():
        stated, answers = rows.values(field), rows.values(code)
        for place, known in enumerate(rows.values(f"{field}_known")):
            if known is not False or outcomes[place] is NOTHING_READ:
                continue
            name, answer, lifted = stated[place], answers[place], approvals[place]
            assert isinstance(name, str)  # which is not on the list
            assert isinstance(answer, Answer)
            if not settled(code, answer, lifted if isinstance(lifted, Approval) else None).ask:
                continue
            close = searches.near(name, partial(_close, name, names))
            if close:
                yield place, code, f"Did you mean {listed(close)}? If so, correct {field}."


def _close(text: str, clusters: Mapping[str, str]) -> tuple[str, ...]:
    """The names that a text may be a slip of, each cluster under one; by its names, the cluster.

    >>> names = {"Imago-Mol Cluster": "Imago-Mol", "Imago-Mol": "Imago-Mol"}
    >>> _close("Imagomol Clsuter", names), _close("Agro Cluster", names)
    (('Imago-Mol Cluster',), ())
    """
    best = dict[str, str]()
    for name in nearest(text, clusters, alike=_A_SLIP):
        best.setdefault(clusters[name], name)
    return tuple(best.values())


# Names of clusters share words, such as `Cluster`: two that share these alone are two clusters.
_A_SLIP: Final = 0.8


def or_else(slip: str, remedy: str) -> str:
    """What to do where it was a slip, and where it was none.

    >>> or_else("Did you mean Medvia?", "Ask the partnership.")
    'Did you mean Medvia? If not, ask the partnership.'
    """
    return f"{slip} If not, {remedy[0].lower()}{remedy[1:]}"
