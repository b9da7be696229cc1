"""`rictl explain`: a saved plan, a code, a kind, a widget or an accepted inference in plain sentences, offline. Reads files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from reconciler.model.exit_codes import DONE


@click.command()
@click.argument("subject", metavar="PLAN|CODE|NAME")
def explain(subject: str) -> int:
    """Explain a saved plan, or a word that rictl uses.

    \b
    PLAN  a file of `rictl plan --out`: what people will see, what is processed, what cannot be taken back
    CODE  the code of an error, objection, notice or task: what it means and what to do
    NAME  a kind, a setting, a widget or an entry of `accept`
    """
    from reconciler.cli.saved import is_plan_file

    if is_plan_file(subject):
        click.echo(_plan(Path(subject)))
        return DONE
    known = _known()
    if subject not in known:
        from difflib import get_close_matches

        near = get_close_matches(subject, known, n=3)
        meant = f" Did you mean {', '.join(near)}?" if near else " Codes stand in brackets behind `error` and in every plan."
        raise click.UsageError(f"there is no plan file, code or name {subject[:80]!r}.{meant}")
    click.echo(known[subject]())
    return DONE


def _plan(path: Path) -> str:
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.saved import read_document
    from reconciler.report.explain_plan import plan_explained

    document, _ = read_document(path)
    return plan_explained(document.plans, CATALOG, failed=len(document.unreadable))


def _known() -> dict[str, Callable[[], str]]:
    """Every word that can be explained, and what explains it."""
    from reconciler.catalog.acceptance import ACCEPTANCES
    from reconciler.catalog.register import CATALOG
    from reconciler.cli.explanations import explanations
    from reconciler.report.explain_kind import acceptance_explained, field_explained, kind_explained, widget_explained

    known: dict[str, Callable[[], str]] = {}
    for kind in CATALOG.kinds:
        for name in (kind.name, kind.title, kind.section[-1], ".".join(kind.section)):
            known[name] = partial(kind_explained, kind)
        for field in kind.fields:
            known[f"{kind.section[-1]}.{field.name}"] = partial(field_explained, field)
    for widget in CATALOG.widgets:
        known[widget.name] = partial(widget_explained, widget)
    for acceptance in ACCEPTANCES:
        known[acceptance.name] = partial(acceptance_explained, acceptance)
    for code, text in explanations().items():
        known[code] = partial(_code, code, text)
    return known


def _code(code: str, text: str) -> str:
    return f"{code}\n\n{text}"
