"""Turns rows of the status into a table and the sentences below it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.plan import Consent
from reconciler.report.diagnostics import count
from reconciler.report.escape import escape
from reconciler.report.layout import folded, wrapped
from reconciler.report.status import Drift, Feature, LastRun, StatusRow

WARNED_DAYS = 7
"""From so many days on, the end of the window is told once more below the table."""


def status_text(rows: Sequence[StatusRow]) -> str:
    """One line an environment, what does not fit below it; then who is next, and what is urgent; one last line that counts."""
    lines = folded([_cells(row) for row in rows], indent="", widest=40)
    for row in rows:
        lines += _sentences(row)
    return "\n".join(escape(line) for line in (*lines, "", _last_line(rows)))


def _cells(row: StatusRow) -> list[str]:
    run = _run(row.last_run)
    if row.error is not None:
        return [row.environment, f"unreachable ({row.error})", run]
    present = row.widgets.present if row.widgets.present is not None else "?"
    widgets = f"widgets {present}/{row.widgets.declared}"
    nobody_said = "-" if row.drift.state != "unknown" else "?"
    roles = f"roles {row.roles if row.roles is not None else nobody_said}"
    return [row.environment, _drift(row.drift), _consent(row.consent), roles, widgets, run, _on(row.features)]


def _drift(drift: Drift) -> str:
    lapsed = f", {len(drift.switched_off_by_service)} lapsed" if drift.switched_off_by_service else ""
    if drift.state == "unknown":
        return f"drift unknown{f' ({drift.changes} seen)' if drift.changes else ''}{lapsed}"
    if drift.state == "nothing":
        return f"no drift{lapsed}"
    return f"{count(drift.changes, 'change') if drift.changes else 'not published'}{lapsed}"


def _consent(consent: Consent | None) -> str:
    if consent is None:
        return "consent not-needed"
    left = f", {count(consent.days_left, 'day')} left" if consent.days_left is not None else ""
    return f"consent {consent.state}{left}"


def _run(last: LastRun | None) -> str:
    if last is None:
        return "no journal"
    return f"{last.result} {last.at:%Y-%m-%d}" if last.at is not None else last.result


def _on(features: Sequence[Feature]) -> str:
    if not features:
        return "no feature declared"
    states = {state: [feature.kind for feature in features if feature.state == state] for state in ("on", "off", "unknown")}
    return "; ".join(f"{state}: {', '.join(names)}" for state, names in states.items() if names)


def _sentences(row: StatusRow) -> Iterator[str]:
    consent = row.consent
    told = []
    if row.drift.switched_off_by_service and consent is not None:
        told.append(f"no drift, but a lapse: {consent.evidence}")
    if row.refused:
        told.append(f"refused: {', '.join(row.refused)}")
    if row.next is not None:
        until = f" until {row.next.until:%Y-%m-%d}" if row.next.until is not None else ""
        told.append(f"next: {row.next.who}{until}: {row.next.what}")
    if consent is not None and consent.days_left is not None and consent.days_left <= WARNED_DAYS:
        told.append(f"! {count(consent.days_left, 'day')} left; the message for the administrator: rictl handoff {row.environment}")
    if told:
        yield from ("", row.environment)
        for sentence in told:
            yield from wrapped(sentence, indent="  ", hanging="  ")


def _last_line(rows: Sequence[StatusRow]) -> str:
    drifted = sum(row.drift.state == "changes" for row in rows)
    unreadable = sum(not row.is_readable for row in rows)
    waiting = sum(row.next is not None for row in rows)
    said = f"{drifted} drifted, {unreadable} not read in full, {waiting} waiting for somebody"
    return f"Status: {count(len(rows), 'environment')}; {said}."
