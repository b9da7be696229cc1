"""Laws that hold for every wish and every organization, not only for those that somebody thought of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.register import CATALOG
from reconciler.catalog.types import Choice, Flag, RoleSet, TemplateRef, Whole
from reconciler.model.desired import Anchor, DesiredEnvironment, DesiredWidget, Selector
from reconciler.model.fact import Absent, Known, Ref, Unknown
from reconciler.model.live import ConsentSignals, LiveRow, LiveState, NoRow
from reconciler.model.plan import Phase, WriteRow
from reconciler.plan.build import build_plan, plan_sha256
from reconciler.plan.order import PHASES
from tests.plan.worlds import ANA, NOW, ROLES, SERVICE, TEMPLATES, attested, declared_form, lead_form, metadata, organization, wish

FIELDS = [(kind, field) for kind, field in CATALOG.fields() if field.binding is not None]
LIMITS = [(kind, field) for kind, field in FIELDS if field.limits is not None]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def wished(field: Field) -> st.SearchStrategy[Any]:
    match field.type:
        case RoleSet():
            selectors = [Selector("name", role.name) for role in ROLES] + [Selector("id", ROLES[0].id), Selector("name", "Nobody")]
            return st.lists(st.sampled_from(selectors), min_size=1, max_size=3).map(tuple)
        case TemplateRef():
            return st.sampled_from([Selector("name", TEMPLATES[0].name), Selector("id", TEMPLATES[1].id), Selector("name", "None")])
        case Flag():
            return st.booleans()
        case Whole(minimum=minimum, maximum=maximum):
            return st.integers(minimum, maximum)
        case Choice(codes=codes):
            return st.sampled_from([word for word, _ in codes])


def stored(field: Field) -> st.SearchStrategy[Any]:
    match field.type:
        case RoleSet():
            refs = st.sets(st.sampled_from([Ref(role.id, role.name) for role in ROLES]))
            known: st.SearchStrategy[Any] = refs.map(lambda found: Known(tuple(sorted(found))))
        case TemplateRef():
            known = st.sampled_from(TEMPLATES).map(Known)
        case _:
            known = wished(field).map(Known)
    return st.one_of(known, st.just(Absent()), st.just(Unknown("not told")))


def table_of(field: Field) -> str:
    assert field.binding is not None
    return field.binding.table


@st.composite
def wishes(draw: st.DrawFn) -> DesiredEnvironment:
    chosen = draw(st.sets(st.sampled_from(range(len(FIELDS)))))
    values = {(FIELDS[n][0].name, FIELDS[n][1].name): draw(wished(FIELDS[n][1])) for n in sorted(chosen)}
    people = [attested("termsAccepted"), attested("exchangeConsent", draw(st.booleans())), attested("enabledOn")]
    vouched = draw(st.lists(st.sampled_from(people), unique_by=lambda one: one.name))
    generation = draw(st.sampled_from(["auto", "native-exchange", "server-side-sync"]))
    accept = draw(st.sets(st.sampled_from(sorted({*wish().accept, "inferred-row-creation"}))))
    forms = (declared_form(DesiredWidget("who-knows-whom", Anchor(tab="Summary"))),) if draw(st.booleans()) else ()
    return wish(values, attestations=tuple(vouched), generation=generation, accept=frozenset(accept), forms=forms)


@st.composite
def organizations(draw: st.DrawFn) -> LiveState:
    facts = {(kind.name, field.name): draw(stored(field)) for kind, field in FIELDS}
    people = st.sampled_from([None, ANA, SERVICE])
    row = st.builds(LiveRow, st.just("row"), st.just('W/"1"'), st.sampled_from([None, NOW]), people)
    rows = {table.name: draw(st.one_of(row, row, st.just(NoRow()), st.just(Unknown("two rows")))) for table in CATALOG.tables}
    # A table without a row holds nothing: that is what the reader says too.
    facts = {
        (kind.name, field.name): Absent() if rows[table_of(field)] == NoRow() else facts[kind.name, field.name] for kind, field in FIELDS
    }
    code = st.one_of(st.none(), st.integers(0, 8), st.just(Unknown("403")))
    signals = st.builds(ConsentSignals, st.sampled_from([None, 1, 3, 5, 401]), st.sampled_from([None, True, False]))
    confirmed = metadata()
    confirmed["msdyn_wkwconfig"] = draw(st.sampled_from([confirmed["msdyn_wkwconfig"], NoRow(), Unknown("403")]))
    base = organization(
        facts,
        rows=rows,
        activations={kind.name: draw(code) for kind in CATALOG.kinds if kind.activation is not None},
        metadata=confirmed,
        consent=draw(signals),
        forms={("lead", "Contoso Lead"): lead_form(is_managed=draw(st.booleans()))},
        roles=draw(st.sampled_from([ROLES, (), Unknown("403")])),
    )
    version = draw(st.sampled_from([None, "9.2.25014.1", "9.2.25052.110", "what?"]))
    return replace(base, organization=replace(base.organization, version=version))


def writes(live: LiveState, desired: DesiredEnvironment) -> list[WriteRow]:
    return [step for step in build_plan(desired, live, CATALOG).steps if isinstance(step, WriteRow)]


@QUICK
@given(wishes(), organizations())
def test_no_reading_makes_planning_fail_and_planning_is_deterministic(desired: DesiredEnvironment, live: LiveState) -> None:
    assert plan_sha256(build_plan(desired, live, CATALOG)) == plan_sha256(build_plan(desired, live, CATALOG))


@QUICK
@given(wishes(), organizations())
def test_a_carried_out_plan_leaves_nothing_to_write(desired: DesiredEnvironment, live: LiveState) -> None:
    settings = dict(live.settings)
    for step in writes(live, desired):
        held = {(w.kind, w.field): w.after if isinstance(w.after, Absent) else Known(w.after) for w in step.fields}
        settings.update(held)
    rows = {table: LiveRow("row") if isinstance(row, NoRow) else row for table, row in live.rows.items()}

    assert writes(replace(live, settings=settings, rows=rows), desired) == []


@QUICK
@given(organizations())
def test_an_organization_that_is_as_wished_needs_nothing(live: LiveState) -> None:
    settled = replace(live, rows={table.name: LiveRow("row") for table in CATALOG.tables}, roles=ROLES)
    declared: dict[tuple[str, str], Any] = {}
    for key, fact in settled.settings.items():
        if not isinstance(fact, Known):
            continue
        if isinstance(fact.value, tuple):
            declared[key] = tuple(Selector("id", ref.id) for ref in fact.value)
        elif isinstance(fact.value, Ref):
            declared[key] = Selector("id", fact.value.id)
        else:
            declared[key] = fact.value

    assert writes(settled, wish(declared)) == []


@QUICK
@given(wishes(), organizations())
def test_what_is_unknown_is_never_written_and_never_hidden(desired: DesiredEnvironment, live: LiveState) -> None:
    made = build_plan(desired, live, CATALOG)
    written = {(write.kind, write.field) for step in made.steps if isinstance(step, WriteRow) for write in step.fields}
    hidden = {
        (kind.name, field.name)
        for kind, field in FIELDS
        if isinstance(live.settings[kind.name, field.name], Unknown) and not isinstance(live.rows[table_of(field)], NoRow)
    }
    objected = {objection.address.kind for objection in made.objections if objection.address is not None}
    declared = {(setting.kind, setting.field) for setting in desired.settings if not skipped(setting.kind, setting.field, setting.value)}

    assert written & hidden == set()
    if {key for key in declared & hidden if key[0] not in objected}:
        assert not made.is_complete


def skipped(kind: str, field: str, value: object) -> bool:
    return CATALOG.kind(kind).field(field).one_way and value is False


@QUICK
@given(wishes(), organizations())
def test_nothing_is_opened_before_what_limits_it_stands(desired: DesiredEnvironment, live: LiveState) -> None:
    places: dict[tuple[str, str], int] = {}
    values: dict[tuple[str, str], object] = {}
    for number, step in enumerate(writes(live, desired)):
        for write in step.fields:
            places[write.kind, write.field] = number
            values[write.kind, write.field] = write.after

    for kind, field in LIMITS:
        limit, switch = (kind.name, field.name), field.limits
        if switch in places and limit in places and values[switch] is True:
            assert places[limit] < places[switch]
        if switch in places and limit in places and values[switch] is False:
            assert places[switch] < places[limit]


@QUICK
@given(wishes(), organizations())
def test_phases_never_go_back(desired: DesiredEnvironment, live: LiveState) -> None:
    phases: list[Phase] = [step.phase for step in build_plan(desired, live, CATALOG).steps]

    assert phases == sorted(phases, key=PHASES.index)


@QUICK
@given(wishes(), organizations())
def test_every_declared_setting_is_compared_or_accounted_for(desired: DesiredEnvironment, live: LiveState) -> None:
    made = build_plan(desired, live, CATALOG)
    known = {(kind.name, field.name) for kind, field in FIELDS}
    declared = [setting for setting in desired.settings if (setting.kind, setting.field) in known]

    assert made.checked <= len(declared) + len(desired.forms)
    if made.checked < len([s for s in declared if not skipped(s.kind, s.field, s.value)]):
        assert made.problems or made.unread or made.objections


def test_every_kind_is_generated() -> None:
    kinds: set[Kind] = {kind for kind, _ in FIELDS}

    assert kinds == set(CATALOG.kinds)
