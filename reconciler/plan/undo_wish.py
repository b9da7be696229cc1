"""Turns what a run wrote down into the wish that everything be as it had found it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Field
from reconciler.catalog.types import Flag
from reconciler.forms.reconcile import WidgetSpec
from reconciler.model.desired import DesiredEnvironment, DesiredForm, DesiredSetting, DesiredValue, Selector
from reconciler.model.fact import Absent, Fact, Known, Ref, Unknown
from reconciler.model.journal import FormIntent
from reconciler.model.journal_runs import RunRecord
from reconciler.model.packed import unpacked
from reconciler.model.source import Origin
from reconciler.model.undo import Restoration, Undo, UndoneField
from reconciler.plan.forms import known_widgets
from reconciler.plan.restored_form import widgets_before

_SWITCHING = ("close", "off", "switch", "on")


@dataclass(frozen=True, slots=True)
class _Impossible:
    why: str


def undo_wish(record: RunRecord, declared: DesiredEnvironment, catalog: Catalog, overwrites: frozenset[str]) -> DesiredEnvironment:
    """The environment of the run with the connection, acceptances and attestations of today and the values of before.

    Raises ValueError when the recorded bytes of a form are none.
    """
    origin = Origin(None, f"as it was before run {record.run}")
    settings: list[DesiredSetting] = []
    cannot: list[tuple[str, str]] = []
    fields = tuple(_fields(record))
    for undone in fields:
        wish = _wish(undone.before, _described(catalog, undone))
        if isinstance(wish, _Impossible):
            cannot.append((undone.name, wish.why))
        else:
            settings.append(DesiredSetting(undone.kind, undone.field, wish, origin))
    undo = Undo(record.run, record.begun.organization_id, fields, overwrites, tuple(cannot))
    forms = tuple(_forms(record, declared, origin, known_widgets(catalog)))
    return replace(declared, settings=tuple(settings), forms=forms, notes=(), undo=undo)


def _fields(record: RunRecord) -> Iterator[UndoneField]:
    """Each field once: what it held before the first write, and what was written in turn."""
    found: dict[tuple[str, str], UndoneField] = {}
    for written in record.fields():
        key = (written.kind, written.field)
        earlier = found.get(key, UndoneField(*key, written.before, ()))
        found[key] = replace(earlier, written=(*earlier.written, written.after))
    yield from found.values()


def _described(catalog: Catalog, undone: UndoneField) -> Field | None:
    kind = next((kind for kind in catalog.kinds if kind.name == undone.kind), None)
    return next((field for field in kind.fields if field.name == undone.field), None) if kind is not None else None


def _wish(before: Fact, field: Field | None) -> DesiredValue | _Impossible:
    if field is None or field.binding is None:
        return _Impossible("this version of rictl does not know it")
    if isinstance(before, Unknown):
        return _Impossible(f"what it held is unknown: {before.reason}")
    if isinstance(before, Absent):
        # A switch that nobody had ever set was off; writing "off" makes the service switch off, writing nothing may not.
        switches = isinstance(field.type, Flag) and (field.phase in _SWITCHING or field.off_phase in _SWITCHING)
        value: DesiredValue = False if switches else Absent()
    else:
        value = _selected(before)
    if field.one_way and value is not True:
        return _Impossible("the service has no way back from it")
    return _Impossible("an empty set of roles is never written: it may mean everybody") if value == () else value


def _selected(before: Known) -> DesiredValue:
    """The value with ids in the place of references: what is gone from the environment is noticed when they are looked up."""
    value = before.value
    if isinstance(value, Ref):
        return Selector("id", value.id)
    if isinstance(value, tuple):
        return tuple(Selector("id", ref.id) for ref in value)
    return value


def _forms(record: RunRecord, declared: DesiredEnvironment, origin: Origin, known: Sequence[WidgetSpec]) -> Iterator[DesiredForm]:
    found: dict[str, tuple[FormIntent, frozenset[str]]] = {}
    for intent, known_as in record.forms():
        first, earlier = found.get(intent.form_id, (intent, frozenset()))
        found[intent.form_id] = (first, earlier | known_as)
    for intent, known_as in found.values():
        restoration = Restoration(unpacked(intent.before).decode("utf-8"), intent.before_sha256, known_as)
        wish = next((form for form in declared.forms if _is_of(form, intent)), None)
        yield DesiredForm(
            intent.table,
            Selector("id", intent.form_id),
            widgets_before(restoration, intent.form_id, known, intent.language),
            intent.solution,
            intent.exclusive,
            # The run itself made the layer, or its owners allowed it: taking back adds none.
            allow_unmanaged_layer=True,
            publish_pending=wish is not None and wish.publish_pending,
            origin=origin,
            restoration=restoration,
        )


def _is_of(form: DesiredForm, intent: FormIntent) -> bool:
    return form.table == intent.table and form.form.value in (intent.form_name, intent.form_id)
