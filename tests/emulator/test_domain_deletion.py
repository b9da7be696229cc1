"""What an organization with Dynamics 365 Sales lets go, and what goes with it."""

from __future__ import annotations

from pathlib import Path

from tests.emulator.domain_served import caller, only, served

SCENARIO = "solutions: [{uniqueName: Vendor, managed: true}, {uniqueName: Own}]\n"


def test_contacts_stay_without_their_account_when_it_goes(tmp_path: Path) -> None:
    with served(tmp_path, SCENARIO) as server:
        api = caller(server)
        body = {"name": "Parent", "contact_customer_accounts": [{"lastname": "One"}, {"lastname": "Two"}]}
        made = api("POST", "accounts", body, headers={"Prefer": "return=representation"}).body["accountid"]
        contacts = "contacts?$filter=lastname eq 'One' or lastname eq 'Two'&$select=lastname"
        before = api.get(contacts).body["value"]

        assert api("DELETE", f"accounts({made})").status == 204
        after = [api.get(f"contacts({row['contactid']})").body for row in before]
        assert sorted((row["lastname"], row["_parentcustomerid_value"]) for row in after) == [("One", None), ("Two", None)]


def test_a_managed_solution_is_not_uninstalled_and_an_unmanaged_one_goes(tmp_path: Path) -> None:
    with served(tmp_path, SCENARIO) as server:
        api = caller(server)
        vendor = only(api, "solutions?$filter=uniquename eq 'Vendor'")["solutionid"]
        own = only(api, "solutions?$filter=uniquename eq 'Own'")["solutionid"]

        refused = api("DELETE", f"solutions({vendor})")
        assert (refused.status, "managed solution" in refused.body["error"]["message"]) == (501, True)
        assert api("DELETE", f"solutions({own})").status == 204
