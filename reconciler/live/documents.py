"""Turns the answers about forms and what stands around them into forms, pending changes, controls and solutions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, Literal

from reconciler.live.answer import Answer
from reconciler.live.doubts import doubt, rows_or_doubt
from reconciler.live.odata import guid
from reconciler.live.questions import CONTROLS, SOLUTIONS, Topic, form_id
from reconciler.live.scope import Scope
from reconciler.live.settings import etag_of
from reconciler.model.desired import DesiredForm
from reconciler.model.errors import RemoteError
from reconciler.model.fact import Unknown
from reconciler.model.live import FormFact, FormMissing, LiveForm

Answers = Mapping[Topic, Answer]
Candidates = tuple[tuple[str, str], ...]


def forms_of(scope: Scope, answers: Answers, language: int) -> dict[tuple[str, str], FormFact]:
    """Every declared form, by table and selector. Labels follow the caller's language, so without one nothing is said of a form."""
    if not language:
        return {(form.table, str(form.form)): Unknown("the language of the caller could not be read") for form in scope.forms}
    return {(form.table, str(form.form)): _form_fact(form, answers) for form in scope.forms}


def pending_of(scope: Scope, answers: Answers, forms: Mapping[tuple[str, str], FormFact]) -> dict[str, tuple[str, ...] | Unknown]:
    """By table: names of the forms and views with unpublished edits, the declared forms left out."""
    ours = {form.id for form in forms.values() if isinstance(form, LiveForm)}
    pending: dict[str, tuple[str, ...] | Unknown] = {}
    for table in scope.form_tables:
        pending[table] = changed_by_others(table, answers.get(("changed-forms", table)), answers.get(("changed-views", table)), ours)
    return pending


def changed_by_others(table: str, forms: Answer | None, views: Answer | None, besides: Set[str]) -> tuple[str, ...] | Unknown:
    """Names of the forms and views of one table with unpublished edits, without the forms of these ids."""
    changed = rows_or_doubt(forms, f"unpublished forms of {table}")
    queries = rows_or_doubt(views, f"unpublished views of {table}")
    if isinstance(changed, Unknown):
        return changed
    if isinstance(queries, Unknown):
        return queries
    others = [*(row for row in changed if guid(str(row.get("formid"))) not in besides), *queries]
    return tuple(sorted({str(row.get("name") or "(no name)") for row in others}))


def controls_of(scope: Scope, answers: Answers) -> frozenset[str] | Unknown:
    """Which of the custom controls that the declared widgets need are there."""
    if not scope.controls:
        return frozenset()
    rows = rows_or_doubt(answers.get(CONTROLS), "customcontrol")
    return rows if isinstance(rows, Unknown) else frozenset(str(row.get("name")) for row in rows) & frozenset(scope.controls)


def solutions_of(scope: Scope, answers: Answers) -> dict[str, Literal["unmanaged", "managed", "missing"]]:
    """What the declared solutions are; one of which nothing could be read is left out."""
    rows = rows_or_doubt(answers.get(SOLUTIONS), "solution")
    if isinstance(rows, Unknown):
        return {}
    found = {row.get("uniquename"): row.get("ismanaged") for row in rows}
    return {name: _solution(name, found) for name in scope.solutions if found.get(name) in (True, False, None)}


def live_form(unpublished: Mapping[str, Any], published: Mapping[str, Any] | None) -> LiveForm | Unknown:
    """One form from the rows of its two copies; Unknown when the row is not whole."""
    id, xml, kind = guid(str(unpublished.get("formid"))), unpublished.get("formxml"), unpublished.get("type")
    if id is None or not isinstance(xml, str) or not xml or not isinstance(kind, int):
        return Unknown("the answer about the form lacks its id, its type or its FormXml")
    seen = published.get("formxml") if published else None
    customizable = unpublished.get("iscustomizable")
    try:
        return LiveForm(
            id=id,
            name=str(unpublished.get("name") or ""),
            table=str(unpublished.get("objecttypecode") or ""),
            type=kind,
            unpublished=xml.encode("utf-8"),
            published=seen.encode("utf-8") if isinstance(seen, str) else None,
            etag=etag_of(unpublished),
            # What is not said is taken for the case that has to be allowed.
            is_managed=unpublished.get("ismanaged") is not False,
            is_customizable=not (isinstance(customizable, Mapping) and customizable.get("Value") is False),
        )
    except UnicodeEncodeError:
        return Unknown("the FormXml holds text that is no Unicode")


def published_row(answer: Answer | None) -> Mapping[str, Any] | Unknown | None:
    """The published copy of one form; None when it was never published."""
    if answer is None or (not answer.is_success and answer.status != 404):
        return doubt(answer, "systemform") if answer else Unknown("systemform was not read")
    try:
        return None if answer.status == 404 else answer.document()
    except RemoteError as error:
        return Unknown(f"systemform: {error.what}")


def _solution(name: str, found: Mapping[Any, Any]) -> Literal["unmanaged", "managed", "missing"]:
    if found.get(name) is None:
        return "missing"
    return "managed" if found[name] else "unmanaged"


def _form_fact(form: DesiredForm, answers: Answers) -> FormFact:
    listed = rows_or_doubt(answers.get(("names", form.table)), "systemform")
    if isinstance(listed, Unknown):
        return listed
    candidates = tuple(sorted((guid(str(row.get("formid"))) or "", str(row.get("name") or "")) for row in listed))
    found = _by_name(form, answers, candidates) if form.form.by == "name" else _by_id(form, answers, candidates)
    # A form of another type stays what it is: the plan objects to it by name instead of denying that it exists.
    return FormMissing(candidates) if isinstance(found, LiveForm) and found.table != form.table else found


def _by_name(form: DesiredForm, answers: Answers, candidates: Candidates) -> FormFact:
    drafts = rows_or_doubt(answers.get(("unpublished", form.table, str(form.form))), "systemform")
    shown = rows_or_doubt(answers.get(("published", form.table, str(form.form))), "systemform")
    if isinstance(drafts, Unknown) or isinstance(shown, Unknown):
        return drafts if isinstance(drafts, Unknown) else shown if isinstance(shown, Unknown) else FormMissing(candidates)
    # The service compares names without regard to case; a file means the name that it says.
    named = [row for row in drafts if row.get("name") == form.form.value]
    if len(named) != 1:
        return FormMissing(candidates, matches=len(named))
    id = guid(str(named[0].get("formid")))
    published = next((row for row in shown if guid(str(row.get("formid"))) == id), None)
    if published is None and any(known == id for known, _ in candidates):
        return Unknown("the form was renamed and the new name is not published yet; publish it, or declare the form by id")
    return live_form(named[0], published)


def _by_id(form: DesiredForm, answers: Answers, candidates: Candidates) -> FormFact:
    answer = answers.get(("unpublished", form.table, str(form.form)))
    if form_id(form) is None or (answer is not None and answer.status == 404):
        return FormMissing(candidates)
    draft, shown = published_row(answer), published_row(answers.get(("published", form.table, str(form.form))))
    if isinstance(draft, Unknown) or isinstance(shown, Unknown):
        return draft if isinstance(draft, Unknown) else shown if isinstance(shown, Unknown) else FormMissing(candidates)
    return FormMissing(candidates) if draft is None else live_form(draft, shown)
