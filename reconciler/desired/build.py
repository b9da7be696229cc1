"""Turns a merged tree of sound structure into a desired environment, or into what contradicts itself in it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from reconciler.catalog.book import Catalog
from reconciler.desired.annotations import Annotation, annotations_of, expiry_findings
from reconciler.desired.codes import MEANING, finding
from reconciler.desired.envelope import (
    AnchorPart,
    Attestations,
    BaselinePart,
    ConnectionPart,
    EnvironmentPart,
    ExchangeConsent,
    ExchangeDataLocation,
    FormPart,
    LimitsPart,
    WidgetPart,
)
from reconciler.desired.part import ANNOTATIONS
from reconciler.desired.rules import setting_problems, warnings
from reconciler.desired.schema import FileKind
from reconciler.desired.settings import desired_settings, selector
from reconciler.desired.tree import Mapping, Path, entry_at, node_at, plain
from reconciler.model.desired import (
    Anchor,
    Attestation,
    ChangeLimit,
    Connection,
    DesiredEnvironment,
    DesiredForm,
    DesiredWidget,
)
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.note import Note
from reconciler.model.source import Origin

Part = TypeVar("Part", bound=BaseModel)


def build_environment(
    root: Mapping, catalog: Catalog, annotations: Sequence[Annotation] = (), *, today: dt.date
) -> tuple[DesiredEnvironment | None, tuple[Diagnostic, ...]]:
    """The environment, unless one of the findings is an error. `annotations` are those in force."""
    part, said = _typed(EnvironmentPart, root, today)
    found = (*said, *setting_problems(root, catalog), *expiry_findings(annotations, today))
    if part is None:
        return None, found
    found = (*found, *warnings(root, part, catalog))
    if any(diagnostic.severity == "error" for diagnostic in found):
        return None, found
    notes = tuple(annotation.note for annotation in annotations)
    return _environment(root, part, catalog, notes), found


def baseline_problems(root: Mapping, catalog: Catalog, *, today: dt.date) -> tuple[Diagnostic, ...]:
    """What contradicts itself in a baseline alone."""
    _, said = _typed(BaselinePart, root, today)
    return (*said, *setting_problems(root, catalog))


def problems_of_part(
    part: Mapping, kind: FileKind, problems: Iterable[Diagnostic], catalog: Catalog, *, today: dt.date
) -> tuple[Diagnostic, ...]:
    """What contradicts itself in the sound part of a file that is not sound as a whole, or whose baselines are not."""
    model: type[BaseModel] = EnvironmentPart if kind == "Environment" else BaselinePart
    typed, said = _typed(model, part, today, only=frozenset(MEANING))
    aside = warnings(part, typed, catalog) if isinstance(typed, EnvironmentPart) else ()
    told = {diagnostic.where for diagnostic in problems}
    late = expiry_findings(annotations_of(part), today)
    return tuple(found for found in (*said, *setting_problems(part, catalog), *aside, *late) if found.where not in told)


def _typed(
    model: type[Part], root: Mapping, today: dt.date, only: frozenset[str] | None = None
) -> tuple[Part | None, tuple[Diagnostic, ...]]:
    known = {field.alias for field in model.model_fields.values()}
    values = {key: plain(entry.node) for key, entry in root.entries.items() if key in known}
    try:
        return model.model_validate(values, context={"today": today}), ()
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if only is None or detail["type"] in only]
        return None, tuple(_said(root, detail) for detail in details)


def _said(root: Mapping, detail: Any) -> Diagnostic:
    context = detail.get("ctx", {})
    path = _path(root, (*detail["loc"], *context.get("below", ())))
    return finding(detail["type"], context.get("said", detail["msg"]), entry_at(root, path)[1], context.get("hint"))


def _path(root: Mapping, location: tuple[str | int, ...]) -> Path:
    # pydantic puts the name of the chosen alternative into its paths, which is no key of the file.
    path: Path = ()
    for step in location:
        if node_at(root, (*path, step)) is not None:
            path = (*path, step)
    return path


def _environment(root: Mapping, part: EnvironmentPart, catalog: Catalog, notes: tuple[Note, ...]) -> DesiredEnvironment:
    return DesiredEnvironment(
        name=part.metadata.name,
        file=root.place.file,
        connection=_connection(root, part.connection),
        labels=tuple(sorted(part.metadata.labels.items())),
        owner=part.metadata.owner,
        generation=part.service_generation,
        accept=frozenset(part.accept),
        attestations=_attestations(root, part.attestations),
        settings=desired_settings(root, catalog),
        forms=tuple(_form(root, index, form) for index, form in enumerate(part.forms)),
        notes=notes,
        limits=_limits(root, part.limits),
    )


def _limits(root: Mapping, part: LimitsPart) -> tuple[ChangeLimit, ...]:
    """Those that are written, in the order of the file format."""
    names = {str(info.alias): getattr(part, field) for field, info in LimitsPart.model_fields.items() if info.alias not in ANNOTATIONS}
    return tuple(ChangeLimit(name, most, entry_at(root, ("limits", name))[0].span) for name, most in names.items() if most is not None)


def _connection(root: Mapping, part: ConnectionPart) -> Connection:
    def lower(text: str | None) -> str | None:
        return None if text is None else text.lower()

    where = entry_at(root, ("connection", "url" if part.url is not None else "emulator"))[0].span
    return Connection(part.url, part.emulator, part.cloud, lower(part.tenant_id), lower(part.client_id), where)


def _attestations(root: Mapping, part: Attestations) -> tuple[Attestation, ...]:
    found: list[Attestation] = []
    for name in ("termsAccepted", "exchangeDataLocation", "exchangeConsent", "enabledOn"):
        word = next(getattr(part, field) for field, info in Attestations.model_fields.items() if info.alias == name)
        if word is None:
            continue
        answer: str | bool = True
        if isinstance(word, ExchangeDataLocation):
            answer = word.country
        elif isinstance(word, ExchangeConsent):
            answer = word.granted
        where = entry_at(root, ("attestations", name))[0].span
        found.append(Attestation(cast(Any, name), answer, word.by, word.date, where))
    return tuple(found)


def _form(root: Mapping, index: int, part: FormPart) -> DesiredForm:
    path: Path = ("forms", index)
    named = node_at(root, (*path, "form"))
    assert named is not None
    return DesiredForm(
        table=part.table,
        form=selector(named),
        widgets=tuple(_widget(root, (*path, "widgets", position), widget) for position, widget in enumerate(part.widgets)),
        solution=part.solution,
        exclusive=part.exclusive,
        allow_unmanaged_layer=part.allow_unmanaged_layer,
        publish_pending=part.publish_pending,
        origin=Origin(entry_at(root, path)[1].span),
    )


def _widget(root: Mapping, path: Path, part: WidgetPart) -> DesiredWidget:
    return DesiredWidget(
        widget=part.widget,
        at=None if part.at is None else _anchor(part.at),
        label=part.label,
        rows=part.rows,
        visible=part.visible,
        form_factors=None if part.form_factors is None else tuple(part.form_factors),
        origin=Origin(entry_at(root, path)[1].span),
    )


def _anchor(part: AnchorPart) -> Anchor:
    return Anchor(part.tab, part.column, part.position, part.before, part.after)
