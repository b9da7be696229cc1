"""While something publishes or imports, nobody else customizes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.test_protocol_state import control
from tests.emulator.wire import Client, Reply

SLOW = "publishing: {seconds: 60}\nlimits: {requests: 40, seconds: 60, executionSeconds: 5, concurrent: 3, dopHint: 2}\n"
LEAD = "<importexportxml><entities><entity>lead</entity></entities></importexportxml>"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "slow.yaml").write_text(SLOW, encoding="utf-8")
    (tmp_path / "scenarios" / "quick.yaml").write_text("friendlyName: Quick\n", encoding="utf-8")
    with EmbeddedDataverse(tmp_path / "state.sqlite", domain=build_domain(CATALOG, tmp_path / "scenarios"), catalog=CATALOG) as server:
        yield server


def publish(api: Client) -> Reply:
    return api("POST", "PublishXml", {"ParameterXml": LEAD})


def rename(api: Client) -> Reply:
    (form,) = api.get("systemforms?$select=formid&$filter=objecttypecode eq 'lead' and type eq 2&$top=1").body["value"]
    return api("PATCH", f"systemforms({form['formid']})", {"description": "Mine"})


def test_a_publish_that_takes_its_time_keeps_others_out_until_it_is_done(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token(), "slow")
    assert (rename(api).status, publish(api).status) == (204, 204)
    refused = publish(api)

    assert (refused.error, refused.headers["Retry-After"]) == ((429, "0x80071151"), None)
    assert refused.body["error"]["message"] == (
        "Cannot start the requested operation [Publish] because there is another [Publish] running at this moment. "
        "Use Solution History for more details."
    )
    server.clock.advance(dt.timedelta(seconds=61))
    assert publish(api).status == 204


def test_publishing_takes_no_time_unless_the_scenario_says_so(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token(), "quick")

    assert [publish(api).status, rename(api).status, api("POST", "PublishAllXml").status, publish(api).status] == [204] * 4


def test_an_import_of_somebody_else_keeps_forms_as_they_are(server: EmbeddedDataverse) -> None:
    api = Client(server, server.token(), "quick")
    locked: dict[str, Any] = {"organization": "quick", "seconds": 30}
    assert control(server, "POST", "lock", locked).body == {**locked, "operation": "Import"}
    refused = rename(api)

    assert refused.error == (429, "0x80071151")
    assert refused.body["error"]["message"] == (
        "Cannot start another [EntityCustomization] because there is a previous [Import] running at this moment."
    )
    assert (
        api("POST", "PublishAllXml")
        .body["error"]["message"]
        .endswith(
            "[PublishAll] because there is another [Import] running at this moment. Use Solution History for more details. -- The solution "
            "installation or removal failed due to the installation or removal of another solution at the same time. "
            "Please try again later."
        )
    )
    assert api.get("systemforms?$top=1").status == 200
    assert control(server, "POST", "lock", {**locked, "seconds": 0}).status == 200
    assert rename(api).status == 204


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"organization": "quick", "operation": "Coffee"}, "the operation is one of Import, Publish,"),
        ({"organization": "quick", "seconds": -1}, "a lock lasts from 0 to 86400 seconds"),
        ({"organization": "quick", "seconds": "inf"}, "a lock lasts from 0 to 86400 seconds"),
        ({"organization": "nowhere"}, "has no organization 'nowhere'"),
    ],
)
def test_a_lock_that_cannot_be_is_refused_in_words(server: EmbeddedDataverse, asked: dict[str, Any], said: str) -> None:
    answer = control(server, "POST", "lock", asked)

    assert answer.status == 400
    assert said in answer.body["error"]["message"]


def test_the_scenario_says_how_much_its_callers_may_ask(server: EmbeddedDataverse) -> None:
    answer = Client(server, server.token(), "slow").get("WhoAmI")

    assert answer.headers["x-ms-ratelimit-burst-remaining-xrm-requests"] == "39"
    assert answer.headers["x-ms-ratelimit-time-remaining-xrm-requests"][0] == "4"
    assert answer.headers["x-ms-dop-hint"] == "2"
