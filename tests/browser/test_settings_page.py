"""The settings page in a real browser: what a person reads, clicks and breaks there, and what rictl makes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reconciler.emulator.server import EmbeddedDataverse
from tests.browser.accessibility import axe, is_wider_than_its_window
from tests.browser.conftest import Opens
from tests.browser.windows import PHONE_LIGHT, WINDOWS, WITHOUT_SCRIPT, Window

PAGES = (
    "",
    "/options/relationship-intelligence",
    "/options/relationship-analytics",
    "/options/who-knows-whom",
    "/options/exchange-data",
    "/forms",
    "/history",
    "/clock",
    "/requests",
    "/nothing-here",
)


def rictl(workspace: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "reconciler", *words], cwd=workspace, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def drift(workspace: Path, environment: str) -> dict[str, tuple[Any, Any]]:
    """What a plan would bring back: field -> what is there, what is wished."""
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "plan", environment, "--format", "json"], cwd=workspace, capture_output=True, check=True
    )
    plan = json.loads(done.stdout)["plans"][0]
    return {field["field"]: (field["before"]["value"], field["after"]) for change in plan["changes"] for field in change.get("fields", ())}


def saved(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_every_page_can_be_read_by_everybody_in_every_window(dataverse: EmbeddedDataverse, browser_page: Opens, window: Window) -> None:
    page = browser_page(dataverse.root, window)
    found = {"list": axe(page)}
    for path in PAGES:
        page.goto(f"{dataverse.url('contoso-prod-emea')}/settings{path}")
        for summary in page.locator("details.whole > summary").all()[:2]:
            summary.click()
        found[path] = axe(page)
        assert not is_wider_than_its_window(page), path

    assert {path: violations for path, violations in found.items() if violations} == {}


def test_the_checker_sees_what_is_wrong(browser_page: Opens) -> None:
    page = browser_page("data:text/html,<title>t</title><main><h1>h</h1><input></main>")

    assert [line.split()[0] for line in axe(page)] == ["html-has-lang", "label"]


def test_what_a_person_clicks_is_the_drift_that_a_plan_shows_and_an_apply_takes_back(
    dataverse: EmbeddedDataverse, browser_page: Opens, workspace: Path
) -> None:
    home = f"{dataverse.url('contoso-prod-emea')}/settings"
    assert rictl(workspace, "apply", "contoso-prod-emea", "--auto-approve")[0] == 0
    assert rictl(workspace, "plan", "contoso-prod-emea", "--detailed-exitcode")[0] == 0

    page = browser_page(home)
    page.get_by_role("button", name="Turn off Who knows whom").click()
    expect(page.get_by_role("button", name="Turn on Who knows whom")).to_be_visible()
    page.get_by_role("link", name="Relationship analytics", exact=True).click()
    page.get_by_label("Meeting").fill("3")
    page.get_by_label("Communication frequency").select_option("Once a month")
    saved(page)
    page.get_by_role("link", name="Exchange data", exact=True).click()
    page.get_by_label("Sales Manager").uncheck()
    saved(page)

    found = drift(workspace, "contoso-prod-emea")
    roles = found.pop("securityRoles")
    assert found == {
        "enabled": (False, True),
        "activityWeights.meeting": (3, 8),
        "communicationFrequency": ("once-a-month", "once-a-week"),
    }
    assert (len(roles[0]), len(roles[1])) == (2, 3)
    assert "last written by Ana Pop" in rictl(workspace, "plan", "contoso-prod-emea")[1]

    assert rictl(workspace, "apply", "contoso-prod-emea", "--auto-approve")[0] == 0
    page.reload()
    expect(page.get_by_label("Sales Manager")).to_be_checked()
    page.get_by_role("link", name="Relationship analytics", exact=True).click()
    expect(page.get_by_label("Meeting")).to_have_value("8")
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("button", name="Turn off Who knows whom")).to_be_visible()
    expect(page.locator("#feature-who-knows-whom")).to_contain_text("by rictl")


def test_fourteen_days_without_a_consent_turn_features_off_before_the_eyes_of_the_person(
    dataverse: EmbeddedDataverse, browser_page: Opens, workspace: Path
) -> None:
    assert rictl(workspace, "apply", "contoso-test", "--auto-approve")[0] == 0
    home = f"{dataverse.url('contoso-test')}/settings"

    page = browser_page(home, PHONE_LIGHT)
    expect(page.locator("#banner")).to_contain_text("Who knows whom and Exchange data will be turned off on")
    expect(page.locator("#banner")).to_contain_text("14 days left")
    page.get_by_role("link", name="Decide here").click()
    page.get_by_role("button", name="1 day on").click()
    expect(page.get_by_role("status")).to_have_text("The clock was moved.")
    page.get_by_role("link", name="Overview").click()
    expect(page.locator("#banner")).to_contain_text("13 days left")
    # The page follows the clock of another process by itself.
    assert rictl(workspace, "emulator", "clock", "--advance", "14d")[0] == 0
    expect(page.locator("#banner")).to_contain_text("Turned off for want of a consent")
    expect(page.locator("#feature-who-knows-whom")).to_contain_text("by Dynamics 365 Office Data Service")
    assert axe(page) == []
    code, out = rictl(workspace, "plan", "contoso-test")
    assert (code, "consent" in out) == (3, True)

    page.get_by_role("link", name="Clock and consent").click()
    page.get_by_role("button", name="Give").click()
    expect(page.locator("#consent-state")).to_have_text("granted")
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("button", name="Turn on Who knows whom").click()
    expect(page.locator("#feature-who-knows-whom")).to_contain_text("On")
    expect(page.locator("#banner")).not_to_contain_text("will be turned off")


def test_a_feature_that_starts_is_seen_to_arrive_without_a_reload(
    dataverse: EmbeddedDataverse, browser_page: Opens, workspace: Path
) -> None:
    scenario = workspace / "environments" / "_emulator" / "contoso-dev.yaml"
    scenario.write_text(f"{scenario.read_text(encoding='utf-8')}activation: {{seconds: 3600}}\n", encoding="utf-8")
    page = browser_page(f"{dataverse.url('contoso-dev')}/settings")
    page.get_by_role("button", name="Enable").click()
    card = page.locator("#feature-relationship-analytics .state")
    expect(card).to_have_text("Turning on…")

    assert rictl(workspace, "emulator", "clock", "--advance", "2h")[0] == 0

    expect(card).to_have_text("On")


def test_everything_works_without_javascript(dataverse: EmbeddedDataverse, browser_page: Opens) -> None:
    page = browser_page(f"{dataverse.url('contoso-dev')}/settings", WITHOUT_SCRIPT)
    page.get_by_label("You are").select_option("Liam Carter")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("button", name="Enable").click()
    refusal = page.get_by_role("alert").inner_text()
    page.get_by_label("You are").select_option("Ana Pop")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("button", name="Enable").click()

    assert refusal.startswith("This was refused.")
    assert page.locator("#whole").inner_text() == "On"


def test_the_first_of_two_people_wins_and_the_second_is_told(dataverse: EmbeddedDataverse, browser_page: Opens) -> None:
    address = f"{dataverse.url('contoso-test')}/settings/options/relationship-analytics"
    first, second = browser_page(address), browser_page(address)
    first.get_by_label("Task").fill("8")
    saved(first)
    second.get_by_label("Task").fill("9")
    second.get_by_role("button", name="Save").click()

    expect(second.get_by_role("alert")).to_contain_text("somebody else was faster")
    expect(second.get_by_label("Task")).to_have_value("8")


def test_everything_can_be_reached_and_pressed_with_the_keyboard(dataverse: EmbeddedDataverse, browser_page: Opens) -> None:
    page = browser_page(f"{dataverse.url('contoso-test')}/settings/options/who-knows-whom")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "who_knows_whom-enabled"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.get_by_label("Enabled")).to_be_checked()
