"""Turns runs of the journal into text: one line a run, or every step of one run with what it found and what it wrote. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.journal import (
    Answered,
    Begun,
    Ended,
    Entry,
    FormIntent,
    Line,
    PublishIntent,
    Recovered,
    RowIntent,
    StepEnded,
    Waiting,
)
from reconciler.model.journal_runs import RunRecord
from reconciler.model.words import in_words, value_in_words
from reconciler.report.escape import escape

_COMMIT = 12
_SHA = 12


def history_text(records: Sequence[RunRecord]) -> str:
    """One line a run, newest first: id, environment, when, result, counts, who, commit."""
    if not records:
        return "no runs"
    rows = [_row(record) for record in records]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = ("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _row(record: RunRecord) -> list[str]:
    begun = record.begun
    counts = ", ".join(f"{count} {status}" for status, count in record.counts().items() if count) or "no steps"
    undoes = f"  undoes {begun.undoes}" if begun.undoes else ""
    cells = [record.run, begun.environment, f"{record.at:%Y-%m-%d %H:%M:%S}", record.result, counts, _who(begun), _commit(begun) + undoes]
    return [escape(cell) for cell in cells]


def run_text(record: RunRecord) -> str:
    """One run in one environment: its origin, then every step, what was there before and what is there after."""
    begun = record.begun
    head = [
        f"{record.run}  {begun.environment}  {begun.organization}  {begun.url}",
        f"  begun {record.at:%Y-%m-%d %H:%M:%S} UTC by {_who(begun)}, {_commit(begun)}, rictl {begun.tool_version}",
        f"  plan {begun.plan_sha256}",
    ]
    head += [f"  job {begun.actor.ci_run}"] if begun.actor.ci_run else []
    head += [f"  undoes run {begun.undoes}"] if begun.undoes else []
    head += [f"  waived {code}: {why}" for code, why in begun.waivers]
    head += [f"  approved {group}: {who}" for group, who in begun.approvals]
    reached: set[int] = set()
    body: list[str] = []
    for line in record.lines:
        number = getattr(line.entry, "step", None)
        if isinstance(number, int) and number not in reached:
            reached.add(number)
            body.append(f"  {number + 1}. {_title(begun, number)}")
        body += [f"     {said}" for said in _said(line)]
    rest = [f"  {number + 1}. {title}  not reached" for number, title in enumerate(begun.steps) if number not in reached]
    last = [] if record.ended is not None else ["  cut: the journal does not say how it ended; rictl plan tells what is there now"]
    return "\n".join(escape(line) for line in (*head, *body, *rest, *last))


def _title(begun: Begun, number: int) -> str:
    return begun.steps[number] if 0 <= number < len(begun.steps) else "a step that the plan did not have"


def _said(line: Line) -> Iterator[str]:
    entry: Entry = line.entry
    match entry:
        case RowIntent():
            for field in entry.fields:
                name = f"{field.kind}.{field.field} ({entry.table}.{field.column})"
                yield f"{name}  {in_words(field.before)} -> {value_in_words(field.after)}"
        case FormIntent():
            yield f"FormXml sha256 {entry.before_sha256[:_SHA]} -> {entry.after_sha256[:_SHA]}, what was there is in the journal"
        case PublishIntent():
            yield f"publish {entry.table}"
        case Waiting():
            yield f"waiting for {entry.kind} to be {entry.target}, at most {entry.timeout_seconds} s"
        case Answered():
            yield _answer(entry)
        case StepEnded():
            yield f"{entry.status} after {entry.milliseconds / 1000:.1f} s{': ' if entry.detail else ''}{entry.detail}"
        case Recovered():
            yield f"the line before was cut after {entry.cut_bytes} bytes: the process that wrote it ended in the middle"
        case Ended():
            yield f"{entry.result}{': ' if entry.detail else ''}{entry.detail}"
        case Begun():
            return


def _answer(entry: Answered) -> str:
    ids = [f"request id {entry.request_id}"] if entry.request_id else []
    ids += [f"client request id {entry.client_request_id}"] if entry.client_request_id else []
    status = f" ({entry.status})" if entry.status is not None else ""
    return ", ".join([f"{entry.effect}{status}{': ' if entry.detail else ''}{entry.detail}", *ids])


def _who(begun: Begun) -> str:
    return f"{begun.actor.caller} for {begun.actor.ci_actor}" if begun.actor.ci_actor else begun.actor.caller


def _commit(begun: Begun) -> str:
    if begun.commit is None:
        return "no commit"
    return f"commit {begun.commit[:_COMMIT]}{' with local changes' if begun.dirty else ''}"
