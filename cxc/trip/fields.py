"""The fields of a trip, each described once.

From this table are made: what reads a text (`cxc.trip.reader`), the options of `cxc check`, the columns of a table and
of its template, the schemas, what `--redact` leaves out, what rules may read, and the conversation. A new field is an
entry here and an attribute of `Trip`; a new kind of value has its reader in `TripReader`, too.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from cxc.rules import RULE_NAMES
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES, PROOFS, Stage

Schema = dict[str, object]

FARTHEST_KM: Final = 20_040  # half the Earth's circumference
LEAST_TRAVELLERS: Final = 1

TEXT_AS_READ: Final[Schema] = {"type": "string", "minLength": 1}
DATE_AS_READ: Final[Schema] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
CODE_AS_READ: Final[Schema] = {"enum": list(RULE_NAMES)}


def or_null(schema: Schema) -> Schema:
    """What a schema allows, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def _listed(item: Schema) -> Schema:
    return or_null({"type": "array", "items": item, "minItems": 1})


# What --redact makes of a value: nothing; a blank; "(withheld)"; of a cluster, whether there is one.
Redaction = Literal["kept", "left out", "withheld", "membership"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind:
    """A kind of value: what fields of this kind have in common.

    `stated` are the JSON types that may state it, and `description` says in a schema what is accepted. `as_read` is the
    schema of what stands in a verdict. `column` is its type in a Table Schema, with `constraints`. `choices` are the
    words of a short list, where there is one; `several` may stand in one field. No rule ever reads what is not
    `read_by_rules`, since it only names somebody or something. `redaction` says what becomes of it under --redact.
    """

    metavar: str = "TEXT"
    stated: tuple[str, ...] = ("string", "null")
    description: str = ""
    as_read: Schema = field(default_factory=lambda: or_null(TEXT_AS_READ))
    column: str = "string"
    constraints: Schema = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    several: bool = False
    read_by_rules: bool = True
    redaction: Redaction = "kept"


_A_NAME: Final = ("string", "number", "null")
_A_NUMBER: Final = ("number", "string", "null")
_YES_OR_NO: Final = ("boolean", "string", "null")

TEXT: Final = Kind(stated=_A_NAME, read_by_rules=False, redaction="left out")
ORGANISATION: Final = Kind(stated=_A_NAME, read_by_rules=False, redaction="left out")
IDENTIFIER: Final = Kind(stated=_A_NAME, read_by_rules=False, redaction="left out")
PERSON: Final = Kind(stated=_A_NAME, redaction="withheld")
COUNTRY: Final = Kind(
    metavar="COUNTRY",
    description="ISO 3166-1 alpha-2 code, EL, UK, or a name",
    as_read=or_null({"type": "string", "pattern": "^[A-Z]{2}$"}),
)
ORGANISATION_TYPE: Final = Kind(
    metavar="TYPE",
    description=f"one of {', '.join(ORGANISATION_TYPES)}",
    as_read=or_null({"enum": list(ORGANISATION_TYPES)}),
    choices=ORGANISATION_TYPES,
    constraints={"enum": list(ORGANISATION_TYPES)},
)
CLUSTER: Final = Kind(
    metavar="CLUSTER",
    stated=_YES_OR_NO,
    description="its name with its capital letters, or yes; none or no; blank: not stated",
    redaction="membership",
)
DATE: Final = Kind(metavar="YYYY-MM-DD", description="YYYY-MM-DD", as_read=or_null(DATE_AS_READ), column="date")
PLACE: Final = Kind(metavar="PLACE", description="a town of the country, or latitude,longitude", redaction="left out")
DISTANCE: Final = Kind(
    metavar="NUMBER",
    stated=_A_NUMBER,
    as_read={"type": ["number", "null"], "minimum": 0, "maximum": FARTHEST_KM},
    column="number",
    constraints={"minimum": 0, "maximum": FARTHEST_KM},
)
TRAVELLERS: Final = Kind(
    metavar="NUMBER",
    stated=_A_NUMBER,
    as_read={"type": ["integer", "null"], "minimum": LEAST_TRAVELLERS},
    column="integer",
    constraints={"minimum": LEAST_TRAVELLERS},
)
DAYS: Final = Kind(
    metavar="NUMBER", stated=_A_NUMBER, as_read={"type": ["integer", "null"], "minimum": 0}, column="integer"
)
ACTIVITY: Final = Kind(
    metavar="ACTIVITY",
    description=f"one or more of {', '.join(ACTIVITIES)}",
    as_read=_listed({"enum": list(ACTIVITIES)}),
    choices=ACTIVITIES,
    several=True,
)
YES_OR_NO: Final = Kind(
    metavar="YES/NO",
    stated=_YES_OR_NO,
    as_read={"type": ["boolean", "null"]},
    choices=("yes", "no"),
    constraints={"enum": ["yes", "no"]},
)
PROOF: Final = Kind(
    metavar="PROOF",
    description=f"one or more of {', '.join(PROOFS)}",
    as_read=_listed({"enum": list(PROOFS)}),
    choices=PROOFS,
    several=True,
)
EUROS: Final = Kind(
    metavar="EUR",
    stated=_A_NUMBER,
    description="an amount in EUR, such as 780 or 780.00",
    as_read=or_null({"type": "string", "pattern": r"^\d+\.\d{2}$"}),
    column="number",
    constraints={"minimum": 0},
)
RULE_CODE: Final = Kind(metavar="CODE", as_read=_listed(CODE_AS_READ), several=True)


# The headings of the options in the help, and their order.
FACTS: Final = "The three facts that every trip needs"
PARTNERS: Final = "Visitor and host"
WHAT_ELSE: Final = "What else counts"
APPROVAL: Final = "Approval by the partnership"
FOR_PAYMENT: Final = "Papers, for payment"
HEADINGS: Final = (FACTS, PARTNERS, WHAT_ELSE, APPROVAL, FOR_PAYMENT)


class FieldQuestion(NamedTuple):
    """The question about a field in the conversation, in its `turn`.

    In the line that helps, {form} and {example} stand for the form of the dates, {near} for the distance in km
    below which a host is near, {reduced} for what then becomes of the sum, and {towns} for what stands
    between two towns.
    """

    turn: int
    words: str
    help: str
    left_open: str = "left open"


class Field(NamedTuple):
    """A field of a trip.

    `meaning` is the sentence of its option, which goes by `alias`, too, and stands in the help under `heading`.
    `description` is the one of the schemas, where its kind has none. A `core` fact is one that no verdict can do
    without; a date that `ends` a pair needs the other, and one pair is enough. A field of the `stage` of payment, such
    as a day of papers, is kept before it, and counts only there. `example` is what the template shows.
    """

    name: str
    kind: Kind
    meaning: str
    alias: str = ""
    heading: str = WHAT_ELSE
    description: str = ""
    core: bool = False
    ends: str = ""
    stage: Stage = "proposal"
    example: str = ""
    question: FieldQuestion | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The options that state it, the shortest last.

        >>> BY_NAME["host_country"].options, BY_NAME["host_type"].options
        (('--host-country', '--to'), ('--host-type',))
        """
        long = f"--{self.name.replace('_', '-')}"
        return (long, self.alias) if self.alias else (long,)

    @property
    def described(self) -> str:
        """What is accepted, as schemas say it."""
        return self.description or self.kind.description


# In the order of the columns, and of the keys of a verdict's trip.
DESCRIPTIONS: Final = (
    Field(
        name="reference",
        kind=TEXT,
        meaning="Your own key for the trip, such as the number of its file.",
        heading=PARTNERS,
        example="EXAMPLE-1",
    ),
    Field(
        name="visitor",
        kind=ORGANISATION,
        meaning="Name of the visiting organisation.",
        heading=PARTNERS,
        example="Acme Diagnostics",
    ),
    Field(
        name="visitor_id",
        kind=IDENTIFIER,
        meaning="VAT number, PIC or another stable id of the visitor.",
        heading=PARTNERS,
        example="RO123456",
    ),
    Field(
        name="visitor_country",
        kind=COUNTRY,
        meaning="Country where the visitor is registered: code or name.",
        heading=PARTNERS,
        alias="--from",
        example="RO",
        question=FieldQuestion(
            turn=6,
            words="Country of the visitor",
            help="Where is the visiting organisation registered? A name or code; Tab completes.",
        ),
    ),
    Field(
        name="visitor_type",
        kind=ORGANISATION_TYPE,
        meaning="Type of the visitor, such as sme or incubator.",
        heading=PARTNERS,
        example="sme",
        question=FieldQuestion(
            turn=7,
            words="Type of the visitor",
            help="What kind of organisation is the visitor? A number of the list or a name.",
        ),
    ),
    Field(
        name="visitor_cluster",
        kind=CLUSTER,
        meaning="Cluster of the visitor: its name with capital letters, or yes, or none.",
        heading=PARTNERS,
        example="Imago-Mol",
        question=FieldQuestion(
            turn=8,
            words="Is the visitor a member of a cluster?",
            help="Many types of visitor have to be one. Write the cluster's name with its capital letters, or yes; or "
            "none.",
        ),
    ),
    Field(
        name="host",
        kind=ORGANISATION,
        meaning="Name of the host organisation.",
        heading=PARTNERS,
        example="Health Cluster Portugal",
    ),
    Field(
        name="host_country",
        kind=COUNTRY,
        meaning="Country of the host, where the trip goes: code or name.",
        heading=FACTS,
        alias="--to",
        core=True,
        example="PT",
        question=FieldQuestion(
            turn=1,
            words="Host country",
            help="Where does the trip go? A name or code, such as Portugal or PT; Tab completes.",
        ),
    ),
    Field(
        name="host_type",
        kind=ORGANISATION_TYPE,
        meaning="Type of the host, such as sme or university.",
        heading=PARTNERS,
        example="cluster-organisation",
        question=FieldQuestion(
            turn=4,
            words="Type of the host",
            help="What kind of organisation is the host? A number of the list or a name.",
        ),
    ),
    Field(
        name="host_cluster",
        kind=CLUSTER,
        meaning="Cluster of the host: its name with capital letters, or yes, or none.",
        heading=FACTS,
        core=True,
        example="yes",
        question=FieldQuestion(
            turn=5,
            words="Is the host a member of a cluster?",
            help="The scheme asks hosts to be members of a cluster, and this is never assumed. Write the cluster's "
            "name with its capital letters, or yes; or none.",
        ),
    ),
    Field(
        name="arrival",
        kind=DATE,
        meaning="Day of arrival (a travel day).",
        heading=FACTS,
        core=True,
        example="2023-05-14",
        question=FieldQuestion(
            turn=2,
            words="Day of arrival",
            help="The two travel days do not count as days on site. Write {form}, such as {example}.",
        ),
    ),
    Field(
        name="departure",
        kind=DATE,
        meaning="Day of departure (a travel day).",
        heading=FACTS,
        core=True,
        ends="arrival",
        example="2023-05-20",
        question=FieldQuestion(
            turn=3,
            words="Day of departure",
            help="The days between arrival and departure are the days on site. Write {form}.",
            left_open="left open, and so is the arrival: both are needed",
        ),
    ),
    Field(
        name="first_day",
        kind=DATE,
        meaning="First day on site, instead of the day of arrival.",
        heading=FACTS,
        core=True,
    ),
    Field(
        name="last_day",
        kind=DATE,
        meaning="Last day on site, instead of the day of departure.",
        heading=FACTS,
        core=True,
        ends="first_day",
    ),
    Field(
        name="visitor_place",
        kind=PLACE,
        meaning="Town of the visitor, or latitude,longitude. With --host-place it gives the distance.",
        heading=PARTNERS,
    ),
    Field(name="host_place", kind=PLACE, meaning="Town of the host, or latitude,longitude.", heading=PARTNERS),
    Field(
        name="distance_km",
        kind=DISTANCE,
        meaning="Distance between visitor and host in km, instead of the two places.",
        heading=PARTNERS,
        description=f"km between the two organisations, 0 to {FARTHEST_KM}",
        question=FieldQuestion(
            turn=9,
            words="Distance between visitor and host, in km",
            help="Below {near} km the sum is {reduced}. A number, such as 850; or the towns of visitor and host, such "
            "as Iași{towns} Lisboa.",
        ),
    ),
    Field(
        name="travellers",
        kind=TRAVELLERS,
        meaning="Number of people who travel for the visitor.",
        description="people travelling for the visitor, 1 or more",
        example="1",
    ),
    Field(
        name="activity",
        kind=ACTIVITY,
        meaning="An activity of the visit, such as networking. It can be given several times.",
        example="networking",
    ),
    Field(
        name="third_country_national",
        kind=YES_OR_NO,
        meaning="The traveller is a national of a country that takes no part.",
        example="no",
    ),
    Field(
        name="residence_days",
        kind=DAYS,
        meaning="Days spent in a country that takes part, with a permit.",
        description="days spent in a country that takes part, with a permit",
    ),
    Field(
        name="business_there",
        kind=YES_OR_NO,
        meaning="The traveller has started a business there, or intends to start one.",
    ),
    Field(
        name="approved",
        kind=RULE_CODE,
        meaning="Code of a rule that the partnership has approved. It can be given several times.",
        heading=APPROVAL,
        description="codes of rules that the partnership has approved",
    ),
    Field(name="approved_by", kind=PERSON, meaning="Who approved it. Needed with --approved.", heading=APPROVAL),
    Field(name="approved_on", kind=DATE, meaning="Day of the approval. Needed with --approved.", heading=APPROVAL),
    Field(
        name="registered",
        kind=YES_OR_NO,
        meaning="Whether visitor and host are registered in the CXC tool.",
        heading=FOR_PAYMENT,
        stage="payment",
        example="yes",
    ),
    Field(
        name="commitment_signed",
        kind=DATE,
        meaning="Day on which the Commitment to Quality was signed.",
        heading=FOR_PAYMENT,
        stage="payment",
        example="2023-04-20",
    ),
    Field(
        name="agreement_signed",
        kind=DATE,
        meaning="Day on which the financial agreement was signed.",
        heading=FOR_PAYMENT,
        stage="payment",
        example="2023-04-24",
    ),
    Field(
        name="report_validated",
        kind=DATE,
        meaning="Day on which the visitor's partnership validated the closing report.",
        heading=FOR_PAYMENT,
        stage="payment",
        example="2023-06-12",
    ),
    Field(
        name="paid_on",
        kind=DATE,
        meaning="Day on which the visit was paid. Leave it out as long as it is not paid.",
        heading=FOR_PAYMENT,
        stage="payment",
    ),
    Field(
        name="evidence",
        kind=PROOF,
        meaning="A proof that the visit took place, such as tickets. It can be given several times.",
        heading=FOR_PAYMENT,
        stage="payment",
        example="boarding-passes;accommodation-invoices",
    ),
    Field(
        name="paid_eur",
        kind=EUROS,
        meaning="Amount that was paid, in EUR. Only together with --paid-on.",
        heading=FOR_PAYMENT,
        stage="payment",
    ),
)

BY_NAME: Final = {described.name: described for described in DESCRIPTIONS}
FIELDS: Final = tuple(BY_NAME)
IN_HELP: Final = tuple(
    sorted(DESCRIPTIONS, key=lambda described: HEADINGS.index(described.heading))
)  # the order of the options
NAMES: Final = frozenset({described.name for described in DESCRIPTIONS if not described.kind.read_by_rules})
# The dates: two that belong together, first and last.
PAIRS: Final = tuple((described.ends, described.name) for described in DESCRIPTIONS if described.ends)
PAIRED: Final = tuple(name for pair in PAIRS for name in pair)
PAPERS: Final = tuple(described.name for described in DESCRIPTIONS if described.stage == "payment")
CORE: Final = tuple(described.name for described in DESCRIPTIONS if described.core)


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """The names of the fields of some kinds.

    >>> of_kind(COUNTRY)
    ('visitor_country', 'host_country')
    """
    return tuple(described.name for described in DESCRIPTIONS if described.kind in kinds)
