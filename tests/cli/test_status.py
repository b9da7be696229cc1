"""`rictl status` as its users call it: pending, urgent, lapsed, granted, unreachable, and with a damaged journal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.consenting import Rictl, after, applied, declare, file, joined

JOURNAL = Path(".rictl/journal/small.jsonl")


def row(rictl: Rictl, expected: int = 0) -> dict[str, Any]:
    code, out, err = rictl("status", "--format", "json")
    assert code == expected, err
    document = json.loads(out)
    assert document["format"] == "rictl-status/1"
    (found,) = document["environments"]
    assert isinstance(found, dict)
    return found


def states(found: dict[str, Any]) -> dict[str, str]:
    return {feature["kind"]: feature["state"] for feature in found["features"]}


def test_before_the_first_apply_everything_is_off_and_no_journal_is_there(rictl: Rictl) -> None:
    declare()

    found = row(rictl)

    assert states(found) == {"who_knows_whom": "off", "exchange_data": "off"}
    assert (found["roles"], found["widgets"]) == (0, {"declared": 1, "present": 0})
    assert found["drift"] == {"state": "changes", "changes": 3, "switched_off_by_service": []}
    assert (found["consent"]["state"], found["consent"]["days_left"], found["last_run"]) == ("pending", 14, None)
    assert found["next"]["who"] == "Microsoft 365 Global Administrator"
    assert not JOURNAL.exists()


def test_after_an_apply_nothing_drifts_and_the_days_run(rictl: Rictl) -> None:
    declare()
    out = applied(rictl)

    # The service keeps whole seconds: within the first one, the window still has all of its days.
    assert re.search(r"\n  consent: pending, 1[34] days left \(", out)
    assert "  a person must:\n    give-exchange-consent: Microsoft 365 Global Administrator, until" in out
    after(rictl, 12)
    code, text, _ = rictl("status", "small")
    assert code == 0
    (line,) = [line for line in text.splitlines() if line.startswith("small  ")]
    assert line.startswith("small  no drift  consent pending, 13 days left  roles 2  widgets 1/1  converged 20")
    assert "on: who_knows_whom, exchange_data" in text
    assert "rictl handoff" not in text
    assert text.splitlines()[-1] == "Status: 1 environment; 0 drifted, 0 not read in full, 1 waiting for somebody."
    assert all(len(line) <= 100 for line in text.splitlines())


def test_with_three_days_left_time_is_said_to_be_short(rictl: Rictl) -> None:
    declare()
    applied(rictl)
    after(rictl, 10 * 24 + 12)

    _, text, _ = rictl("status")

    assert "consent pending, 3 days left" in text
    assert "! 3 days left; the message for the administrator: rictl handoff small" in joined(text)


def test_what_the_service_switched_off_is_a_lapse_and_no_drift(rictl: Rictl) -> None:
    declare()
    applied(rictl)
    after(rictl, 15 * 24)

    found = row(rictl)
    _, text, _ = rictl("status")

    assert found["consent"]["state"] == "lapsed"
    assert found["drift"] == {"state": "nothing", "changes": 0, "switched_off_by_service": ["who_knows_whom", "exchange_data"]}
    assert states(found) == {"who_knows_whom": "off", "exchange_data": "off"}
    assert "no drift, 2 lapsed" in text
    assert "no drift, but a lapse: Who knows whom was switched off" in joined(text)
    assert "refused: consent-not-given" in text


def test_a_granted_consent_leaves_nobody_to_act(rictl: Rictl) -> None:
    declare()
    applied(rictl)
    declare(f"  exchangeConsent: {{granted: true, by: m365-admins, date: {after(rictl, 24)}}}\n")

    found = row(rictl)

    assert (found["consent"]["state"], found["next"], found["last_run"]["result"]) == ("granted", None, "converged")
    assert found["drift"]["state"] == "nothing"


def test_an_environment_that_is_not_reached_is_named_and_nothing_is_guessed(rictl: Rictl) -> None:
    declare()
    file().write_text(
        file()
        .read_text(encoding="utf-8")
        .replace(
            "emulator: small",
            "url: http://127.0.0.1:9, tenantId: 11111111-1111-1111-1111-111111111111, clientId: 22222222-2222-2222-2222-222222222222",
        ),
        encoding="utf-8",
    )

    code, text, err = rictl("status")
    found = row(rictl, expected=1)

    assert code == 1
    assert "small  unreachable (" in text
    assert "error[" in err
    assert (found["features"], found["roles"], found["drift"]["state"]) == ([], None, "unknown")
    assert found["widgets"] == {"declared": 1, "present": None}
    assert text.splitlines()[-1] == "Status: 1 environment; 0 drifted, 1 not read in full, 1 waiting for somebody."


def test_a_damaged_journal_is_told_and_not_trusted(rictl: Rictl) -> None:
    declare()
    applied(rictl)
    JOURNAL.write_bytes(JOURNAL.read_bytes().replace(b'"done"', b'"gone"', 1))

    code, text, err = rictl("status")

    assert code == 1
    assert "error[journal-damaged]" in err
    assert "widgets 1/1  damaged 20" in text


def versions(rictl: Rictl) -> list[str]:
    tables = ("organizations", "systemforms", "msdyn_wkwconfigs", "msdyn_activityanalysisconfigs")
    return [line for table in tables for line in rictl("emulator", "request", "small", "GET", table)[1].splitlines() if "W/" in line]


@pytest.mark.parametrize("words", [("status",), ("status", "--format", "json"), ("handoff", "small", "--ics", "consent.ics")])
def test_neither_status_nor_handoff_writes_to_the_environment(rictl: Rictl, words: tuple[str, ...]) -> None:
    declare()
    before = versions(rictl)

    assert rictl(*words)[0] == 0

    assert before
    assert versions(rictl) == before
    assert not JOURNAL.exists()
