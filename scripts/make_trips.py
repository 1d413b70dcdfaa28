"""Write a table of made-up trips, the same at every call: python scripts/make_trips.py ROWS [few].

Three years of arrivals, stays of 1 to 12 days, every country of the scheme, one organisation in ten seen before, one
row in a hundred that cannot be read: every rule is asked, and few rows are like another. With `few`, as in a season of
one partnership: three hosts' countries, forty days, distances left blank, so that most trips are like another.
"""

import csv
import datetime
import random
import sys

from cxc.scheme.countries import load_countries
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES

COLUMNS = [
    "reference",
    "visitor",
    "visitor_id",
    "visitor_country",
    "visitor_type",
    "visitor_cluster",
    "host",
    "host_country",
    "host_type",
    "host_cluster",
    "arrival",
    "departure",
    "distance_km",
    "travellers",
    "activity",
]


def main(rows: int, few: bool = False) -> None:
    """Write the heading and so many rows."""
    chance = random.Random(rows)  # the same table at every call
    countries = [country.code for country in load_countries().by_code.values() if country.status != "not-participating"]
    arrivals, distances = 3 * 365, 4
    if few:
        countries, arrivals, distances = ["PT", "ES", "RO"], 40, 0
    first = datetime.date(2022, 1, 1)
    days = [first + datetime.timedelta(days=day) for day in range(arrivals + 20)]
    texts = [str(day) for day in days]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    pick, below = chance.choice, chance.randrange
    for row in range(rows):
        who = below(row) if row and below(10) == 0 else row
        arrival = below(arrivals)
        writer.writerow(
            (
                f"T{row}",
                f"Organisation {who}",
                f"RO{who:08}",
                pick(countries),
                pick(ORGANISATION_TYPES) if below(2) else "sme",
                pick(("yes", "Medvia", "Imago-Mol", "none", "")),
                f"Host {below(5000)}",
                "Atlantis" if below(100) == 0 else pick(countries),
                pick(ORGANISATION_TYPES) if below(2) else "",
                pick(("yes", "yes", "Biotecyl", "none")),
                texts[arrival],
                texts[arrival + 2 + below(12)],
                str(below(3000)) if distances and below(distances) == 0 else "",
                "2" if below(50) == 0 else "1",
                pick(ACTIVITIES),
            )
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:] == ["few"])
