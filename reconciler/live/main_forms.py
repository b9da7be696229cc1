"""Reads the main forms of tables, or one form with what stands around it, in one batch. Touches the network through a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.live import documents, surroundings
from reconciler.live.answer import Answer
from reconciler.live.doubts import rows_or_doubt
from reconciler.live.odata import literal, name, query
from reconciler.live.questions import FORM_COLUMNS, MAIN_FORM, Topic, questions
from reconciler.live.scope import Scope
from reconciler.live.session import Session
from reconciler.model.desired import DesiredForm
from reconciler.model.fact import Unknown
from reconciler.model.live import Caller, FormFact, LiveForm, Organization


@dataclass(frozen=True, slots=True)
class ListedForm:
    """A main form as it is being edited. `has_pending`: its unpublished copy is not yet what people see."""

    form: LiveForm
    is_active: bool
    has_pending: bool


@dataclass(frozen=True, slots=True)
class MainForms:
    """The main forms of some tables, sorted by name, and whose eyes they were read with."""

    organization: Organization
    caller: Caller
    tables: Mapping[str, tuple[ListedForm, ...] | Unknown]


@dataclass(frozen=True, slots=True)
class OneForm:
    """One form, or why there is none."""

    organization: Organization
    caller: Caller
    fact: FormFact


async def read_main_forms(session: Session, tables: Sequence[str]) -> MainForms:
    """Every main form of these tables. Raises RemoteError when nothing can be said at all."""
    asked = questions(_scope()) | {("forms", table): main_forms_of(table) for table in tables}
    answers = await _ask(session, asked)
    organization = surroundings.organization_of(answers, session.endpoint.url)
    found = {table: _listed(answers[("forms", table)]) for table in tables}
    return MainForms(organization, surroundings.caller_of(answers), found)


async def read_form(session: Session, wanted: DesiredForm) -> OneForm:
    """Both copies of one form, or the main forms that there are instead. Raises RemoteError when nothing can be said at all."""
    scope = _scope(wanted)
    answers = await _ask(session, questions(scope))
    organization, caller = surroundings.organization_of(answers, session.endpoint.url), surroundings.caller_of(answers)
    return OneForm(organization, caller, documents.forms_of(scope, answers, caller.language)[wanted.table, str(wanted.form)])


def main_forms_of(table: str) -> str:
    """The address of all main forms of a table as they are being edited."""
    drafts = "systemforms/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()"
    wanted = f"objecttypecode eq {literal(name(table))} and type eq {MAIN_FORM}"
    return query(drafts, select=f"{FORM_COLUMNS},formactivationstate,componentstate", filter=wanted)


def _scope(*forms: DesiredForm) -> Scope:
    return Scope(fields=(), kinds=(), consent=False, columns={}, tables={}, forms=forms, controls=(), solutions=())


async def _ask(session: Session, asked: Mapping[Topic, str]) -> dict[Topic, Answer]:
    return dict(zip(asked, await session.batch_get(list(asked.values())), strict=True))


def _listed(answer: Answer) -> tuple[ListedForm, ...] | Unknown:
    rows = rows_or_doubt(answer, "systemform")
    if isinstance(rows, Unknown):
        return rows
    if "@odata.nextLink" in answer.document():
        return Unknown("systemform: more main forms than one page holds")
    found = []
    for row in rows:
        form = documents.live_form(row, None)
        if isinstance(form, Unknown):
            return Unknown(f"the form {row.get('name') or row.get('formid')}: {form.reason}")
        found.append(ListedForm(form, row.get("formactivationstate") != 0, row.get("componentstate") == 1))
    return tuple(sorted(found, key=lambda each: (each.form.name, each.form.id)))
