"""The whole story on the embedded Dataverse, told by the real command: validate, plan, apply, drift, repair, a lapsed consent.

Works on a copy of environments/ in a temporary folder, so nothing of yours is touched. `make demo` runs it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
RICTL = [sys.executable, "-m", "reconciler"]
PERSON = "Ana Pop"


class Story:
    """Tells one step after the other; a step that ends otherwise than told stops the story."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.step = 0

    def say(self, text: str) -> None:
        """One heading and its sentence."""
        self.step += 1
        title, _, rest = text.partition("\n")
        print(f"\n{'=' * 100}\n{self.step}. {title}\n{rest}".rstrip(), flush=True)

    def run(self, *words: str, expect: int = 0, note: str = "") -> None:
        """Shows and runs `rictl WORDS`, which must exit with `expect`."""
        print(f"\n$ rictl {' '.join(words)}\n", flush=True)
        code = subprocess.run([*RICTL, *words], cwd=self.folder, check=False).returncode
        print(f"\n[exit code {code}{': ' + note if note else ''}]", flush=True)
        if code != expect:
            raise SystemExit(f"the demo expected exit code {expect}")

    def as_a_person(self, organization: str, method: str, path: str, data: dict[str, str | int] | None = None) -> str:
        """One Web API request that somebody else makes; returns the body of the answer."""
        words = ["emulator", "request", organization, method, path, "--as", PERSON]
        if data is not None:
            words += ["--data", json.dumps(data)]
        done = subprocess.run([*RICTL, *words], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout[done.stdout.find("{") :] if "{" in done.stdout else ""


def only_row(answer: str) -> dict[str, str]:
    """The first row of a collection."""
    row: dict[str, str] = json.loads(answer)["value"][0]
    return row


def change_a_setting_by_hand(story: Story, organization: str) -> None:
    """Sets the e-mail weight back, as a click on the settings page would."""
    row = only_row(story.as_a_person(organization, "GET", "msdyn_activityanalysisconfigs?$select=msdyn_emailweight"))
    path = f"msdyn_activityanalysisconfigs({row['msdyn_activityanalysisconfigid']})"
    story.as_a_person(organization, "PATCH", path, {"msdyn_emailweight": 3})


def remove_a_widget_by_hand(story: Story, organization: str) -> None:
    """Deletes who knows whom from the lead form, section and control description, and publishes, as the form designer would."""
    wanted = "systemforms?$select=formid,formxml&$filter=objecttypecode eq 'lead' and name eq 'Contoso Lead'"
    form = only_row(story.as_a_person(organization, "GET", wanted))
    section = re.search(r"<section name=\"ri_who_knows_whom[^\"]*\".*?</section>", form["formxml"], re.DOTALL)
    control = re.search(r"uniqueid=\"(\{[^}]+\})\"", section[0]) if section else None
    if section is None or control is None:
        raise SystemExit("the widget to delete is not on the form")
    description = rf"<controlDescription forControl=\"{re.escape(control[1])}\".*?</controlDescription>"
    without = re.sub(description, "", form["formxml"].replace(section[0], ""), flags=re.DOTALL)
    story.as_a_person(organization, "PATCH", f"systemforms({form['formid']})", {"formxml": without})
    publish = "<importexportxml><entities><entity>lead</entity></entities></importexportxml>"
    story.as_a_person(organization, "POST", "PublishXml", {"ParameterXml": publish})


def tell(story: Story) -> None:
    """The story, from the first file to the day on which a consent was missed."""
    story.say(
        "Four environments are declared in YAML\n"
        "A baseline, a development, a test and two production environments in different regions. First the files alone, offline:"
    )
    story.run("validate")
    story.say(
        "What would change?\n"
        "Each environment answers over the Dataverse Web API; here it is the embedded one, so no tenant is needed. Nothing is written."
    )
    story.run("plan", "--no-details", "--detailed-exitcode", expect=2, note="changes are pending")
    story.say("One of them in detail\nEvery line says where the wish is written and how sure rictl is of what it will do.")
    story.run("plan", "contoso-test", "--detailed-exitcode", expect=2, note="changes are pending")
    story.say(
        "Carry it out, everywhere\nrictl writes in a safe order, waits until the service really did it, and proves it by planning again."
    )
    story.run("apply", "--auto-approve", "--no-details")
    story.say("Plan again\nA converged environment has nothing left to plan.")
    story.run("plan", "--detailed-exitcode", note="no changes")
    change_a_setting_by_hand(story, "contoso-test")
    remove_a_widget_by_hand(story, "contoso-test")
    story.say(
        f"Meanwhile {PERSON} changed things by hand\n"
        "The e-mail weight was lowered on the settings page, and the who-knows-whom widget was deleted in the form designer."
    )
    story.run("plan", "contoso-test", "--detailed-exitcode", expect=2, note="drift")
    story.say("Repair it")
    story.run("apply", "contoso-test", "--auto-approve", "--no-details")
    story.say(
        "Fifteen days pass, and nobody gave the Microsoft 365 consent for contoso-test\n"
        "On the 14th day the service turns who knows whom and the Exchange integration off by itself. That is no drift, and turning it\n"
        "on again would only lapse again: rictl says what happened and who can act."
    )
    story.run("emulator", "clock", "--advance", "15d")
    story.run("plan", "contoso-test", expect=3, note="refused, nothing was written")
    print(f"\n{'=' * 100}\nThat is all. Read README.md for how to point it at a real environment.")


def main() -> None:
    """Runs the story in a temporary copy of the fleet."""
    with tempfile.TemporaryDirectory(prefix="rictl-demo-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "environments", folder / "environments")
        tell(Story(folder))


if __name__ == "__main__":
    main()
