"""Turns a plan into what it tells of the present: which features are on, how many roles, which widgets are there, what drifted. Pure.

A plan holds what differs. What was compared and does not differ is as declared; what was not compared is unknown, never as declared.
"""

from __future__ import annotations

from typing import Literal

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Kind
from reconciler.model.change import FieldChange, SettingsChange, WidgetChange
from reconciler.model.desired import DesiredEnvironment, DesiredForm, DesiredSetting, Selector
from reconciler.model.fact import Known, Unknown
from reconciler.model.plan import Plan
from reconciler.model.source import SourceSpan
from reconciler.report.status import Drift, Feature, Widgets

_SWITCH = "enabled"
_NOT_COMPARED = frozenset({"not-in-this-generation", "limit-not-known", "form-not-main"})
"""Codes of what a plan leaves out although it is declared."""


def features_of(desired: DesiredEnvironment, plan: Plan, catalog: Catalog) -> tuple[Feature, ...]:
    """The declared features, in the order of the catalogue."""
    return tuple(
        Feature(kind.name, kind.title, _switch_state(setting, plan))
        for kind in catalog.kinds
        if (setting := _declared_switch(kind, desired)) is not None
    )


def _declared_switch(kind: Kind, desired: DesiredEnvironment) -> DesiredSetting | None:
    if not any(field.name == _SWITCH and field.binding is not None for field in kind.fields):
        return None
    return desired.setting(kind.name, _SWITCH)


def _switch_state(setting: DesiredSetting, plan: Plan) -> Literal["on", "off", "unknown"]:
    change = _change_of(setting, plan)
    if change is not None:
        if isinstance(change.before, Unknown):
            return "unknown"
        return "on" if change.before == Known(True) else "off"
    if _is_unknown(setting, plan):
        return "unknown"
    return "on" if setting.value is True else "off"


def roles_of(desired: DesiredEnvironment, plan: Plan, catalog: Catalog) -> int | None:
    """How many roles limit whose data is used; None when that is not declared or not known."""
    for kind, field in catalog.fields():
        setting = desired.setting(kind.name, field.name) if field.limits is not None else None
        if setting is None or not isinstance(setting.value, tuple):
            continue
        change = _change_of(setting, plan)
        if change is None:
            return None if _is_unknown(setting, plan) else len(set(setting.value))
        held = change.before.value if isinstance(change.before, Known) else ()
        return None if isinstance(change.before, Unknown) or not isinstance(held, tuple) else len(held)
    return None


def _change_of(setting: DesiredSetting, plan: Plan) -> FieldChange | None:
    for change in plan.changes:
        if isinstance(change, SettingsChange) and change.address.kind == setting.kind:
            return next((moved for moved in change.fields if moved.field == setting.field), None)
    return None


def _is_unknown(setting: DesiredSetting, plan: Plan) -> bool:
    if any(gap.address.kind == setting.kind and gap.field in (setting.field, "status") for gap in plan.unread):
        return True
    if setting.kind in _left_out(plan):
        return True
    selectors = setting.value if isinstance(setting.value, tuple) else (setting.value,)
    places = {selector.where for selector in selectors if isinstance(selector, Selector)} | {setting.origin.span}
    return bool(places & _places_of_problems(plan))


def _left_out(plan: Plan) -> set[str]:
    told = [(said.code, said.address) for said in plan.objections] + [(said.code, said.address) for said in plan.notices]
    return {address.kind for code, address in told if code in _NOT_COMPARED and address is not None}


def _places_of_problems(plan: Plan) -> set[SourceSpan | None]:
    return {problem.where for problem in plan.problems} - {None}


def widgets_of(desired: DesiredEnvironment, plan: Plan) -> Widgets:
    """How many widgets are declared, and how many of them are on the forms: on the copy that is edited, published or not."""
    declared = sum(len(form.widgets) for form in desired.forms)
    kinds = {setting.kind for setting in desired.settings}
    unread = any(gap.field == "form" for gap in plan.unread) or bool(_left_out(plan) - kinds)
    if unread or any(_places(form) & _places_of_problems(plan) for form in desired.forms):
        return Widgets(declared, None)
    missing = [change for change in plan.changes if isinstance(change, WidgetChange) and change.action == "add"]
    return Widgets(declared, declared - len(missing))


def _places(form: DesiredForm) -> set[SourceSpan | None]:
    return {form.form.where, form.origin.span, *(widget.origin.span for widget in form.widgets)}


def drift_of(plan: Plan, catalog: Catalog) -> Drift:
    """What differs from the files; what the service switched off by itself, for want of the consent, is told apart."""
    lapses = [change for change in plan.changes if isinstance(change, SettingsChange) and _is_lapse(change, plan, catalog)]
    # Such a change may move more than switches: then it is both.
    others = len(plan.changes) - sum(all(_is_switch(change, moved, catalog) for moved in change.fields) for change in lapses)
    lapsed = tuple(change.address.kind for change in lapses)
    if not plan.is_complete:
        return Drift("unknown", others, lapsed)
    is_unpublished = bool(plan.steps) and not plan.changes
    return Drift("changes" if others or is_unpublished else "nothing", others, lapsed)


def _is_switch(change: SettingsChange, moved: FieldChange, catalog: Catalog) -> bool:
    return catalog.kind(change.address.kind).field(moved.field).consent


def _is_lapse(change: SettingsChange, plan: Plan, catalog: Catalog) -> bool:
    if plan.consent is None or plan.consent.state != "lapsed" or change.modified_by is None or not change.modified_by.is_service:
        return False
    return any(_is_switch(change, moved, catalog) and moved.before == Known(False) and moved.after is True for moved in change.fields)
