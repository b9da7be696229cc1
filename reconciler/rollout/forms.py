"""Carries out one write of a form and one publish: read, compare, splice, write, read back by meaning. Touches `LiveWriter`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from reconciler.forms.meaning import meaning
from reconciler.forms.reconcile import WidgetSpec, reconcile
from reconciler.model.live import LiveForm
from reconciler.model.plan import FormCopy, Publish, WriteForm
from reconciler.model.ports import LiveWriter
from reconciler.rollout.difference import differences
from reconciler.rollout.errors import Stale, StepFailed


async def write_form(step: WriteForm, writer: LiveWriter, known: Sequence[WidgetSpec], originals: Mapping[str, bytes]) -> str:
    """Splices the declared widgets into the form, or puts the original back, if its unpublished copy is still what was planned on.

    Returns the SHA-256 of what the service stored, which it may have normalised. Raises Stale before, StepFailed after the write.
    """
    current = await _read(step, writer, step.table)
    if sha256(current.unpublished).hexdigest() != step.before_sha256:
        raise Stale(
            f'the form "{step.form_name}" of {step.table} was changed since the plan was made. Nothing was written here; plan again'
        )
    xml = _wanted(step, current, known, originals)
    await writer.write_form(step, xml, current.etag if step.guarded else None)
    stored = await _read(step, writer, step.table)
    if stored.unpublished == current.unpublished:
        raise StepFailed(
            f'the service accepted the change of the form "{step.form_name}" and stored nothing: it is probably not customizable. '
            "Check its managed properties in the maker portal"
        )
    lost = differences(meaning(xml), meaning(stored.unpublished))
    if lost:
        raise StepFailed(f'the form "{step.form_name}" was stored with another meaning than what was written: {"; ".join(lost)}')
    return sha256(stored.unpublished).hexdigest()


def _wanted(step: WriteForm, current: LiveForm, known: Sequence[WidgetSpec], originals: Mapping[str, bytes]) -> bytes:
    if step.restores:
        if step.after_sha256 not in originals:
            raise Stale(f'the journal no longer holds the form "{step.form_name}" as it was; nothing was written here; plan again')
        return originals[step.after_sha256]
    result = reconcile(
        current.unpublished, form_id=step.form_id, wanted=step.widgets, known=known, language=step.language, exclusive=step.exclusive
    )
    if sha256(result.xml).hexdigest() != step.after_sha256:
        raise Stale(f'the plan of the form "{step.form_name}" was made by another version of rictl; plan again')
    return result.xml


async def publish(step: Publish, stored: Mapping[str, str], writer: LiveWriter) -> None:
    """Publishes the table if nobody else has begun to edit it, then proves for every declared form that people now see it.

    `stored` holds what this run wrote: id of the form -> SHA-256. Raises Stale before, StepFailed after the publish.
    """
    if not step.carries_others:
        await _confirm_alone(step, stored, writer)
    await writer.publish(step.table)
    for form in step.forms:
        current = await _read(form, writer, step.table)
        hidden = ["it has no published copy"]
        if current.published is not None:
            hidden = differences(meaning(current.unpublished), meaning(current.published))
        if hidden:
            raise StepFailed(
                f'{step.table} was published, but people do not see the form "{form.form_name}" as written: {"; ".join(hidden)}'
            )


async def _confirm_alone(step: Publish, stored: Mapping[str, str], writer: LiveWriter) -> None:
    """A publish carries along whatever is pending at its moment, not at that of the plan."""
    moved = list(await writer.pending(step.table, frozenset(form.form_id for form in step.forms)))
    for form in step.forms:
        current = await _read(form, writer, step.table)
        if sha256(current.unpublished).hexdigest() != (form.sha256 or stored.get(form.form_id)):
            moved.append(form.form_name)
    if moved:
        raise Stale(f"others have begun to edit {step.table} since the plan was made: {', '.join(moved)}. It was not published; plan again")


async def _read(form: WriteForm | FormCopy, writer: LiveWriter, table: str) -> LiveForm:
    current = await writer.current_form(form)
    if current is None:
        raise Stale(f'the form "{form.form_name}" of {table} is gone; plan again')
    return current
