"""Turns declared forms into what the form engine would do to each of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reconciler.catalog.book import Catalog
from reconciler.forms.picture import picture
from reconciler.forms.picture_svg import before_and_after
from reconciler.forms.reconcile import Edit, Reconciled, WidgetSpec, differs_only_by_ours, reconcile
from reconciler.model.address import Address
from reconciler.model.change import WidgetChange
from reconciler.model.desired import DesiredEnvironment, DesiredForm
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.fact import Unknown
from reconciler.model.live import FormMissing, LiveForm, LiveState
from reconciler.model.plan import FormPicture, Unread
from reconciler.model.source import Origin
from reconciler.plan import codes
from reconciler.plan.nearest import nearest
from reconciler.plan.restored_form import restored, surgical

FORM_KIND: Final = "form_widgets"
MAIN_FORM: Final = 2
PICTURE_WIDTH: Final = 96


@dataclass(frozen=True, slots=True)
class FormCase:
    """One declared form that was found: what is there, what the engine makes of it, and what people see change."""

    wish: DesiredForm
    live: LiveForm
    address: Address
    result: Reconciled
    changes: tuple[WidgetChange, ...]
    only_ours_unpublished: bool
    is_unseen: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether the form itself has to be written."""
        return self.result.xml != self.live.unpublished

    @property
    def is_published(self) -> bool:
        """Whether people see the copy that is edited, byte for byte."""
        return self.live.published == self.live.unpublished

    @property
    def needs_publishing(self) -> bool:
        """Whether this plan has to publish: for its own change, or to finish a run of ours that was cut.

        Such a run needs finishing, too, when others went on editing the form meanwhile: people do not see what is declared.
        """
        return self.is_changed or (not self.is_published and (self.only_ours_unpublished or self.is_unseen))


