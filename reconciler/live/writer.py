"""Writes one thing at a time, and reads that thing back. Touches the network through a session."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from reconciler.catalog.book import Catalog
from reconciler.catalog.table import Table
from reconciler.live.answer import MISSING_ROW, Answer
from reconciler.live.definitions import choices_of, complaint_about, complaint_about_codes, definition_of, metadata_of, wanted_codes
from reconciler.live.documents import changed_by_others, live_form, published_row
from reconciler.live.odata import guid, key, name, query
from reconciler.live.questions import ROLES, changes_of, form_copies, selection
from reconciler.live.session import Session
from reconciler.live.settings import code_of, etag_of, field_fact, moment_of, person_of
from reconciler.live.surroundings import roles_of
from reconciler.live.wire import Names, Unwritable, stored_of
from reconciler.model.errors import Rejected
from reconciler.model.fact import Unknown
from reconciler.model.live import LiveForm
from reconciler.model.plan import AwaitActivation, FormCopy, WriteForm, WriteRow
from reconciler.model.ports import ActivationReading, Receipt, RowReading

_STRONG = {"Consistency": "Strong"}
"""Metadata past every cache of the service, which may lag by half a minute."""

_ROOT_ROLES = query("roles", select="roleid,name", filter="_parentroleid_value eq null and componentstate eq 0")


class DataverseWriter:
    """Writes through one session. Every write is a single request that is not sent again once it may have been carried out."""

    def __init__(self, session: Session, catalog: Catalog) -> None:
        self._session = session
        self._catalog = catalog

    async def confirm_metadata(self, tables: frozenset[str]) -> Mapping[str, str]:
        """Reads the tables' definitions past every cache; table -> complaint for those that do not fit the catalogue."""
        asked = [(table, definition_of(table)) for table in sorted(tables)]
        described = {table.name: table for table in self._catalog.tables}
        coded = [described[t] for t in sorted(tables) if t in described and wanted_codes(described[t], self._catalog)]
        paths = [path for _, path in asked] + [choices_of(table.name) for table in coded]
        if not paths:
            return {}
        answers = await self._session.batch_get(paths, headers=_STRONG)
        found = {t: complaint_about(t, metadata_of(a, t), self._catalog) for (t, _), a in zip(asked, answers, strict=False)}
        for table, answer in zip(coded, answers[len(asked) :], strict=True):
            found[table.name] = found[table.name] or complaint_about_codes(table, answer, self._catalog)
        return {table: complaint for table, complaint in found.items() if complaint}

    async def current_row(self, step: WriteRow) -> RowReading | None:
        """The row of the step as it is now, canonical; None when there is none. Raises Rejected when there are two."""
        table = self._catalog.table(step.table)
        options = selection(table, tuple(write.column for write in step.fields))
        by_name = any((write.encoding or "").endswith("-names") for write in step.fields)
        path = query(table.entity_set, **options, top=2) if step.row_id is None else query(_address(table, step.row_id), **options)
        answers = await self._session.batch_get([path, *([_ROOT_ROLES] if by_name else [])])
        roles = roles_of({ROLES: answers[1]}) if by_name else ()
        if isinstance(roles, Unknown):
            raise answers[1].error()
        row = _row(answers[0], table, alone=step.row_id is None)
        if row is None:
            return None
        names = Names(roles={role.id: role.name for role in roles})
        facts = {
            (write.kind, write.field): field_fact(self._catalog.kind(write.kind).field(write.field).type, row, write.column, names)
            for write in step.fields
        }
        person = person_of(row)
        return _reading(row, table, etag_of(row), facts, person.name if person else None)

    async def write_row(self, step: WriteRow, etag: str | None) -> Receipt:
        """One PATCH of the step's columns, or one POST when it creates the row. Raises Conflict when the row is another version by now."""
        table = self._catalog.table(step.table)
        body = self._body(step)
        if step.row_id is None:
            # With an id of our own, a create that is sent twice cannot make two rows.
            made = {table.primary_id: str(uuid.uuid4()), **_required_name(table), **body}
            return _taken(await self._session.post(table.entity_set, made))
        return _taken(await self._session.patch(_address(table, step.row_id), body, headers=_guard(etag)))

    async def activation(self, step: AwaitActivation) -> ActivationReading:
        """The status column as it is now; None when there is no row or it holds nothing."""
        activation = self._catalog.kind(step.kind).activation
        if activation is None:
            raise AssertionError(f"{step.kind} has no activation to wait for")
        table = self._catalog.table(step.table)
        path = _address(table, step.row_id) if step.row_id else table.entity_set
        answer = await self._session.get(query(path, select=f"{table.primary_id},{activation.column}"))
        row = _row(answer, table, alone=step.row_id is None)
        code = code_of(row, activation.column) if row is not None else None
        if isinstance(code, Unknown):
            raise Rejected("the status of the activation makes no sense", request=answer.request, why=code.reason)
        return ActivationReading(code, answer.date or self._session.now)

    async def current_form(self, form: WriteForm | FormCopy) -> LiveForm | None:
        """Both copies of the form as they are now; None when it is gone."""
        answers = await self._session.batch_get(form_copies(form.form_id))
        if _is_gone(answers[0]):
            return None
        draft, shown = answers[0].document(), published_row(answers[1])
        if isinstance(shown, Unknown):
            raise answers[1].error()
        found = live_form(draft, shown)
        if isinstance(found, Unknown):
            raise Rejected(f'the form "{form.form_name}" could not be read', request=answers[0].request, why=found.reason)
        return found

    async def write_form(self, step: WriteForm, xml: bytes, etag: str | None) -> Receipt:
        """One PATCH of formxml, recorded in the step's solution when there is one. Raises Conflict on another version."""
        solution = {"MSCRM.SolutionUniqueName": name(step.solution)} if step.solution else {}
        body = {"formxml": xml.decode("utf-8")}
        return _taken(await self._session.patch(f"systemforms({key(step.form_id)})", body, headers={**_guard(etag), **solution}))

    async def pending(self, table: str, besides: frozenset[str]) -> tuple[str, ...]:
        """Names of the table's forms and views with unpublished edits as they are now, without the forms of these ids."""
        forms, views = await self._session.batch_get(changes_of(table))
        found = changed_by_others(table, forms, views, besides)
        if isinstance(found, Unknown):
            raise Rejected(f"pending changes of {table} could not be read", request=forms.request, why=found.reason, hint="plan again")
        return found

    async def publish(self, table: str) -> Receipt:
        """PublishXml for one table, waiting while another publish or import runs."""
        order = f"<importexportxml><entities><entity>{name(table)}</entity></entities></importexportxml>"
        return _taken(await self._session.post("PublishXml", {"ParameterXml": order}))

    def _body(self, step: WriteRow) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for write in step.fields:
            type = self._catalog.kind(write.kind).field(write.field).type
            try:
                body[write.column] = stored_of(type, write.after, write.encoding)
            except Unwritable as error:
                raise Rejected(f"{write.field} cannot be written", why=str(error), hint="nothing was written by this step") from None
        return body


