"""pydantic: a model for every row.

Checks the form of every cell, that countries, types and activities are known, that the countries differ, and the
shortest and the longest stay in calendar days. No amount, no working days, no membership by type, no visit held against
another; why a row fails is known, but nothing is written for a row.

python pydantic_rows.py TABLE COUNTRIES.JSON
"""

import csv
import datetime
import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

COUNTRIES = tuple(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["countries"])
TYPES = Literal[
    "sme", "cluster-organisation", "business-network", "technology-centre", "research-institute", "innovation-hub",
    "fab-lab", "creative-hub", "resource-efficiency-provider", "incubator", "accelerator", "technology-park",
    "university", "public-authority", "large-company", "training-provider",
]  # fmt: skip
ACTIVITIES = Literal[
    "training", "capacity-building", "knowledge-exchange", "project-development", "market-research", "networking",
    "fair", "business-mission", "other",
]  # fmt: skip
Blank = BeforeValidator(lambda cell: cell or None)


class Trip(BaseModel):
    """A row; cells are text, and pydantic reads them."""

    reference: str
    visitor: str
    visitor_id: str
    visitor_country: Literal[COUNTRIES]  # known when it runs
    visitor_type: Annotated[TYPES | None, Blank]
    visitor_cluster: Annotated[str | None, Blank]
    host: str
    host_country: Literal[COUNTRIES]
    host_type: Annotated[TYPES | None, Blank]
    host_cluster: Annotated[str | None, Blank]
    arrival: datetime.date
    departure: datetime.date
    distance_km: Annotated[Annotated[float, Field(ge=0, le=20_040)] | None, Blank]
    travellers: Annotated[int, Field(ge=1)]
    activity: ACTIVITIES

    @model_validator(mode="after")
    def stay(self) -> "Trip":
        """Two countries, and a stay of 3 to 31 days between the days of travel."""
        if self.visitor_country == self.host_country:
            raise ValueError("both are the same country")
        if not 3 <= (self.departure - self.arrival).days - 1 <= 31:
            raise ValueError("the stay is too short or too long")
        return self


good = bad = 0
with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    for row in csv.DictReader(stream):
        try:
            Trip.model_validate(row)
            good += 1
        except ValidationError:
            bad += 1
print(good, "pass,", bad, "do not")
