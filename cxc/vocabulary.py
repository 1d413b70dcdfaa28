"""The scheme's words: types of organisation, and activities.

They are the contract with everybody's files and scripts: a word may be added, none may change its meaning.
"""

from typing import Final

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
