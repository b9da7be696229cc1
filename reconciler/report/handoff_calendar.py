"""Turns what is handed over into a calendar file with the deadline and its reminders. Pure."""

from __future__ import annotations

import datetime as dt
import uuid

from icalendar import Alarm, Calendar, Event

from reconciler.report.escape import escape
from reconciler.report.handoff import Handoff, handoff_text, subject

REMINDED_DAYS = (7, 3, 1)
"""Days before the deadline on which a calendar reminds."""


def calendar_of(handoff: Handoff, deadline: dt.datetime, tool_version: str) -> str:
    """The file, with CRLF at line ends as RFC 5545 wants it.

    The organization decides the UID, so that a later file moves the entry of an earlier one instead of adding a second.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//rictl//rictl {tool_version}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:rictl:handoff:{handoff.organization_id.lower()}")))
    event.add("dtstamp", handoff.read_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", deadline.astimezone(dt.UTC).replace(microsecond=0))
    event.add("summary", escape(subject(handoff)))
    event.add("description", handoff_text(handoff))
    event.add("transp", "TRANSPARENT")
    for days in REMINDED_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", escape(subject(handoff)))
        alarm.add("trigger", dt.timedelta(days=-days))
        event.add_component(alarm)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content.decode("utf-8")
