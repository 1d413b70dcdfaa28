"""The words of the page for what the program names in its own way. A field that is not here is called by its name."""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """What the page calls a field, and the sentence that helps to fill it in."""

    label: str
    hint: str = ""


# The parts of the form below its first one. A field of the stage of payment stands in `payment`; any other in the first
# part that its name begins with, or else in `trip`.
GROUPS: Final = {
    "payment": "Papers and payment",
    "visitor": "Visitor",
    "host": "Host",
    "trip": "The visit",
    "approved": "If the partnership has approved an open point",
}

WORDS: Final = {
    "host_country": Words(
        "Country of the host", "Where does the trip go? Write its name, in English or in your own language."
    ),
    "arrival": Words("Day of arrival", "A travel day. It is no day on site."),
    "departure": Words("Day of departure", "A travel day, too. The days between are the days on site."),
    "first_day": Words("First day on site"),
    "last_day": Words("Last day on site"),
    "host_cluster": Words(
        "Is the host a member of a cluster?", "Every host has to be one, or a cluster itself. This is never assumed."
    ),
    "visitor_country": Words("Country of the visitor", "Where the visiting organisation is registered."),
    "visitor_type": Words("Type of the visitor"),
    "visitor_cluster": Words("Is the visitor a member of a cluster?", "Many types of visitor have to be."),
    "host_type": Words("Type of the host"),
    "distance_km": Words(
        "Distance between the two, in km", "A near host halves the sum. The towns of both, below, do as well."
    ),
    "reference": Words("Your own key for this trip"),
    "visitor": Words("Name of the visitor"),
    "visitor_id": Words("Id of the visitor", "Its VAT number, PIC or another id that stays the same."),
    "visitor_place": Words(
        "Town of the visitor", "A town of 5 000 people or more, or latitude,longitude such as 47.16,27.58."
    ),
    "host": Words("Name of the host"),
    "host_place": Words("Town of the host", "With both towns the distance is worked out."),
    "travellers": Words("How many people travel for the visitor?"),
    "activity": Words("What is the visit for?", "One that is on the scheme's list is enough."),
    "third_country_national": Words(
        "Is the traveller a national of a country outside COSME?", "COSME is the EU programme behind the scheme."
    ),
    "residence_days": Words(
        "Days spent in a COSME country with a permit", "Only for a national of a country outside COSME."
    ),
    "business_there": Words(
        "Has the traveller started a business there, or means to?", "Only for a national of a country outside COSME."
    ),
    "approved": Words("Which rules has the partnership approved?", "It lifts an open point, never a rule that fails."),
    "approved_by": Words("Who approved?"),
    "approved_on": Words("When was it approved?"),
    "registered": Words("Are visitor and host registered in the ClusterXchange tool?"),
    "commitment_signed": Words(
        "When was the Commitment to Quality signed?", "By the visitor, the host, and the partnership of each."
    ),
    "agreement_signed": Words(
        "When was the financial agreement signed?", "By the visitor and the partnership of the visitor."
    ),
    "report_validated": Words("When was the closing report validated?", "By the partnership of the visitor."),
    "paid_on": Words("When was the visit paid?", "Leave it blank if it is not paid yet."),
    "evidence": Words("Proofs that the visit took place", "One of the travel and one of the stay are needed."),
    "paid_eur": Words("What was paid, in EUR", "Only for a visit that is paid."),
}

PAIRS_IN_WORDS: Final = {
    "arrival": "the days of arrival and departure",
    "first_day": "the first and the last day on site",
}

LABELS: Final = {
    "sme": "SME (small or medium-sized enterprise)",
    "fair": "Fair or exhibition",
    "training": "Training or learning",
    "knowledge-exchange": "Exchange of knowledge and experience",
    "project-development": "Project development, innovation, R&D",
    "capacity-building": "Capacity building",
    "networking": "Networking, finding partners",
    "other": "Something else",
}

RULEBOOKS: Final = {
    "medic-nest": "Medic Nest: all days on site count",
    "eccp": "ECCP, the whole scheme: only working days count",
}

# Options of the commands that a sentence may name, and that are no field.
OPTIONS: Final = {
    "--stage": "What is asked",
    "--today": "Today",
    "--history": "Earlier visits",
    "--date-format": "Dates are written",
    "--strict": "Assume nothing",
    "--earliest": "First possible day of arrival",
    "--latest": "Last possible day of departure",
    "--days": "Days on site",
}

# What a mark says to those who do not see it.
MARKS: Final = {"✔": "met", "✘": "not met", "?": "open", "≈": "assumed", "→": "what to do", "!": "note"}

# Parts of a verdict that few read, beside those that the program calls later.
FOLDED: Final = ("Sources",)