@dataclass(frozen=True, slots=True)
class FormCases:
    """The declared forms, found or not."""

    forms: tuple[FormCase, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    unread: tuple[Unread, ...] = ()


def known_widgets(catalog: Catalog) -> tuple[WidgetSpec, ...]:
    """The widgets that the form engine recognises."""
    return tuple(WidgetSpec(widget.name, widget.title, widget.controls, widget.default_rows) for widget in catalog.widgets)


def form_cases(desired: DesiredEnvironment, live: LiveState, catalog: Catalog) -> FormCases:
    """Looks each declared form up and lets the engine compare it; collects everything that stands in the way."""
    cases: list[FormCase] = []
    problems: list[Diagnostic] = []
    unread: list[Unread] = []
    seen: dict[str, DesiredForm] = {}
    for wish in desired.forms:
        fact = live.forms.get((wish.table, str(wish.form)), Unknown("it was not read"))
        address = Address(desired.name, FORM_KIND, f"{wish.table}/{fact.name if isinstance(fact, LiveForm) else wish.form}")
        if isinstance(fact, Unknown):
            unread.append(Unread(address, "form", fact.reason))
        elif isinstance(fact, FormMissing):
            problems.append(_missing(wish, fact))
        elif fact.id in seen:
            problems.append(_twice(wish, fact, seen[fact.id]))
        else:
            seen[fact.id] = wish
            if fact.type == MAIN_FORM:
                case = _form_case(wish, fact, address, live, catalog, desired.accept)
                problems += _problems(case)
            else:
                case = FormCase(wish, fact, address, Reconciled(fact.unpublished, (), (), (), {}), (), False)
            cases.append(case)
    return FormCases(tuple(cases), tuple(problems), tuple(unread))


def _form_case(wish: DesiredForm, form: LiveForm, address: Address, live: LiveState, catalog: Catalog, accept: frozenset[str]) -> FormCase:
    known = known_widgets(catalog)
    if wish.restoration is not None:
        wish = replace(wish, widgets=surgical(wish.restoration, form, known, live.caller.language))
    result = reconcile(
        form.unpublished, form_id=form.id, wanted=wish.widgets, known=known, language=live.caller.language, exclusive=wish.exclusive
    )
    if wish.restoration is not None:
        result = restored(wish.restoration, form, result)
    gone = Origin(wish.origin.span, f"no longer among the widgets of {address.key}")
    changes = tuple(_change(edit, address, catalog, gone, accept) for edit in result.edits)
    only_ours = form.published is not None and differs_only_by_ours(form.published, form.unpublished, form_id=form.id, known=known)
    return FormCase(wish, form, address, result, changes, only_ours, _is_unseen(wish, form, catalog, live.caller.language))


def _is_unseen(wish: DesiredForm, form: LiveForm, catalog: Catalog, language: int) -> bool:
    """Whether the copy that people see carries the declared widgets otherwise than wished, or not at all."""
    if form.published is None:
        return bool(wish.widgets)
    if form.published == form.unpublished:
        return False
    known = known_widgets(catalog)
    seen = reconcile(form.published, form_id=form.id, wanted=wish.widgets, known=known, language=language, exclusive=wish.exclusive)
    return bool(seen.edits) or any(widget.widget not in seen.placements for widget in wish.widgets)


def _change(edit: Edit, form: Address, catalog: Catalog, gone: Origin, accept: frozenset[str]) -> WidgetChange:
    widget = catalog.widget(edit.widget)
    acceptance = widget.acceptance if widget.certainty != "documented" and widget.acceptance in accept else None
    address = Address(form.environment, form.kind, f"{form.key}/{edit.widget}")
    return WidgetChange(address, edit.action, edit.before, edit.after, widget.certainty, acceptance, edit.origin or gone)


def _problems(case: FormCase) -> list[Diagnostic]:
    where = case.wish.origin.span
    return [
        Diagnostic(problem.code, f"{case.address.key}: {problem.message}", problem.where or where, problem.hint)
        for problem in case.result.problems
    ]


def _missing(wish: DesiredForm, missing: FormMissing) -> Diagnostic:
    where = wish.form.where or wish.origin.span
    if missing.matches > 1:
        same = sorted(row for row, name in missing.candidates if name == wish.form.value)
        hint = f"write form: one of {', '.join(f'{{id: {row}}}' for row in same)}" if same else "write form: {id: ...}"
        return Diagnostic(codes.FORM_AMBIGUOUS, f"{missing.matches} main forms of {wish.table} are called {wish.form}", where, hint)
    return Diagnostic(
        codes.FORM_NOT_FOUND,
        f"{wish.table} has no main form {wish.form} (names are compared exactly, in the caller's language)",
        where,
        nearest(wish.form.value, missing.candidates),
    )


def _twice(wish: DesiredForm, form: LiveForm, first: DesiredForm) -> Diagnostic:
    where = wish.form.where or wish.origin.span
    message = f'{wish.form} and {first.form} are the same form "{form.name}" of {wish.table}'
    return Diagnostic(codes.FORM_DECLARED_TWICE, message, where, "declare it once, with all of its widgets")


def pictures(cases: Sequence[FormCase], catalog: Catalog) -> tuple[FormPicture, ...]:
    """The grid of every form that is written, before and after."""
    known = known_widgets(catalog)
    return tuple(
        FormPicture(
            case.address,
            picture(case.live.unpublished, known=known, width=PICTURE_WIDTH),
            picture(case.result.xml, known=known, width=PICTURE_WIDTH),
            before_and_after(case.live.unpublished, case.result.xml, known=known, title=case.address.key, form_id=case.live.id),
        )
        for case in cases
        if case.is_changed
    )


def by_table(cases: Sequence[FormCase]) -> Mapping[str, tuple[FormCase, ...]]:
    """The forms of each table, tables in order of first mention."""
    tables = dict.fromkeys(case.live.table for case in cases)
    return {table: tuple(case for case in cases if case.live.table == table) for table in tables}
