"""Turns compared forms into steps: one write a changed form, then one publish a table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from reconciler.model.live import LiveState, TableMetadata
from reconciler.model.plan import FormCopy, Publish, WriteForm
from reconciler.model.source import Origin
from reconciler.plan.forms import FormCase, by_table
from reconciler.plan.restored_form import is_exact

FORM_TABLE = "systemform"


def form_steps(cases: Sequence[FormCase], live: LiveState) -> tuple[WriteForm | Publish, ...]:
    """A form whose bytes stay is not written; a table is published once, after all of its forms."""
    writes = tuple(_write(case, live) for case in cases if case.is_changed)
    return (*writes, *(_publish(table, by_table(cases)[table]) for table in tables_to_publish(cases)))


def tables_to_publish(cases: Sequence[FormCase]) -> tuple[str, ...]:
    """The tables of which at least one declared form needs publishing."""
    return tuple(table for table, forms in by_table(cases).items() if any(form.needs_publishing for form in forms))


def _publish(table: str, cases: Sequence[FormCase]) -> Publish:
    forms = tuple(
        FormCopy(case.live.id, case.live.name, None if case.is_changed else sha256(case.live.unpublished).hexdigest()) for case in cases
    )
    return Publish("publish", table, forms, any(case.wish.publish_pending for case in cases))


def _write(case: FormCase, live: LiveState) -> WriteForm:
    metadata = live.metadata.get(FORM_TABLE)
    guarded = metadata.optimistic_concurrency if isinstance(metadata, TableMetadata) else False
    # Places in the files do not belong into a step: a saved plan holds as long as the wish does, wherever it is written.
    widgets = tuple(replace(widget, origin=Origin(None)) for widget in case.wish.widgets)
    return WriteForm(
        phase="forms",
        table=case.live.table,
        form_id=case.live.id,
        form_name=case.live.name,
        before_sha256=sha256(case.live.unpublished).hexdigest(),
        after_sha256=sha256(case.result.xml).hexdigest(),
        etag=case.live.etag,
        guarded=guarded,
        language=live.caller.language,
        widgets=widgets,
        exclusive=case.wish.exclusive,
        solution=case.wish.solution,
        restores=case.wish.restoration is not None and is_exact(case.wish.restoration, case.live),
    )
