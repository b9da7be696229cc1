"""Turns what a plan opens, closes or limits into how many people that concerns. Pure.

Whose data a switch uses is said by the roles that limit it: nobody's while it is off, everybody's while no role is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Kind
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.fact import Absent, Fact, Known, Ref, Unknown
from reconciler.model.live import LiveState, PeopleCount, RoleIds
from reconciler.model.plan import PeopleImpact
from reconciler.plan.case import Case, Wish, live_fact, make_case
from reconciler.plan.diff import diff
from reconciler.plan.undo import without_conflicts
from reconciler.plan.withhold import sift

EVERYBODY: Final[RoleIds] = ()
Circle = RoleIds | Unknown | None
"""Whose data is used: holders of one of these roles; EVERYBODY; None: nobody's; or that is not known."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Whose data is used before and after, by the roles that limit a switch."""

    kind: Kind
    before: Circle
    after: Circle

    @property
    def both(self) -> Circle:
        """Whoever is concerned before or after."""
        circles = [circle for circle in (self.before, self.after) if circle is not None]
        unknown = next((circle for circle in circles if isinstance(circle, Unknown)), None)
        if unknown is not None or not circles:
            return unknown
        roles = [circle for circle in circles if not isinstance(circle, Unknown)]
        return EVERYBODY if EVERYBODY in roles else tuple(sorted({id for circle in roles for id in circle}))


def people_to_count(desired: DesiredEnvironment, live: LiveState, catalog: Catalog) -> tuple[RoleIds, ...]:
    """What has to be counted for the plan of these; empty when it changes nobody's lot."""
    undone, _ = without_conflicts(desired, live, catalog)
    case = make_case(undone, live, catalog)
    moved = movements(case, sift(case, diff(case.wishes)).planned)
    circles = (circle for movement in moved for circle in (movement.before, movement.after, movement.both))
    return tuple(dict.fromkeys(circle for circle in circles if isinstance(circle, tuple)))


def movements(case: Case, planned: Sequence[Wish]) -> tuple[Movement, ...]:
    """Every switch with roles that limit it, where the plan moves the circle of people."""
    found = []
    for kind, field in case.catalog.fields():
        if field.limits is None:
            continue
        switch = case.catalog.kind(field.limits[0])
        now = _circle(_now(case, *field.limits), _now(case, kind.name, field.name))
        then = _circle(_then(case, planned, *field.limits), _then(case, planned, kind.name, field.name))
        if now != then:
            found.append(Movement(switch, now, then))
    return tuple(found)


def impacts_of(case: Case, planned: Sequence[Wish]) -> tuple[PeopleImpact, ...]:
    """How many people each movement concerns, by the counts of the live state."""
    return tuple(_impact(case, movement) for movement in movements(case, planned))


def _impact(case: Case, movement: Movement) -> PeopleImpact:
    counted = [_count(case.live, circle) for circle in (movement.before, movement.after, movement.both)]
    before, after, both = (None if isinstance(count, Unknown) else count for count in counted)
    address, what = case.address(movement.kind), f"People whose {movement.kind.title} is used"
    return PeopleImpact(
        address,
        None if before is None else before.count,
        None if after is None else after.count,
        0 if movement.both == movement.before else _beyond(both, before),
        0 if movement.both == movement.after else _beyond(both, after),
        what,
        is_at_least=any(count is not None and count.is_at_least for count in (before, after, both)),
        not_counted=next((count.reason for count in counted if isinstance(count, Unknown)), "") or _too_many(before, after),
    )


def _beyond(all_of_them: PeopleCount | None, some: PeopleCount | None) -> int | None:
    """How many of all are not among some. What is only known from below cannot be taken away from anything."""
    if all_of_them is None or some is None or some.is_at_least:
        return None
    return max(0, all_of_them.count - some.count)


def _too_many(*counts: PeopleCount | None) -> str:
    most = max((count.count for count in counts if count is not None and count.is_at_least), default=None)
    return "" if most is None else f"the service counts to {most:,} only"


def _count(live: LiveState, circle: Circle) -> PeopleCount | Unknown:
    if circle is None:
        return PeopleCount(0)
    if isinstance(circle, Unknown):
        return circle
    return live.people.get(circle, Unknown("nobody counted"))


def _circle(switch: Fact, limit: Fact) -> Circle:
    if isinstance(switch, Unknown):
        return switch
    if switch != Known(True):
        return None
    match limit:
        case Unknown():
            return limit
        case Known(value=tuple() as roles):
            return _ids(roles)
        case _:
            return EVERYBODY


def _ids(roles: Iterable[Ref]) -> RoleIds:
    return tuple(sorted({role.id.lower() for role in roles}))


def _now(case: Case, kind: str, name: str) -> Fact:
    binding = case.catalog.kind(kind).field(name).binding
    return Absent() if binding is None else live_fact(case.live, kind, name, binding.table)


def _then(case: Case, planned: Sequence[Wish], kind: str, name: str) -> Fact:
    """What the field holds when the plan is carried out; a wish that is not planned changes nothing."""
    wish = next((wish for wish in planned if (wish.kind.name, wish.field.name) == (kind, name)), None)
    if wish is None:
        return _now(case, kind, name)
    return wish.value if isinstance(wish.value, Absent) else Known(wish.value)
