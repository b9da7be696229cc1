"""`rictl handoff` as its users call it; the calendar file is read back by the library."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from icalendar import Calendar, Event

from tests.cli.consenting import Rictl, after, applied, declare, file, joined

FILE = Path("consent.ics")


def entry() -> Event:
    (event,) = Calendar.from_ical(FILE.read_bytes()).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def moment(event: Event, name: str) -> dt.datetime:
    found = event.decoded(name)
    assert isinstance(found, dt.datetime)
    return found


def test_the_message_says_what_why_where_until_when_and_who_asks(rictl: Rictl) -> None:
    declare()
    applied(rictl)

    code, out, err = rictl("handoff", "small")

    assert (code, err) == (0, "")
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=14)).date()
    assert out.splitlines()[0] in {
        f"Subject: Microsoft 365 consent needed for Small (small) by {day - dt.timedelta(days=late)}" for late in (0, 1)
    }
    assert out.splitlines()[1] == "To: Microsoft 365 Global Administrator"
    assert "Identifiable insights for other users (https://admin.microsoft.com/#/Settings/Services)" in joined(out)
    assert "This is used only with the consent: Who knows whom, Exchange data." in joined(out)
    assert "On day 14 the service by itself switches off, and asks nobody again: Who knows whom, Exchange data." in joined(out)
    assert "Who asks: crm-platform, for Small (" in joined(out)
    assert "begin when the change is applied" not in joined(out).split("Until when:")[1]
    assert all(len(line) <= 100 for line in out.splitlines())


def test_before_the_apply_the_day_is_said_to_be_that_of_an_apply_made_now(rictl: Rictl) -> None:
    declare()

    _, out, _ = rictl("handoff", "small")

    assert "14 days begin when the change is applied; this day is the one of an apply that is made now." in joined(out)


def test_the_calendar_file_holds_the_deadline_and_reminds_of_it(rictl: Rictl) -> None:
    declare()
    applied(rictl)

    code, out, err = rictl("handoff", "small", "--ics", str(FILE))

    event = entry()
    reminders = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert (code, err) == (0, "Wrote consent.ics.\n")
    assert moment(event, "dtstart").strftime("%Y-%m-%d %H:%M UTC") in out
    assert moment(event, "dtstart") - moment(event, "dtstamp") > dt.timedelta(days=13)
    assert f"Subject: {event['summary']}" == out.splitlines()[0]
    assert reminders == [dt.timedelta(days=-7), dt.timedelta(days=-3), dt.timedelta(days=-1)]
    assert FILE.read_bytes().count(b"\n") == FILE.read_bytes().count(b"\r\n")


def test_a_later_file_moves_the_same_entry(rictl: Rictl) -> None:
    declare()
    rictl("handoff", "small", "--ics", str(FILE))
    first = entry()
    after(rictl, 48)
    rictl("handoff", "small", "--ics", str(FILE))
    second = entry()

    assert first["uid"] == second["uid"]
    assert moment(second, "dtstart") - moment(first, "dtstart") >= dt.timedelta(days=2)
    assert moment(second, "dtstamp") > moment(first, "dtstamp")


def test_after_the_lapse_there_is_no_day_and_no_calendar_file(rictl: Rictl) -> None:
    declare()
    applied(rictl)
    after(rictl, 15 * 24)

    code, out, err = rictl("handoff", "small", "--ics", str(FILE))

    assert code == 0
    assert out.splitlines()[0] == "Subject: Microsoft 365 consent needed for Small (small)"
    assert "No day is known" in out
    assert "Without it, this stays off: Who knows whom, Exchange data." in joined(out)
    assert err == "consent.ics was not written: there is no deadline.\n"
    assert not FILE.exists()


def test_with_a_granted_consent_there_is_nothing_to_hand_over(rictl: Rictl) -> None:
    declare()
    applied(rictl)
    declare(f"  exchangeConsent: {{granted: true, by: m365-admins, date: {after(rictl, 24)}}}\n")

    assert rictl("handoff", "small") == (0, "small: nothing to hand over.\n", "")
    assert rictl("handoff", "small", "--ics", str(FILE))[2] == "consent.ics was not written: there is no deadline.\n"


def test_an_environment_that_is_not_reached_gives_no_message(rictl: Rictl) -> None:
    declare()
    real = "url: http://127.0.0.1:9, tenantId: 11111111-1111-1111-1111-111111111111, clientId: 22222222-2222-2222-2222-222222222222"
    file().write_text(file().read_text(encoding="utf-8").replace("emulator: small", real), encoding="utf-8")

    code, out, err = rictl("handoff", "small")

    assert (code, out) == (1, "")
    assert "error[" in err
