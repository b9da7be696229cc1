"""Turns a finished plan and the limits of its environment into the objections against changing too much at once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.model.address import Address
from reconciler.model.change import SettingsChange
from reconciler.model.desired import ChangeLimit, DesiredEnvironment
from reconciler.model.fact import Absent, Known
from reconciler.model.plan import Objection, PeopleImpact, Plan, WriteForm
from reconciler.plan import codes
from reconciler.plan.guards import objection

DEFAULTS: Final[Mapping[str, int]] = {"changes": 50, "rolesRemoved": 2, "peopleAdded": 1000, "peopleRemoved": 200, "formsChanged": 10}
"""What holds where a file says nothing: room for the first roll-out to an environment, not for the accident of a whole fleet."""
NAMED = 5
"""How many of the objects that are too many are named."""


@dataclass(frozen=True, slots=True)
class Found:
    """How much of something a plan changes, and where. `count` may be a lower bound; `because` says why it is not known exactly."""

    count: int | None
    addresses: tuple[Address, ...]
    is_at_least: bool = False
    because: str = ""


def limit_objections(plan: Plan, desired: DesiredEnvironment) -> tuple[Objection, ...]:
    """One objection for each limit that the plan goes beyond.

    A number that cannot be told goes beyond a limit that somebody wrote, and never beyond a default.
    """
    written = {limit.name: limit for limit in desired.limits}
    found = []
    for name, most in DEFAULTS.items():
        limit = written.get(name)
        for amount in _COUNTS[name](plan):
            if amount.count is not None and amount.count > (most if limit is None else limit.most):
                found.append(_exceeded(limit or ChangeLimit(name, most), amount))
            elif limit is not None and (amount.count is None or amount.is_at_least):
                found.append(_untold(limit, amount))
    return tuple(found)


def _exceeded(limit: ChangeLimit, found: Found) -> Objection:
    count = f"{'at least ' if found.is_at_least else ''}{found.count:,}"
    return _objection(limit, found, f"{_stated(limit)}, and this plan {_WORDS[limit.name]} {count}: {_named(found.addresses)}")


def _untold(limit: ChangeLimit, found: Found) -> Objection:
    why = f" ({found.because})" if found.because else ""
    said = f"{_stated(limit)}, and how many this plan {_WORDS[limit.name]} cannot be told{why}: {_named(found.addresses)}"
    return _objection(limit, found, said)


def _objection(limit: ChangeLimit, found: Found, message: str) -> Objection:
    hint = (
        f"take a smaller step, raise limits.{limit.name} in the file, "
        f"or, for this once: --allow {codes.TOO_MANY_CHANGES}=REASON (it holds for every limit of the run)"
    )
    return objection(codes.TOO_MANY_CHANGES, message, hint, found.addresses[0] if len(found.addresses) == 1 else None)


def _stated(limit: ChangeLimit) -> str:
    origin = f"{limit.where.file}:{limit.where.line}" if limit.where is not None else "the default"
    return f"limits.{limit.name} is {limit.most:,} ({origin})"


def _named(addresses: Sequence[Address]) -> str:
    more = len(addresses) - NAMED
    return ", ".join(str(address) for address in addresses[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _changes(plan: Plan) -> Iterator[Found]:
    count = sum(len(change.fields) if isinstance(change, SettingsChange) else 1 for change in plan.changes)
    yield Found(count, tuple(change.address for change in plan.changes))


def _roles_removed(plan: Plan) -> Iterator[Found]:
    removed: dict[Address, int] = {}
    for change in plan.changes:
        for field in change.fields if isinstance(change, SettingsChange) else ():
            held = field.before.value if isinstance(field.before, Known) else None
            if isinstance(held, tuple) and isinstance(field.after, tuple | Absent):
                kept = field.after if isinstance(field.after, tuple) else ()
                gone = {ref.id.lower() for ref in held} - {ref.id.lower() for ref in kept}
                removed[change.address] = removed.get(change.address, 0) + len(gone)
    yield Found(sum(removed.values()), tuple(address for address, count in removed.items() if count))


def _people_added(plan: Plan) -> Iterator[Found]:
    return (_people(impact, impact.added) for impact in plan.impacts)


def _people_removed(plan: Plan) -> Iterator[Found]:
    return (_people(impact, impact.removed) for impact in plan.impacts)


def _people(impact: PeopleImpact, count: int | None) -> Found:
    # Nobody is nobody, however roughly the circles themselves were counted.
    return Found(count, (impact.address,), impact.is_at_least and count != 0, impact.not_counted)


def _forms_changed(plan: Plan) -> Iterator[Found]:
    written = {(step.table, step.form_name) for step in plan.steps if isinstance(step, WriteForm)}
    forms = {
        Address(change.address.environment, change.address.kind, change.address.key.rsplit("/", 1)[0])
        for change in plan.changes
        if not isinstance(change, SettingsChange)
    }
    yield Found(len(written), tuple(sorted(forms)))


_COUNTS: Final[Mapping[str, Callable[[Plan], Iterator[Found]]]] = {
    "changes": _changes,
    "rolesRemoved": _roles_removed,
    "peopleAdded": _people_added,
    "peopleRemoved": _people_removed,
    "formsChanged": _forms_changed,
}
_WORDS: Final = {
    "changes": "changes",
    "rolesRemoved": "removes",
    "peopleAdded": "newly concerns",
    "peopleRemoved": "ceases to concern",
    "formsChanged": "writes",
}
