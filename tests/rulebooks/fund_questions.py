"""The law cases that ask about money: who pays how much, what may be paid, whether it suffices."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from rulebooks.policy import funds
from rulebooks.policy.lookups import name_of
from rulebooks.vocabulary.model import Fund, Rulebook, fen
from rulebooks.vocabulary.refusals import Refusal
from tests.rulebooks.answers import Answer, code, entry, facts_of, money, said


def terms_of(rulebook: Rulebook, fund: Fund) -> dict[str, str]:
    """The labels a fund gives its own terms."""
    items = (*fund.excludes, *fund.pays_only, *fund.pays_not, *fund.requires)
    return {item.term: item.label or name_of(rulebook, item.term) for item in items}


def asked_about_money(rulebook: Rulebook, on: date, given: Mapping[str, Any]) -> Answer:
    fund = entry(rulebook.funds, given["fund"])
    name = next((name for name in FUND_FORMS if name in given), "award")
    year = given.get("year", on.year)
    facts = {"year": year, **facts_of(rulebook, given.get("facts", {}))}
    return FUND_FORMS[name](rulebook, fund, given, facts)


def _pays(
    rulebook: Rulebook, fund: Fund, given: Mapping[str, Any], facts: Mapping[str, Any]
) -> Answer:
    term = code(rulebook, given["pays"], terms_of(rulebook, fund))
    return said(funds.payable(rulebook, fund, term, fen(given["amount"])))


def _amount(
    rulebook: Rulebook, fund: Fund, given: Mapping[str, Any], facts: Mapping[str, Any]
) -> Answer:
    found = funds.split(rulebook, fund, fen(given["amount"]), facts)
    if isinstance(found, Refusal):
        return said(found)
    shares = {"payer": found.payer, "rest": found.rest, "city": found.payer, "town": found.rest}
    return Answer({"held": True, **shares})


def _counts(
    rulebook: Rulebook, fund: Fund, given: Mapping[str, Any], facts: Mapping[str, Any]
) -> Answer:
    assert fund.award is not None
    fact = next(iter(fund.award.by))
    counts = {
        facts_of(rulebook, {fact: key})[fact]: value for key, value in given["counts"].items()
    }
    found = funds.awards_total(rulebook, fund, {str(key): count for key, count in counts.items()})
    return said(found) if isinstance(found, Refusal) else Answer({"held": True, "total": found})


def _matching(
    rulebook: Rulebook, fund: Fund, given: Mapping[str, Any], facts: Mapping[str, Any]
) -> Answer:
    labels = terms_of(rulebook, fund)
    sources = {code(rulebook, name, labels): fen(yuan) for name, yuan in given["matching"].items()}
    return Answer({"matching": funds.matching(fund, sources)})


def _has(
    rulebook: Rulebook, fund: Fund, given: Mapping[str, Any], facts: Mapping[str, Any]
) -> Answer:
    labels = terms_of(rulebook, fund)
    return said(
        funds.eligible(rulebook, fund, [code(rulebook, name, labels) for name in given["has"]])
    )


def _claims(
    rulebook: Rulebook, fund: Fund, given: Mapping[str, Any], facts: Mapping[str, Any]
) -> Answer:
    before = fen(given.get("claimed_before", 0))
    found = funds.shortfall(rulebook, fund, before, money(given["claims"]))
    return said(None) if found is None else said(found.refusal, **found.drafts)


def _award(
    rulebook: Rulebook, fund: Fund, given: Mapping[str, Any], facts: Mapping[str, Any]
) -> Answer:
    found = funds.awarded(rulebook, fund, facts)
    return said(found) if isinstance(found, Refusal) else Answer({"held": True, "award": found})


FUND_FORMS: dict[str, Callable[..., Answer]] = {
    "pays": _pays,
    "claims": _claims,
    "counts": _counts,
    "matching": _matching,
    "has": _has,
    "amount": _amount,
    "award": _award,
}
