"""Turns a plan into what is handed over to the person who can do what no API can: what, why, where, until when. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.catalog import consent as facts
from reconciler.catalog.book import Catalog
from reconciler.model.change import SettingsChange
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.plan import Consent, HumanTask, Plan
from reconciler.report.diagnostics import count
from reconciler.report.escape import escape
from reconciler.report.layout import wrapped


@dataclass(frozen=True, slots=True)
class Handoff:
    """What one environment hands over. `features` are the titles of what is declared on and needs the consent.

    begun   whether the 14 days run already; otherwise the deadline is the one of an apply that is made now
    """

    environment: str
    organization: str
    organization_id: str
    url: str
    asked_by: str
    read_at: dt.datetime
    tasks: tuple[HumanTask, ...]
    consent: Consent | None
    features: tuple[str, ...]
    begun: bool

    @property
    def deadline(self) -> dt.datetime | None:
        """The earliest deadline of the tasks; None when no day is known."""
        return min((task.deadline for task in self.tasks if task.deadline is not None), default=None)


def handoff_of(desired: DesiredEnvironment, plan: Plan, catalog: Catalog) -> Handoff | None:
    """What is to be handed over; None when the plan asks nothing of a person."""
    if not plan.tasks:
        return None
    return Handoff(
        environment=desired.name,
        organization=plan.target.organization,
        organization_id=plan.target.organization_id,
        url=plan.target.url,
        asked_by=desired.owner or f"the team that keeps {desired.file}",
        read_at=plan.read_at,
        tasks=plan.tasks,
        consent=plan.consent,
        features=tuple(kind.title for kind, field in catalog.fields() if field.consent and _is_wanted(desired, kind.name, field.name)),
        begun=not _begins_with_apply(plan, catalog),
    )


def _begins_with_apply(plan: Plan, catalog: Catalog) -> bool:
    """Of a window that runs, some part is over; only one that begins with an apply has all of its days, and something to switch on."""
    consent = plan.consent
    if consent is None or consent.deadline is None or consent.deadline - plan.read_at < dt.timedelta(days=facts.WINDOW_DAYS):
        return False
    moved = [(change.address.kind, field) for change in plan.changes if isinstance(change, SettingsChange) for field in change.fields]
    return any(field.after is True and catalog.kind(kind).field(field.field).consent for kind, field in moved)


def _is_wanted(desired: DesiredEnvironment, kind: str, field: str) -> bool:
    setting = desired.setting(kind, field)
    return setting is not None and setting.value is True


def handoff_text(handoff: Handoff) -> str:
    """The message as plain text, ready to be sent: its subject in the first line."""
    lines = [f"Subject: {subject(handoff)}", f"To: {', '.join(dict.fromkeys(task.who for task in handoff.tasks))}", ""]
    for title, sentences in (
        ("What", _what(handoff)),
        ("Why", _why(handoff)),
        ("Until when", _until(handoff)),
        ("What happens otherwise", _otherwise(handoff)),
        ("Who asks", iter((f"{handoff.asked_by}, for {handoff.organization} ({handoff.url}), read {_day(handoff.read_at)}.",))),
    ):
        told = [line for sentence in sentences for line in wrapped(sentence, indent="  ", hanging="  ")]
        lines += [f"{title}:", *told, ""] if told else []
    return "\n".join(escape(line) for line in lines[:-1])


def subject(handoff: Handoff) -> str:
    """One line that names the environment, what is needed, and the day."""
    needed = "Microsoft 365 consent" if _asks_for_consent(handoff) else "Administrator"
    until = f" by {_day(handoff.deadline)}" if handoff.deadline is not None else ""
    return f"{needed} needed for {handoff.organization} ({handoff.environment}){until}"


def _day(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _asks_for_consent(handoff: Handoff) -> bool:
    consent = handoff.consent
    return consent is not None and consent.state not in ("granted", "not-needed")


def _what(handoff: Handoff) -> Iterator[str]:
    for task in handoff.tasks:
        yield f"{task.who}: {task.what}."


def _why(handoff: Handoff) -> Iterator[str]:
    if handoff.consent is None or not _asks_for_consent(handoff):
        return
    yield f"This is used only with the consent: {', '.join(handoff.features)}. No API can give it; the role that can is {facts.WHO}."
    yield f"What is known of the consent: {handoff.consent.state} ({handoff.consent.evidence})."


def _until(handoff: Handoff) -> Iterator[str]:
    if handoff.deadline is None:
        yield "No day is known; the sooner the better."
        return
    days = max(0, (handoff.deadline - handoff.read_at).days)
    yield f"{handoff.deadline:%Y-%m-%d %H:%M} UTC, {count(days, 'day')} after this message was written."
    if not handoff.begun:
        yield f"The {facts.WINDOW_DAYS} days begin when the change is applied; this day is the one of an apply that is made now."


def _otherwise(handoff: Handoff) -> Iterator[str]:
    if handoff.consent is None or not _asks_for_consent(handoff):
        return
    named = ", ".join(handoff.features)
    if handoff.consent.state == "lapsed":
        yield f"The service has switched off what lacked the consent. Without it, this stays off: {named}."
        yield "Switched on again without it, it would lapse again."
    elif handoff.consent.state == "unknown":
        yield f"Without the consent the service by itself switches off, on day {facts.WINDOW_DAYS}: {named}."
    else:
        yield f"On day {facts.WINDOW_DAYS} the service by itself switches off, and asks nobody again: {named}."
