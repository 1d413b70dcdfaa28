"""The country table and a rulebook as JSON: the shapes of their files, so that what is written can be read again."""

from cxc.reports.values import plain
from cxc.rules import RULE_NAMES
from cxc.scheme.countries import Countries, Country, LumpSum
from cxc.scheme.rulebook import LIMITS, NO_LIMIT, Entry, Rulebook


def countries_document(countries: Countries, code: str | None = None) -> dict[str, object]:
    """A country table, or one country of it."""
    chosen = [country for country in countries.by_code.values() if code in (None, country.code)]
    return {"countries": {country.code: _country(country) for country in chosen}}


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
    """A rulebook with everything that it took over; or, with a code, that rule alone."""
    rules = {
        rule: {"name": RULE_NAMES[rule], "says": text.says, "why": text.why, **_sourced(text.sources, text.checked)}
        for rule, text in rulebook.rules.items()
        if code in (None, rule)
    }
    if code is not None:
        return {"rulebook": rulebook.name, "rules": rules}
    first, last = rulebook.period
    entries = rulebook.entries
    found: dict[str, object] = {
        "rulebook": rulebook.name,
        "title": rulebook.title,
        "period": {"from": plain(first), **({"to": plain(last)} if last else {}), **_entry(rulebook.period_entry)},
        "limits": {name: {"value": _limit(entries[name].value), **_entry(entries[name])} for name in LIMITS},
        "may_visit": {"types": entries["may_visit"].value, **_entry(entries["may_visit"])},
        "may_host": {"types": entries["may_host"].value, **_entry(entries["may_host"])},
        "activities": {"listed": plain(entries["activities_listed"].value), **_entry(entries["activities_listed"])},
        "rules": rules,
        "paperwork": {"steps": list(rulebook.next_steps), **_entry(rulebook.paperwork)},
    }
    if rulebook.lump_sums:
        found["lump_sums"] = {country: _lump_sums(amounts) for country, amounts in rulebook.lump_sums.items()}
    return found


def _limit(value: object) -> object:
    return NO_LIMIT if value is None else plain(value)


def _entry(entry: Entry) -> dict[str, object]:
    basis = {} if entry.basis is None else {"basis": entry.basis}
    return basis | _sourced(entry.sources, entry.checked)


def _sourced(sources: tuple[str, ...], checked: object) -> dict[str, object]:
    return {"sources": list(sources), "checked": plain(checked)}
