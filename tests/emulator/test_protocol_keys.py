from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.toy import CATALOG, CONTOSO, ToyDomain
from tests.emulator.wire import Client

TYPE = "Microsoft.Dynamics.CRM.account"


def create(api: Client, first: int, count: int) -> float:
    targets = [{"@odata.type": TYPE, "name": f"n{n}", "accountnumber": f"K{n}"} for n in range(first, first + count)]
    begun = time.perf_counter()
    assert api("POST", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", {"Targets": targets}).status == 200
    return time.perf_counter() - begun


def test_key_values_are_one_whatever_their_case_and_script(api: Client) -> None:
    assert api("POST", "accounts", {"accountnumber": "ÄRGER"}).status == 204

    assert api("POST", "accounts", {"accountnumber": "ärger"}).error == (412, "0x80060892")
    assert api("PATCH", f"accounts({CONTOSO})", {"accountnumber": "Ärger"}).error == (412, "0x80060892")
    assert api("PATCH", f"accounts({CONTOSO})", {"accountnumber": "c1"}).status == 204
    assert api("PATCH", f"accounts({CONTOSO})", {"accountnumber": None}).status == 204
    assert api("POST", "accounts", {"accountnumber": "C1"}).status == 204
    assert api("POST", "accounts", {"accountnumber": None}).status == 204


def test_a_key_is_free_again_when_its_row_is_gone(api: Client) -> None:
    assert api("DELETE", f"accounts({CONTOSO})").status == 204

    assert api.get("accounts(accountnumber='C1')").error == (404, "0x80060891")
    assert api("POST", "accounts", {"accountnumber": "C1"}).status == 204


def test_the_cost_of_a_new_row_does_not_grow_with_the_table(api: Client) -> None:
    create(api, 0, 10)
    small = create(api, 100, 400)
    create(api, 10_000, 2_400)
    large = create(api, 20_000, 400)

    # A scan of the table for each row would make the second seven times as dear.
    assert large < 3 * small + 0.2


def test_an_index_serves_the_keys_of_a_state_file_that_lacks_it(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with EmbeddedDataverse(state, domain=ToyDomain(), catalog=CATALOG, organization="toy") as server:
        assert Client(server, server.token())("POST", "accounts", {"accountnumber": "Old"}).status == 204
    connection = sqlite3.connect(state)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'key_%'")]
    for name in names:
        connection.execute(f"DROP INDEX {name}")
    connection.close()

    with EmbeddedDataverse(state, domain=ToyDomain(), catalog=CATALOG, organization="toy") as server:
        api = Client(server, server.token())
        assert api("POST", "accounts", {"accountnumber": "OLD"}).error == (412, "0x80060892")
        assert api.get("accounts(accountnumber='old')").status == 200
    assert len(names) == 1
