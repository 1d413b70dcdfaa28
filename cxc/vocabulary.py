"""The scheme's words: types of organisation, activities, outcomes, bases of amounts, statuses of countries.

They are the contract with everybody's files and scripts: a word may be added, none may change its meaning.
"""

from typing import Final, Literal

Outcome = Literal["eligible", "not-eligible", "undecided"]  # of a verdict
RowOutcome = Literal["eligible", "not-eligible", "undecided", "unreadable", "no-trip"]  # of a row of a table
FindingOutcome = Literal["pass", "fail", "unknown", "assumed", "applies", "not-applicable"]  # of a rule
Basis = Literal["published", "inferred"]  # of an amount
Status = Literal["eu-member", "cosme-associated", "ask", "not-participating"]  # of a country

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
