"""Turns hints and a person's word into what can be said of the Microsoft 365 consent and its 14 days. Pure.

What is observed beats what is attested, and nothing of it is proof: `evidence` says on what an answer rests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from reconciler.catalog import consent as facts
from reconciler.model.desired import Attestation
from reconciler.model.fact import Known
from reconciler.model.live import LiveRow
from reconciler.model.plan import Consent
from reconciler.plan.case import Case, Wish

WINDOW = dt.timedelta(days=facts.WINDOW_DAYS)


def consent_of(case: Case) -> Consent | None:
    """The state of the consent; None when nothing that depends on it is declared."""
    bound = [wish for wish in case.wishes if wish.field.consent]
    if not bound:
        return None
    wanted = [wish for wish in bound if wish.value is True]
    if not wanted:
        return Consent("not-needed", "nothing that needs it is declared on")
    if case.generation == "server-side-sync":
        return Consent("not-needed", "the server-side-sync generation documents no 14-day rule")
    lapse = _lapse(case, wanted)
    if lapse is not None:
        return Consent("lapsed", lapse)
    refusal = _refusal(case)
    attested = case.desired.attested("exchangeConsent")
    if refusal is None:
        if case.live.consent.connector_status == facts.CONNECTOR_ACTIVE:
            return Consent("granted", f"observed: {facts.CONNECTOR_COLUMN} is {facts.CONNECTOR_ACTIVE} (connector active)")
        if attested is not None and attested.answer is True:
            return Consent("granted", _word(attested))
    window = _window(case, wanted, _missing(refusal, attested))
    # What is observed to be withdrawn is neither pending nor unknown; the 14th day, where there is one, still is the day it ends.
    return replace(window, state="withdrawn") if case.live.consent.revoked is True else window


def _missing(refusal: str | None, attested: Attestation | None) -> str:
    if refusal is not None:
        return refusal + (f", although it is {_word(attested)}" if attested is not None and attested.answer is True else "")
    return "attested as not given" if attested is not None else "nothing says that it was given"


def _word(attested: Attestation) -> str:
    return f"attested by {attested.by} on {attested.date.isoformat()}"


def _refusal(case: Case) -> str | None:
    """What says that the consent is missing. A word that is younger than the connector's last try is not contradicted by it."""
    if case.live.consent.revoked is True:
        return f"observed: {facts.REVOKED_COLUMN} is true (consent withdrawn)"
    status = case.live.consent.connector_status
    if status not in facts.CONNECTOR_REFUSED:
        return None
    row = case.live.rows.get(facts.CONNECTOR_TABLE)
    tried = row.modified_on if isinstance(row, LiveRow) else None
    attested = case.desired.attested("exchangeConsent")
    if attested is not None and attested.answer is True and tried is not None and attested.date > tried.date():
        return None
    return f"observed: {facts.CONNECTOR_COLUMN} is {status} (no opt-in)"


def _lapse(case: Case, wanted: Sequence[Wish]) -> str | None:
    """Why this is a lapse: switched off, by a service account, and the consent is refused. Anything less is not known to be one."""
    refusal = _refusal(case)
    if refusal is None:
        return None
    for wish in wanted:
        row = case.live.rows.get(wish.binding.table)
        if wish.fact != Known(False) or not isinstance(row, LiveRow) or row.modified_by is None or not row.modified_by.is_service:
            continue
        when = f" on {row.modified_on:%Y-%m-%d}" if row.modified_on is not None else ""
        return f"{wish.kind.title} was switched off{when} by {row.modified_by.name}; {refusal}"
    return None


def _window(case: Case, wanted: Sequence[Wish], missing: str) -> Consent:
    now = case.live.read_at
    running = [wish for wish in wanted if wish.fact == Known(True)]
    if not running:
        return _pending(now + WINDOW, now, f"{missing}; the {facts.WINDOW_DAYS} days begin when this plan is applied")
    rows = [case.live.rows.get(wish.binding.table) for wish in running]
    moments = [row.modified_on for row in rows if isinstance(row, LiveRow) and row.modified_on is not None]
    # They were on at the last write of the row at the latest, and they are on now: that bounds the 14th day on both sides.
    latest = min(moments) + WINDOW if moments else None
    enabled = case.desired.attested("enabledOn")
    if enabled is not None:
        deadline, said = _midnight(enabled.date) + WINDOW, f"switched on on {enabled.date.isoformat()}, {_word(enabled)}"
        # A start that is attested for a day on which they were on already is contradicted by what is observed.
        if latest is None or deadline <= latest:
            return _pending(deadline, now, f"{missing}; {said}") if deadline > now else _outlasted(missing, said)
    if latest is None:
        return Consent("unknown", f"{missing}; when the features were switched on is not known")
    if latest <= now:
        return _outlasted(missing, f"the row was last written on {min(moments):%Y-%m-%d}")
    return _pending(latest, now, f"{missing}; the 14th day is between {now:%Y-%m-%d} and {latest:%Y-%m-%d}")


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _outlasted(missing: str, since: str) -> Consent:
    """Still on after the 14th day: either the consent was given, or the service is late."""
    return Consent("unknown", f"{missing}; on for longer than {facts.WINDOW_DAYS} days ({since})")


def _pending(deadline: dt.datetime, now: dt.datetime, evidence: str) -> Consent:
    return Consent("pending", evidence, deadline, max(0, (deadline - now).days))
