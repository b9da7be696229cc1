"""Turns what no API can do into tasks for people: who, what, where, until when. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.catalog import consent as facts
from reconciler.model.plan import Consent, HumanTask, Objection
from reconciler.plan import codes

_ASKED = {
    "pending": "Give the consent",
    "withdrawn": "The consent was withdrawn. Give it again",
    "lapsed": "Give the consent",
    "unknown": "Check that the consent is given",
}
"""What a person is asked to do in each state of the consent; in the others, nothing."""


def tasks_of(consent: Consent | None, objections: Sequence[Objection]) -> tuple[HumanTask, ...]:
    """The tasks that follow from the consent and from activations that a person has to look at."""
    tasks = []
    if consent is not None and consent.state in _ASKED:
        what = f"{_ASKED[consent.state]}: {facts.WHERE} ({facts.LINK}); then attest it under attestations.exchangeConsent"
        if consent.state == "withdrawn":
            # Documented is the end of the window only; how soon the data goes after a withdrawal is said by another page.
            what += (
                f". Until then no Exchange data is used, and the service switches what needs the consent off at the latest on day"
                f" {facts.WINDOW_DAYS}; if the withdrawal is meant, declare these features off instead"
            )
        tasks.append(HumanTask(codes.GIVE_EXCHANGE_CONSENT, facts.WHO, what, consent.deadline))
    for failed in objections:
        if failed.code == codes.ACTIVATION_FAILED:
            tasks.append(HumanTask(codes.REPAIR_ACTIVATION, "Dynamics 365 administrator", f"{failed.message}: {failed.hint}"))
    return tuple(tasks)
