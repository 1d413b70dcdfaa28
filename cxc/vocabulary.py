"""The scheme's words: types of organisation, activities, outcomes, bases of amounts, statuses of countries.

They are the contract with everybody's files and scripts: a word may be added, none may change its meaning.
"""

from typing import Final, Literal

Outcome = Literal["eligible", "not-eligible", "undecided"]  # of a verdict
RowOutcome = Literal["eligible", "not-eligible", "undecided", "unreadable", "no-trip"]  # of a row of a table
FindingOutcome = Literal["pass", "fail", "unknown", "assumed", "applies", "not-applicable"]  # of a rule
Stage = Literal["proposal", "payment"]  # at which a trip is judged
Basis = Literal["published", "inferred"]  # of an amount
Status = Literal["eu-member", "cosme-associated", "ask", "not-participating", "associated"]  # of a country
EarlierVisits = Literal[  # what visits before a trip tell of its visitor
    "no-history",
    "no-name",
    "no-country",
    "id-not-compared",
    "id-not-compared-no-history",
    "name-not-compared",
    "name-not-compared-no-history",
    "none-found",
    "found",
    "same-name",
    "undecided",
    "order-not-known",
    "same-trip",
    "same-trip-undecided",
]

ORGANISATION_TYPES: Final = (
    "sme",
    "cluster-organisation",
    "business-network",
    "technology-centre",
    "research-institute",
    "innovation-hub",
    "fab-lab",
    "creative-hub",
    "resource-efficiency-provider",
    "incubator",
    "accelerator",
    "technology-park",
    "university",
    "public-authority",
    "large-company",
    "training-provider",
)

ACTIVITIES: Final = (
    "training",
    "capacity-building",
    "knowledge-exchange",
    "project-development",
    "market-research",
    "networking",
    "business-mission",
    "fair",
    "other",
)

# What shows that a visit took place: that somebody travelled, and that somebody was there.
PROOFS_OF_TRAVEL: Final = ("boarding-passes", "tickets", "travel-invoices")
PROOFS_OF_STAY: Final = ("accommodation-invoices", "attendance-list", "host-statement")
PROOFS: Final = (*PROOFS_OF_TRAVEL, *PROOFS_OF_STAY)