def _address(table: Table, id: str) -> str:
    return f"{table.entity_set}({key(id)})"


def _guard(etag: str | None) -> dict[str, str]:
    # Without a version, the star still keeps the service from making a new row where the old one vanished.
    return {"If-Match": etag or "*"}


def _taken(answer: Answer) -> Receipt:
    if not answer.is_success:
        raise answer.error()
    return Receipt(answer.status, answer.request_id, answer.client_request_id)


def _is_gone(answer: Answer) -> bool:
    return answer.status == 404 and answer.code == MISSING_ROW


def _row(answer: Answer, table: Table, *, alone: bool) -> Mapping[str, Any] | None:
    if not alone:
        return None if _is_gone(answer) else answer.document()
    rows = answer.rows()
    if len(rows) > 1:
        raise Rejected(f"{table.name} has more than one row", request=answer.request, why="which of them the service uses is not known")
    return rows[0] if rows else None


def _required_name(table: Table) -> dict[str, str]:
    required = table.primary_name is not None and table.column(table.primary_name).required != "None"
    return {str(table.primary_name): table.label} if required else {}


def _reading(row: Mapping[str, Any], table: Table, etag: str | None, facts: Mapping[Any, Any], by: str | None) -> RowReading:
    id = guid(str(row.get(table.primary_id)))
    if id is None:
        raise Rejected(f"the row of {table.name} has no id", why="the answer is not whole")
    return RowReading(id=id, etag=etag, facts=facts, modified_by=by, modified_on=moment_of(row))
