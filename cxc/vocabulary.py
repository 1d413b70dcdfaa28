"""The scheme's words: types of organisation, activities, and the codes and names of the rules.

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

RULE_NAMES: Final = {
    "CXC101": "visitor-country",
    "CXC102": "host-country",
    "CXC103": "abroad",
    "CXC201": "shortest-stay",
    "CXC202": "longest-stay",
    "CXC301": "visitor-type",
    "CXC302": "visitor-membership",
    "CXC303": "one-visit",
    "CXC304": "one-person",
    "CXC305": "third-country-national",
    "CXC401": "host-type",
    "CXC402": "host-membership",
    "CXC501": "activity",
    "CXC601": "lump-sum",
    "CXC602": "half-for-short-stay",
    "CXC603": "half-for-near-host",
}
