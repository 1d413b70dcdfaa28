"""The country table and a rulebook as JSON: the shapes of their files, so that what is written can be read again."""

import datetime

from cxc.rules import RULE_NAMES
from cxc.scheme.countries import Countries, Country, LumpSum
from cxc.scheme.rulebook import LIMITS, NO_LIMIT, Entry, Rulebook
from cxc.trip.as_json import plain


def countries_document(countries: Countries, code: str | None = None) -> dict[str, object]:
    """A country table, or one country of it."""
    chosen = [country for country in countries.by_code.values() if code in (None, country.code)]
    scheme, inferred_from, percent = countries.origin
    return _without_blanks(
        scheme={"name": scheme},
        reduced_to_percent=percent,
        inferred_from=inferred_from,
        countries={country.code: _country(country) for country in chosen},
    )


def _without_blanks(**values: object) -> dict[str, object]:
    """What is stated: who leaves a key out says the same as who leaves it blank."""
    return {name: value for name, value in values.items() if value}


def _country(country: Country) -> dict[str, object]:
    return _without_blanks(
        name=country.name,
        local_names=list(country.local_names),
        also=list(country.also),
        status=country.status,
        note=country.note,
        **_sourced(country.sources, country.checked),
        lump_sums=_lump_sums(country.lump_sums),
    )


def _lump_sums(amounts: tuple[LumpSum, ...]) -> list[dict[str, object]]:
    return [
        _days(amount.valid_from, amount.valid_to)
        | {"full_eur": str(amount.full), "full_basis": amount.full_basis, "half_basis": amount.half_basis}
        | _sourced(amount.sources, amount.checked)
        for amount in amounts
    ]


def _days(first: datetime.date, last: datetime.date | None) -> dict[str, object]:
    return {"from": plain(first)} | ({"to": plain(last)} if last else {})


def rulebook_document(rulebook: Rulebook, code: str | None = None) -> dict[str, object]:
    """A rulebook with everything that it took over; or, with a code, that rule alone.

    What comes from a rulebook of another scheme stays there: the document extends it.
    """
    rules = {
        rule: {"name": RULE_NAMES[rule], "says": text.says, "why": text.why, **_sourced(text.sources, text.checked)}
        for rule, text in rulebook.rules.items()
        if code in (None, rule) and not text.taken_over
    }
    if code is not None:
        return {"rulebook": rulebook.name, "rules": rules}
    base, of, period, paperwork = rulebook.base, rulebook.scheme, rulebook.period_entry, rulebook.paperwork
    if not rulebook.taken_over and period and paperwork:
        base = None  # all that the document needs stands in it
    return _without_blanks(
        rulebook=rulebook.name,
        extends=base and (str(base.path) if base.is_own else base.name),
        title=rulebook.title,
        scheme=_without_blanks(name=of.name, programme=of.programme, platform=of.platform),
        period=_days(*rulebook.period) | _entry(period) if rulebook.period and period else None,
        **_entries(rulebook),
        rules=rules,
        paperwork={"steps": list(rulebook.next_steps), **_entry(paperwork)} if paperwork else None,
        lump_sums={country: _lump_sums(amounts) for country, amounts in rulebook.lump_sums.items()},
    )


def _entries(rulebook: Rulebook) -> dict[str, object]:
    """The limits and lists of a rulebook that do not come from one of another scheme."""
    own = {name: entry for name, entry in rulebook.entries.items() if not entry.taken_over}
    limits = {
        name: {"value": _limit(own[name].value), **_entry(own[name])}
        for name in LIMITS
        if name in own and own[name].sources
    }
    found: dict[str, object] = {"limits": limits} if limits else {}
    for key in ("may_visit", "may_host"):
        if key in own:
            found[key] = {"types": own[key].value, **_entry(own[key])}
    if activities := own.get("activities_listed"):
        found["activities"] = {"listed": plain(activities.value), **_entry(activities)}
    if "clusters" in own:
        listed = [{"name": one.name, "aliases": list(one.aliases)} for one in rulebook.clusters]
        found["clusters"] = {"listed": listed, **_entry(own["clusters"])}
    return found


def _limit(value: object) -> object:
    return NO_LIMIT if value is None else plain(value)


def _entry(entry: Entry) -> dict[str, object]:
    basis = {} if entry.basis is None else {"basis": entry.basis}
    return basis | _sourced(entry.sources, entry.checked)


def _sourced(sources: tuple[str, ...], checked: object) -> dict[str, object]:
    return {"sources": list(sources), "checked": plain(checked)}
