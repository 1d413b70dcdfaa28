"""The country table and a rulebook as JSON: the shapes of their files, so that what is written can be read again."""

from cxc.rules import RULE_NAMES
from cxc.scheme.countries import Countries, Country, LumpSum
from cxc.scheme.rulebook import LIMITS, NO_LIMIT, Entry, Rulebook
from cxc.trip.as_json import plain


def countries_document(countries: Countries, code: str | None = None) -> dict[str, object]:
    """A country table, or one country of it."""
    chosen = [country for country in countries.by_code.values() if code in (None, country.code)]
    scheme, inferred_from, percent = countries.origin
    found: dict[str, object] = {"scheme": {"name": scheme}, "reduced_to_percent": percent}
    if inferred_from:
        found["inferred_from"] = inferred_from
    return found | {"countries": {country.code: _country(country) for country in chosen}}


def _country(country: Country) -> dict[str, object]:
    found: dict[str, object] = {"name": country.name}
    if country.local_names:
        found["local_names"] = list(country.local_names)
    if country.also:
        found["also"] = list(country.also)
    found["status"] = country.status
    if country.note:
        found["note"] = country.note
    found |= {"sources": list(country.sources), "checked": plain(country.checked)}
    if country.lump_sums:
        found["lump_sums"] = _lump_sums(country.lump_sums)
    return found


def _lump_sums(amounts: tuple[LumpSum, ...]) -> list[dict[str, object]]:
    return [
        {
            "from": plain(amount.valid_from),
            **({"to": plain(amount.valid_to)} if amount.valid_to else {}),
            "full_eur": str(amount.full),
            "full_basis": amount.full_basis,
            "half_basis": amount.half_basis,
            "sources": list(amount.sources),
            "checked": plain(amount.checked),
        }
        for amount in amounts
    ]


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
    found: dict[str, object] = {"rulebook": rulebook.name}
    base = rulebook.base
    if base is not None and (rulebook.taken_over or rulebook.period is None or rulebook.paperwork is None):
        found["extends"] = str(base.path) if base.is_own else base.name
    found["title"] = rulebook.title
    of = rulebook.scheme
    found["scheme"] = {"name": of.name, "programme": of.programme, **({"platform": of.platform} if of.platform else {})}
    if rulebook.period and rulebook.period_entry:
        first, last = rulebook.period
        to = {"to": plain(last)} if last else {}
        found["period"] = {"from": plain(first), **to, **_entry(rulebook.period_entry)}
    found |= _entries(rulebook)
    if rules:
        found["rules"] = rules
    if rulebook.paperwork is not None:
        found["paperwork"] = {"steps": list(rulebook.next_steps), **_entry(rulebook.paperwork)}
    if rulebook.lump_sums:
        found["lump_sums"] = {country: _lump_sums(amounts) for country, amounts in rulebook.lump_sums.items()}
    return found


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
