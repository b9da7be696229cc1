"""The commands that show forms as they are: `rictl forms list` and `rictl forms show`. They read environments and write nothing there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from reconciler.model.exit_codes import DONE, FAILED

if TYPE_CHECKING:
    from reconciler.live.main_forms import MainForms, OneForm
    from reconciler.live.session import Session
    from reconciler.model.desired import DesiredEnvironment, DesiredForm, Selector
    from reconciler.model.live import FormMissing, LiveForm

STANDARD = "sales-insights"
PICTURE_WIDTH = 100
_Read = TypeVar("_Read")
_LOGICAL_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,127}"

_hosts = click.option(
    "--allow-host",
    "hosts",
    metavar="HOST",
    multiple=True,
    help="Trust a host that is not of the declared cloud (plain http on loopback only).",
)


def _table(_context: click.Context, _option: click.Parameter, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    import re

    for each in (value,) if isinstance(value, str) else value:
        if not re.fullmatch(_LOGICAL_NAME, each):
            raise click.BadParameter(f"{each!r} cannot be the logical name of a table, such as `lead`")
    return value


@click.group()
def forms() -> None:
    """The main forms of an environment, with the widgets on them. Writes nothing there."""


@forms.command("list")
@click.argument("environment", metavar="ENV")
@click.option(
    "--table",
    "tables",
    metavar="TABLE",
    multiple=True,
    callback=_table,
    help="Only this table.  [default: the sales tables and the declared ones]",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What is printed.")
@_hosts
def list_forms(environment: str, tables: tuple[str, ...], form: str, hosts: tuple[str, ...]) -> int:
    """List the main forms, and who placed which widget where."""
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.form_listing import as_json, as_text, is_whole
    from reconciler.live.main_forms import read_main_forms
    from reconciler.plan.forms import known_widgets

    async def read(session: Session, desired: DesiredEnvironment) -> MainForms:
        usual = [table for widget in CATALOG.widgets for table in widget.tables]
        return await read_main_forms(session, tuple(dict.fromkeys(tables or (*usual, *(each.table for each in desired.forms)))))

    found = _read(environment, hosts, read)
    if found is None:
        return FAILED
    name, listed = found
    known = known_widgets(CATALOG)
    click.echo(as_json(name, listed, known) if form == "json" else as_text(name, listed, known))
    return DONE if is_whole(listed) else FAILED


@forms.command()
@click.argument("environment", metavar="ENV")
@click.argument("table", callback=_table)
@click.argument("form")
@click.option("--format", "picture_format", type=click.Choice(["text", "svg"]), default="text", show_default=True, help="What is drawn.")
@click.option("--published", is_flag=True, help="Draw what people see, not the copy that is being edited.")
@_hosts
def show(environment: str, table: str, form: str, picture_format: str, published: bool, hosts: tuple[str, ...]) -> int:
    """Draw the grid of one main form: tabs, columns, sections, and the widgets in them.

    FORM is its exact name, its id, or standard:sales-insights.
    """
    from reconciler.live.main_forms import read_form
    from reconciler.model.desired import DesiredForm
    from reconciler.model.fact import Unknown
    from reconciler.model.live import FormMissing

    wanted = DesiredForm(table=table, form=_selector(form), widgets=())

    async def read(session: Session, _desired: DesiredEnvironment) -> OneForm:
        return await read_form(session, wanted)

    found = _read(environment, hosts, read)
    if found is None:
        return FAILED
    name, one = found
    if isinstance(one.fact, Unknown):
        return _fail("form-unread", f"{name}: {table}/{form}: {one.fact.reason}", "run it again, or check what the user may read")
    if isinstance(one.fact, FormMissing):
        return _missing(wanted, one.fact)
    copy = one.fact.published if published else one.fact.unpublished
    if copy is None:
        return _fail("form-unpublished", f"{name}: the form {one.fact.name} of {table} was never published", "leave --published out")
    return _draw(one, one.fact, copy, picture_format, published)


def _draw(one: OneForm, form: LiveForm, copy: bytes, picture_format: str, published: bool) -> int:
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.form_listing import titled
    from reconciler.forms.locate import FormUnreadable
    from reconciler.plan.forms import known_widgets

    known = known_widgets(CATALOG)
    try:
        if picture_format == "svg":
            from reconciler.forms.picture_svg import picture_svg

            click.echo(picture_svg(copy, known=known, title=f"{form.table} / {form.name}", form_id=form.id), nl=False)
        else:
            from reconciler.forms.picture import picture

            drawn = picture(copy, known=known, width=PICTURE_WIDTH, form_id=form.id)
            click.echo(f"{titled(form, one.caller.language, published=published)}\n\n{drawn}")
    except FormUnreadable as error:
        return _fail("form-unreadable", f"{form.table}/{form.name}: {error}", "repair the form in the form designer")
    return DONE


def _selector(text: str) -> Selector:
    from uuid import UUID

    from reconciler.model.desired import Selector

    if text.startswith("standard:"):
        if text.removeprefix("standard:") != STANDARD:
            raise click.BadParameter(f"the only standard form that has a name of its own is standard:{STANDARD}", param_hint="FORM")
        return Selector("standard", STANDARD)
    try:
        return Selector("id", str(UUID(text.strip())))
    except ValueError:
        return Selector("name", text)


def _missing(wanted: DesiredForm, missing: FormMissing) -> int:
    from reconciler.catalog.widgets import SALES_INSIGHTS_FORMS
    from reconciler.plan import codes
    from reconciler.plan.nearest import nearest

    if missing.matches > 1:
        same = ", ".join(row for row, name in missing.candidates if name == wanted.form.value)
        return _fail(
            codes.FORM_AMBIGUOUS, f"{missing.matches} main forms of {wanted.table} are called {wanted.form}", f"give its id: {same}"
        )
    if not missing.candidates:
        usual = ", ".join(table for table, _ in SALES_INSIGHTS_FORMS)
        return _fail(codes.FORM_NOT_FOUND, f"there are no main forms of {wanted.table}", f"TABLE is a logical name, such as {usual}")
    said = f"{wanted.table} has no main form {wanted.form} (names are compared exactly, in the caller's language)"
    return _fail(codes.FORM_NOT_FOUND, said, nearest(wanted.form.value, missing.candidates))


def _fail(code: str, summary: str, hint: str) -> int:
    from reconciler.cli.failures import show_diagnostics
    from reconciler.model.diagnostic import Diagnostic

    show_diagnostics([Diagnostic(code, summary, None, hint)])
    return FAILED


def _read(
    environment: str, hosts: tuple[str, ...], read: Callable[[Session, DesiredEnvironment], Awaitable[_Read]]
) -> tuple[str, _Read] | None:
    """The environment's name and what was read of it through a session that cannot write; None after saying why nothing could be."""
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.choosing import chosen
    from reconciler.cli.connect import Connections
    from reconciler.cli.failures import show_remote_error
    from reconciler.model.errors import RemoteError

    workspace, (desired, *_) = chosen((environment,), CATALOG)
    connections = Connections(workspace, CATALOG, os.environ, frozenset(hosts))

    async def once() -> _Read:
        connections.start([desired])
        async with connections.session(desired, read_only=True) as session:
            return await read(session, desired)

    try:
        return desired.name, asyncio.run(once())
    except RemoteError as error:
        show_remote_error(desired.name, error)
        return None
    finally:
        connections.close()
