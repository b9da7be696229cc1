"""Turns the state of a consent into the days of its window, each past or still to come. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.catalog.consent import WINDOW_DAYS
from reconciler.model.plan import Consent

_WORDS = {
    "granted": "The Microsoft 365 consent is there.",
    "pending": "Nothing says that the Microsoft 365 consent was given.",
    "withdrawn": "The Microsoft 365 consent was taken back.",
    "lapsed": "The service switched features off, for want of the Microsoft 365 consent.",
    "unknown": "Nobody can say whether the Microsoft 365 consent is there.",
}


@dataclass(frozen=True, slots=True)
class Window:
    """What a page shows of the consent: one sentence, and the days as far as they are known (True: it is over)."""

    sentence: str
    days: tuple[bool, ...]
    said: str


def window_of(consent: Consent | None) -> Window | None:
    """None where no consent is needed."""
    if consent is None or consent.state == "not-needed":
        return None
    left = consent.days_left
    if left is None or consent.state == "granted":
        return Window(_WORDS[consent.state], (), "")
    past = max(0, min(WINDOW_DAYS, WINDOW_DAYS - left))
    return Window(_WORDS[consent.state], tuple(day < past for day in range(WINDOW_DAYS)), f"{max(0, left)} of {WINDOW_DAYS} days left")
