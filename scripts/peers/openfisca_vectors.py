"""openfisca-core: the scheme as a small tax-benefit system, computed on vectors.

Computes whether a trip is eligible (two participating countries, the host a member, 3 to 31 calendar days) and the
amount (of the host country, halved for a short stay or a near host). Vectors of dates and codes are read from the table
first. No reason why, no organisation types, no working days, no visit held against another; a row with an unknown
country is left out.

python openfisca_vectors.py TABLE COUNTRIES.JSON
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

COUNTRIES = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["countries"]
CODES = {code: place for place, code in enumerate(COUNTRIES)}
TAKES_PART = np.array([country["status"] != "not-participating" for country in COUNTRIES.values()])
SUMS = [(country.get("lump_sums") or [{}])[-1] for country in COUNTRIES.values()]
LUMP = np.array([float(found.get("full_eur", 0)) for found in SUMS])
SINCE = np.array([found.get("from", "9999-01-01") for found in SUMS], dtype="datetime64[D]")
Trip = build_entity(key="trip", plural="trips", label="A trip", is_person=True)
PERIOD = "2024-01"


def variable(name: str, kind: type, formula: object = None) -> type[Variable]:
    """A variable of a trip; with a formula it is computed."""
    parts = {"value_type": kind, "entity": Trip, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (Variable,), parts | ({"formula": formula} if formula else {}))


def days(trip, period):
    """Days between the days of travel."""
    return trip("departure_day", period) - trip("arrival_day", period) - 1


def eligible(trip, period):
    """Whether the rules that are asked here are met."""
    home, host, stay = trip("visitor_place", period), trip("host_place", period), trip("days_on_site", period)
    met = TAKES_PART[home] & TAKES_PART[host] & (home != host)
    return met & trip("host_member", period) & (stay >= 3) & (stay <= 31)


def amount(trip, period):
    """What is payable, in EUR."""
    host = trip("host_place", period)
    known = trip("arrival_day", period) >= SINCE[host].astype(int)
    half = (trip("days_on_site", period) < 5) | (trip("distance", period) < 200)
    return trip("eligible", period) * known * LUMP[host] * np.where(half, 0.5, 1)


system = TaxBenefitSystem([Trip])
for name in ("visitor_place", "host_place", "arrival_day", "departure_day"):
    system.add_variable(variable(name, int))
system.add_variable(variable("host_member", bool))
system.add_variable(variable("distance", float))
for name, kind, formula in (("days_on_site", int, days), ("eligible", bool, eligible), ("amount", float, amount)):
    system.add_variable(variable(name, kind, formula))

with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    rows = [row for row in csv.DictReader(stream) if row["visitor_country"] in CODES and row["host_country"] in CODES]
simulation = SimulationBuilder().build_default_simulation(system, count=len(rows))
for side in ("visitor", "host"):
    simulation.set_input(f"{side}_place", PERIOD, np.array([CODES[row[f"{side}_country"]] for row in rows]))
for name in ("arrival", "departure"):
    dates = np.array([row[name] for row in rows], dtype="datetime64[D]")
    simulation.set_input(f"{name}_day", PERIOD, dates.astype(int))
simulation.set_input("host_member", PERIOD, np.array([row["host_cluster"] not in ("", "none") for row in rows]))
simulation.set_input("distance", PERIOD, np.array([float(row["distance_km"] or 9999) for row in rows]))
good, euros = (simulation.calculate(name, PERIOD).sum() for name in ("eligible", "amount"))
print(good, "eligible, EUR", euros)
