"""Turns what a reviewer saw of a saved plan, and what a fresh one shows, into the reasons why the approval no longer covers it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.change import RISKS
from reconciler.model.digest import canonical
from reconciler.model.plan import PeopleImpact, Plan

_PASSING = frozenset(
    {"modified_by", "modified_on", "cause", "link", "note", "origin", "where", "risk", "risk_because", "vouched", "certainty", "acceptance"}
)
"""What may differ in a change that is still the same one: who wrote last, where the wish is written, what is said about it."""


def beyond_what_was_seen(saved: Plan, fresh: Plan) -> Iterator[str]:
    """More people concerned, a higher risk, waived numbers that grew, objections that are gone."""
    yield from _people(saved, fresh)
    yield from _risks(saved, fresh)
    yield from _waived(saved, fresh)
    yield from _gone(saved, fresh)


def changes_not_shown(saved: Plan, fresh: Plan) -> Iterator[str]:
    """Changes that the saved plan shows otherwise than they would be made, or not at all: somebody edited what is shown."""
    shown = {str(change.address): canonical(change, _PASSING) for change in saved.changes}
    now = {str(change.address): canonical(change, _PASSING) for change in fresh.changes}
    for address in (*shown, *(address for address in now if address not in shown)):
        if shown.get(address) != now.get(address):
            yield f"{address}: the saved plan shows another change than the one that would be made"


def _people(saved: Plan, fresh: Plan) -> Iterator[str]:
    """Fewer people than were approved are no surprise to anybody; more are, and so is a number that nobody can tell any more."""
    seen = {impact.address: impact for impact in saved.impacts}
    for impact in fresh.impacts:
        before = seen.get(impact.address)
        if before is None:
            yield f"{impact.address}: people are concerned now, which the saved plan does not say"
            continue
        for word, old, new in (("more", before.added, impact.added), ("fewer", before.removed, impact.removed)):
            if old is not None and (new is None or new > old or (impact.is_at_least and not before.is_at_least)):
                yield f"{impact.address}: {impact.what}: {_number(impact, new)} {word} now, {_number(before, old)} when it was saved"


def _number(impact: PeopleImpact, count: int | None) -> str:
    if count is None:
        return "an unknown number"
    return f"at least {count:,}" if impact.is_at_least else f"{count:,}"


def _risks(saved: Plan, fresh: Plan) -> Iterator[str]:
    seen = {change.address: change.risk for change in saved.changes}
    for change in fresh.changes:
        before = seen.get(change.address)
        if before is not None and RISKS.index(change.risk) > RISKS.index(before):
            yield f"{change.address}: the risk is {change.risk} now ({change.risk_because}), it was {before}"


def _waived(saved: Plan, fresh: Plan) -> Iterator[str]:
    """A saved waiver holds for what its author saw, number for number, not for whatever comes up under the same code later."""
    seen = {(objection.code, objection.address, objection.message) for objection in saved.objections}
    reasons = {(objection.code, objection.waived) for objection in saved.objections if objection.waived is not None}
    for objection in fresh.objections:
        is_saved_waiver = (objection.code, objection.waived) in reasons
        if is_saved_waiver and (objection.code, objection.address, objection.message) not in seen:
            yield f"there is an objection now that nobody waived: {objection.code}: {objection.message}"


def _gone(saved: Plan, fresh: Plan) -> Iterator[str]:
    standing = {objection.code for objection in fresh.standing_objections}
    for code in dict.fromkeys(objection.code for objection in saved.standing_objections):
        if code not in standing:
            yield f"{code} was refused when the plan was saved; what settles or waives it belongs into a new plan"
