"""Turns changes into how much harm a mistake in each would do, and why: from what the catalogue says of its fields. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reconciler.catalog import consent
from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Field, Kind
from reconciler.model.change import RISKS, Change, FieldChange, Risk, WidgetChange
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.fact import Absent, Known, Wanted
from reconciler.model.plan import PeopleImpact

Reason = tuple[Risk, str]


def with_risks(
    changes: Iterable[Change], desired: DesiredEnvironment, impacts: Sequence[PeopleImpact], catalog: Catalog
) -> tuple[Change, ...]:
    """The changes, each with its highest risk and all the reasons for that; a low risk needs no reason."""
    return tuple(_judged(change, tuple(_reasons(change, desired, impacts, catalog))) for change in changes)


def _judged(change: Change, reasons: Sequence[Reason]) -> Change:
    risks: list[Risk] = [risk for risk, _ in reasons]
    highest: Risk = max(risks, key=RISKS.index, default="low")
    because = dict.fromkeys(why for risk, why in reasons if risk == highest)
    return replace(change, risk=highest, risk_because="; ".join(because))


def _reasons(change: Change, desired: DesiredEnvironment, impacts: Sequence[PeopleImpact], catalog: Catalog) -> Iterator[Reason]:
    if isinstance(change, WidgetChange):
        if change.action == "remove":
            yield "medium", "takes a widget away from everybody who uses the form"
        return
    kind = catalog.kind(change.address.kind)
    for moved in change.fields:
        field = kind.field(moved.field)
        yield from _of_switch(kind, field, moved.after, desired.is_production)
        yield from _of_people(kind, field, moved, impacts, catalog)


def _of_switch(kind: Kind, field: Field, after: Wanted, production: bool) -> Iterator[Reason]:
    if field.one_way and after is True:
        yield "high", f"{field.name} is never switched off again by rictl"
    if field.attestation is not None and after is True:
        yield "medium", f"{field.name} rests on the word of a person"
    if field.off_phase is not None and after is False:
        where = " in production" if production else ""
        yield "high" if production else "medium", f"switches {kind.title} off{where}"
    if field.consent and after is True:
        yield "medium", f"without the Microsoft 365 consent {kind.title} is switched off again on day {consent.WINDOW_DAYS}"


def _of_people(kind: Kind, field: Field, moved: FieldChange, impacts: Sequence[PeopleImpact], catalog: Catalog) -> Iterator[Reason]:
    """More people are a high risk, unless somebody counted that there are none."""
    limited = {other.limits for _, other in catalog.fields() if other.limits is not None}
    switch = field.limits or ((kind.name, field.name) if (kind.name, field.name) in limited else None)
    impact = next((impact for impact in impacts if switch is not None and impact.address.kind == switch[0]), None)
    if impact is None:
        # No switch with a limit, or one that stays off: nobody's data is concerned.
        return
    title = catalog.kind(impact.address.kind).title
    before = moved.before.value if isinstance(moved.before, Known) else ()
    if _is_more(moved.after, before):
        if impact.added == 0:
            yield "medium", f"opens {title} to whoever gets such a role; today that is nobody else"
        else:
            yield "high", f"opens {title} of {_more(impact)}"
    if isinstance(moved.after, Absent) and isinstance(before, tuple):
        # Only an undoing empties a field; no role is no limit, wherever the switch is on.
        yield "high", f"takes away the roles that limit {title}"
    if isinstance(moved.after, tuple) and _is_more(before, moved.after):
        yield "medium", f"{title} of people with fewer roles is used"


def _is_more(these: Wanted, those: Wanted) -> bool:
    """Whether a switch goes on, or a set of roles holds one that the other lacks."""
    if not isinstance(these, tuple):
        return these is True
    return bool({role.id for role in these} - ({role.id for role in those} if isinstance(those, tuple) else set()))


def _more(impact: PeopleImpact) -> str:
    if impact.added is None:
        return "more people, and it is not known of how many"
    at_least = "at least " if impact.is_at_least else ""
    return f"{at_least}{impact.added:,} more {'person' if impact.added == 1 else 'people'}"
