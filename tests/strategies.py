"""Hypothesis strategies: trips as people state them, text by field."""

import datetime
from typing import Any

from hypothesis import strategies as st

from cxc.rules import RULE_NAMES
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES

COUNTRIES = ("PT", "Deutschland", "EL", "ro", "Serbia", "GB", "NO", "US", "UA", "AT", "XK")
# Towns and coordinates of some of these, near each other and far.
PLACES = {"PT": "Porto", "Deutschland": "Passau", "ro": "44.427,26.102", "Serbia": "Niš", "AT": "Wien", "EL": "Athen"}
NAMES = ("Acme", "ACME.", "Bêta GmbH", "Ελλάς ΑΕ", "=cmd()", "<b>&\"'|`", "𝔘nicode")
IDS = ("RO 123", "ro-123", "PIC 999", "X7")

days = st.dates(datetime.date(2019, 12, 1), datetime.date(2036, 12, 31))
lengths = st.one_of(st.integers(0, 8), st.integers(0, 40))


@st.composite
def stays(draw: st.DrawFn) -> dict[str, str]:
    """Travel days, or days on site, or neither."""
    first = draw(days)
    length = datetime.timedelta(days=draw(lengths))
    pair = draw(st.sampled_from([("arrival", "departure"), ("first_day", "last_day"), None]))
    return {} if pair is None else dict(zip(pair, (str(first), str(first + length)), strict=True))


FACTS: dict[str, st.SearchStrategy[str]] = {
    "reference": st.sampled_from(NAMES),
    "visitor": st.sampled_from(NAMES),
    "visitor_id": st.sampled_from(IDS),
    "visitor_country": st.sampled_from(COUNTRIES),
    "visitor_type": st.sampled_from(ORGANISATION_TYPES),
    "visitor_cluster": st.sampled_from(["yes", "none", "Medvia"]),
    "host": st.sampled_from(NAMES),
    "host_country": st.sampled_from(COUNTRIES),
    "host_type": st.sampled_from(ORGANISATION_TYPES),
    "host_cluster": st.sampled_from(["yes", "yes", "none", "Medvia"]),
    "distance_km": st.sampled_from(["0", "0.0000001", "199.999", "200", "200,5", "20040"]),
    "travellers": st.sampled_from(["1", "1", "2"]),
    "activity": st.lists(st.sampled_from(ACTIVITIES), min_size=1, max_size=3).map(";".join),
    "third_country_national": st.sampled_from(["yes", "no"]),
    "residence_days": st.sampled_from(["0", "182", "183", "4000"]),
    "business_there": st.sampled_from(["yes", "no"]),
}
CODES = st.lists(st.sampled_from(list(RULE_NAMES)), min_size=1, max_size=4).map(";".join)


@st.composite
def trips(draw: st.DrawFn) -> dict[str, Any]:
    """A trip that can be read: any of the facts, a stay or none, perhaps an approval."""
    stated: dict[str, Any] = draw(st.fixed_dictionaries({}, optional=FACTS))
    stated |= draw(stays())
    for side in ("visitor", "host"):
        place = PLACES.get(stated.get(f"{side}_country", ""))
        if place and draw(st.booleans()):
            stated[f"{side}_place"] = place
    if draw(st.booleans()):
        stated |= {"approved": draw(CODES), "approved_by": "Ana", "approved_on": "2023-01-09"}
    return stated


STANDARD = {
    "visitor": "Gamma",
    "visitor_id": "RO 777",
    "visitor_country": "RO",
    "visitor_type": "sme",
    "visitor_cluster": "yes",
    "host_country": "PT",
    "host_type": "sme",
    "host_cluster": "yes",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
    "distance_km": "2900",
    "travellers": "1",
    "activity": "networking",
    "third_country_national": "no",
}


@st.composite
def good_trips(draw: st.DrawFn) -> dict[str, Any]:
    """A trip that is eligible with everything stated, but for up to three facts that are changed or taken away."""
    stated = dict(STANDARD)
    for field in draw(st.lists(st.sampled_from(list(FACTS)), max_size=3, unique=True)):
        stated.pop(field, None)
        if draw(st.booleans()):
            stated[field] = draw(FACTS[field])
    arrival = draw(st.dates(datetime.date(2020, 2, 3), datetime.date(2035, 11, 1)))
    departure = arrival + datetime.timedelta(days=draw(st.integers(3, 33)))
    return stated | {"arrival": str(arrival), "departure": str(departure)}


rulebooks = st.sampled_from(["medic-nest", "eccp"])
