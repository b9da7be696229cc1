"""Turns what is wished and what is there into a plan: compare, order, guard, explain. Pure."""

from __future__ import annotations

from dataclasses import replace

from reconciler.catalog.book import Catalog
from reconciler.model.change import Change
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.live import LiveState
from reconciler.model.plan import Plan, Target
from reconciler.plan.case import make_case
from reconciler.plan.consent import consent_of
from reconciler.plan.diff import diff, settings_changes
from reconciler.plan.digest import desired_sha256, plan_sha256
from reconciler.plan.effect_guards import effect_objections
from reconciler.plan.form_guards import form_objections
from reconciler.plan.form_steps import form_steps
from reconciler.plan.forms import form_cases, pictures
from reconciler.plan.guards import settings_objections
from reconciler.plan.limits import limit_objections
from reconciler.plan.links import with_links
from reconciler.plan.notes import with_notes
from reconciler.plan.notices import notices_of
from reconciler.plan.order import settings_steps
from reconciler.plan.people import impacts_of
from reconciler.plan.risk import with_risks
from reconciler.plan.tasks import tasks_of
from reconciler.plan.undo import undo_notices, undo_objections, undoing, without_conflicts
from reconciler.plan.unread import unread_of
from reconciler.plan.waive import waive, waiver_problems
from reconciler.plan.withhold import sift


def build_plan(desired: DesiredEnvironment, live: LiveState, catalog: Catalog) -> Plan:
    """The plan of one environment: the same inputs give the same plan, byte for byte. Never raises for what was read."""
    undone, conflicts = without_conflicts(desired, live, catalog)
    case = make_case(undone, live, catalog)
    differences = diff(case.wishes)
    sifted = sift(case, differences)
    compared = form_cases(undone, live, catalog)
    forms = compared.forms
    consent = consent_of(case)
    impacts = impacts_of(case, sifted.planned)
    objections = (
        *undo_objections(desired, live),
        *settings_objections(case, differences, consent),
        *form_objections(case, forms),
        *effect_objections(case, differences),
    )
    changes: list[Change] = [*settings_changes(case, sifted.planned)]
    for form in forms:
        changes += form.changes
    changes = with_notes(case, forms, changes)
    made = Plan(
        environment=desired.name,
        target=_target(live),
        read_at=live.read_at,
        desired_sha256=desired_sha256(desired),
        changes=with_links(
            with_risks(changes, desired, impacts, catalog), desired, live.organization, {form.address.key: form.live for form in forms}
        ),
        steps=(*settings_steps(case, sifted.planned), *form_steps(forms, live)),
        objections=objections,
        notices=(*conflicts, *undo_notices(desired), *sifted.notices, *notices_of(case, forms, consent)),
        problems=(*case.problems, *compared.problems),
        unread=(*unread_of(case, differences, forms), *compared.unread),
        tasks=tasks_of(consent, objections),
        consent=consent,
        pictures=pictures(forms, catalog),
        impacts=impacts,
        checked=len(case.wishes) + sum(len(form.wish.widgets) for form in forms),
        requests=live.requests,
        undoes=undoing(desired),
    )
    # Last, for limits are about the finished plan: what it changes, and how many people that concerns.
    return replace(made, objections=(*made.objections, *limit_objections(made, desired)))


def _target(live: LiveState) -> Target:
    organization, caller = live.organization, live.caller
    return Target(organization.id, organization.name, organization.url, caller.name, caller.language, caller.is_application)


__all__ = ["build_plan", "desired_sha256", "plan_sha256", "waive", "waiver_problems"]
