"""Turns what no API can do into tasks for people: who, what, where, until when. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.catalog import consent as facts
from reconciler.model.plan import Consent, HumanTask, Objection
from reconciler.plan import codes


def tasks_of(consent: Consent | None, objections: Sequence[Objection]) -> tuple[HumanTask, ...]:
    """The tasks that follow from the consent and from activations that a person has to look at."""
    tasks = []
    if consent is not None and consent.state in ("pending", "lapsed", "unknown"):
        verb = "Give the consent" if consent.state != "unknown" else "Check that the consent is given"
        what = f"{verb}: {facts.WHERE} ({facts.LINK}); then attest it under attestations.exchangeConsent"
        tasks.append(HumanTask(codes.GIVE_EXCHANGE_CONSENT, facts.WHO, what, consent.deadline))
    for failed in objections:
        if failed.code == codes.ACTIVATION_FAILED:
            tasks.append(HumanTask(codes.REPAIR_ACTIVATION, "Dynamics 365 administrator", f"{failed.message}: {failed.hint}"))
    return tuple(tasks)
