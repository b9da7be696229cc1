"""Turns the three inputs of a plan into one case: resolved wishes beside live facts, and what is left out of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.catalog.book import Catalog
from reconciler.catalog.generation import generation_of
from reconciler.catalog.kind import Binding, Field, Generation, Kind
from reconciler.model.address import Address
from reconciler.model.desired import DesiredEnvironment, DesiredSetting
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.fact import Absent, Fact, Known, Unknown, Wanted
from reconciler.model.live import LiveState, NoRow
from reconciler.model.plan import Unread
from reconciler.model.source import Origin
from reconciler.plan.resolve import resolve


@dataclass(frozen=True, slots=True)
class Wish:
    """One declared field with its resolved value and what is there now."""

    kind: Kind
    field: Field
    binding: Binding
    value: Wanted
    fact: Fact
    origin: Origin


@dataclass(frozen=True, slots=True)
class Case:
    """All that the guards look at. `excluded` are declared kinds that this generation of the service does not have."""

    desired: DesiredEnvironment
    live: LiveState
    catalog: Catalog
    generation: Generation | None
    wishes: tuple[Wish, ...]
    excluded: tuple[Kind, ...]
    problems: tuple[Diagnostic, ...]
    unread: tuple[Unread, ...]

    def address(self, kind: Kind) -> Address:
        """The address of a kind in this environment."""
        return Address(self.desired.name, kind.name)

    def wish(self, kind: str, field: str) -> Wish | None:
        """The resolved wish for one field, or None when it is not declared (or not settable here)."""
        return next((wish for wish in self.wishes if wish.kind.name == kind and wish.field.name == field), None)

    def outlook(self, kind: str, field: str) -> Fact:
        """What the field will hold when the plan is carried out: the wish, else what is there."""
        wish = self.wish(kind, field)
        if wish is not None:
            return wish.value if isinstance(wish.value, Absent) else Known(wish.value)
        binding = self.catalog.kind(kind).field(field).binding
        return Absent() if binding is None else live_fact(self.live, kind, field, binding.table)


def make_case(desired: DesiredEnvironment, live: LiveState, catalog: Catalog) -> Case:
    """Sorts the declared settings, in the order of the catalogue, into wishes, problems and what could not be read."""
    generation = generation_of(live.organization.version) if desired.generation == "auto" else desired.generation
    wishes: list[Wish] = []
    problems: list[Diagnostic] = []
    unread: list[Unread] = []
    excluded: dict[str, Kind] = {}
    for kind, field in catalog.fields():
        setting = desired.setting(kind.name, field.name)
        if setting is None:
            continue
        if not _exists(kind, generation):
            excluded[kind.name] = kind
        elif field.binding is not None and not (field.one_way and setting.value is False):
            wish = _wish(setting, kind, field, field.binding, live, problems, unread, desired.name)
            wishes += [] if wish is None else [wish]
    return Case(desired, live, catalog, generation, tuple(wishes), tuple(excluded.values()), tuple(problems), tuple(unread))


def _wish(
    setting: DesiredSetting,
    kind: Kind,
    field: Field,
    binding: Binding,
    live: LiveState,
    problems: list[Diagnostic],
    unread: list[Unread],
    environment: str,
) -> Wish | None:
    answer = resolve(setting, live)
    problems.extend(answer.problems)
    if answer.unread is not None:
        unread.append(Unread(Address(environment, kind.name), field.name, answer.unread))
    if answer.value is None:
        return None
    fact = live_fact(live, kind.name, field.name, binding.table)
    if isinstance(fact, Unknown):
        unread.append(Unread(Address(environment, kind.name), field.name, fact.reason))
    return Wish(kind, field, binding, answer.value, fact, setting.origin)


def _exists(kind: Kind, generation: Generation | None) -> bool:
    if generation is None:
        # It cannot be told: only what every generation has is certain to be there.
        return len(kind.generations) > 1
    return generation in kind.generations


def live_fact(live: LiveState, kind: str, field: str, table: str) -> Fact:
    """What was read of a field. A row that is not there holds nothing; what was not asked for is unknown, never absent."""
    row = live.rows.get(table)
    if isinstance(row, Unknown):
        return row
    if isinstance(row, NoRow):
        return Absent()
    return live.settings.get((kind, field), Unknown("it was not read"))
