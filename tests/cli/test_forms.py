"""`rictl forms list` and `rictl forms show` on the embedded Dataverse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reconciler.emulator.identity.tokens import CLIENT_ID
from tests.live.organization import DRAFTS, FORM, describe
from tests.live.service import Service, rows, running

Rictl = Callable[..., tuple[int, str, str]]

SALES_INSIGHTS_LEAD = "e1ec2c0c-1744-42fa-a346-fb8237357d0f"
NEW_ID = "00000000-0000-4000-8000-00000000000f"
MORE_FORMS = """\
friendlyName: Small
activation: {seconds: 0.1}
forms:
  - {table: lead, name: Contoso Lead, builtin: contoso_lead}
  - {table: lead, name: Twice, builtin: contoso_lead, id: 00000000-0000-4000-8000-000000000001}
  - {table: lead, name: Twice, builtin: contoso_lead, id: 00000000-0000-4000-8000-000000000002, active: false, customizable: false}
  - {table: account, name: Contoso Account, builtin: account, pending: contoso_account_pending}
  - {table: task, name: Task, builtin: contoso_contact}
  - {table: task, name: "Red \\e[31m\\u202e", builtin: contoso_contact}
"""


@pytest.fixture(autouse=True)
def organization(workspace: Path) -> None:
    (workspace / "environments" / "_emulator" / "small.yaml").write_text(MORE_FORMS, encoding="utf-8")


def test_the_list_says_which_widgets_are_where_and_whose(rictl: Rictl) -> None:
    rictl("apply", "small", "--auto-approve", "--allow", "consent-not-given=not needed here")
    code, out, err = rictl("forms", "list", "small", "--table", "lead")

    assert (code, err) == (0, "")
    assert [re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", line) for line in out.splitlines()] == [
        "small  Small  labels in language 1033",
        "",
        "lead",
        "  Contoso Lead  ID  unmanaged",
        "    * who-knows-whom         Summary / 3 / ri_who_knows_whom",
        "  Lead  ID  managed",
        "    o who-knows-whom         Summary / 3 / WKW_Section (hidden)",
        "  Sales Insights  ID  managed",
        "    o relationship-health    Summary / 1 / HealthSection (hidden)",
        "    o who-knows-whom         Summary / 3 / WKW_Section (hidden)",
        "    o relationship-analytics RAV2 / 1 / RAV2_section_1 (hidden)",
        "  Twice  ID  unmanaged",
        "  Twice  ID  unmanaged, not customizable, inactive",
        "",
        "* placed by rictl    o placed by somebody else",
    ]


def test_the_list_covers_the_sales_tables(rictl: Rictl) -> None:
    code, out, _ = rictl("forms", "list", "small", "--format", "json")

    tables = {each["table"]: each["forms"] for each in json.loads(out)["tables"]}
    assert code == 0
    assert list(tables) == ["lead", "contact", "opportunity", "account"]
    assert [(each["name"], each["unpublishedChanges"]) for each in tables["account"]] == [
        ("Account", False),
        ("Contoso Account", True),
        ("Sales Insights", False),
    ]
    assert tables["account"][2]["widgets"] == [
        {
            "widget": "relationship-analytics",
            "placedBy": "somebody else",
            "half": False,
            "hidden": True,
            "tab": "RAV2",
            "column": 1,
            "section": "RAV2_section_1",
        }
    ]


def test_a_table_without_forms_is_an_empty_list(rictl: Rictl) -> None:
    assert "phonecall\n  (no main forms)\n" in rictl("forms", "list", "small", "--table", "phonecall")[1]


@pytest.mark.parametrize("name", ["Sales Insights", SALES_INSIGHTS_LEAD, f"{{{SALES_INSIGHTS_LEAD.upper()}}}", "standard:sales-insights"])
def test_a_form_is_drawn_by_name_by_id_and_as_the_standard_one(rictl: Rictl, name: str) -> None:
    code, out, err = rictl("forms", "show", "small", "lead", name)

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["lead / Sales Insights", f"{SALES_INSIGHTS_LEAD}  managed, as published, labels in language 1033"]
    assert '| HealthSection "Relat… (hidden) |' in lines[5]
    assert all(len(line) <= 100 for line in lines)


def test_a_form_is_drawn_as_svg(rictl: Rictl) -> None:
    code, out, err = rictl("forms", "show", "small", "lead", "Contoso Lead", "--format", "svg")

    assert (code, err) == (0, "")
    assert ElementTree.fromstring(out)[0].text == "lead / Contoso Lead"


def test_a_draft_is_drawn_unless_the_published_copy_is_asked_for(rictl: Rictl) -> None:
    draft, published = (rictl("forms", "show", "small", "account", "Contoso Account", *more)[1] for more in ((), ("--published",)))

    assert "with changes that are not published" in draft
    assert "visit_planning" in draft
    assert "as published" in published
    assert "visit_planning" not in published


def test_names_of_the_remote_side_do_not_steer_the_terminal(rictl: Rictl) -> None:
    listed = rictl("forms", "list", "small", "--table", "task")[1]
    drawn = rictl("forms", "show", "small", "task", "Red \x1b[31m\u202e")[1]

    assert "  Red \\x1b[31m\\u202e  " in listed
    assert drawn.startswith("task / Red \\x1b[31m\\u202e\n")


def test_an_unknown_form_is_answered_with_the_nearest_ones(rictl: Rictl) -> None:
    code, out, err = rictl("forms", "show", "small", "lead", "Contoso Leed")

    assert (code, out) == (1, "")
    assert err.startswith("error[form-not-found]: lead has no main form Contoso Leed")
    assert re.search(r'hint: did you mean "Contoso Lead" .*, "Lead" .*, "Twice" ', err)


def test_a_name_that_two_forms_have_is_answered_with_their_ids(rictl: Rictl) -> None:
    code, _, err = rictl("forms", "show", "small", "lead", "Twice")

    assert code == 1
    assert err.startswith("error[form-ambiguous]: 2 main forms of lead are called Twice")
    assert "00000000-0000-4000-8000-000000000001, 00000000-0000-4000-8000-000000000002" in err


def test_a_table_without_main_forms_is_answered_with_what_a_table_is(rictl: Rictl) -> None:
    code, _, err = rictl("forms", "show", "small", "leads", "Lead")

    assert code == 1
    assert "there are no main forms of leads\n  hint: TABLE is a logical name, such as lead, contact, account, opportunity" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "small", "lead", "standard:other"), "standard:sales-insights"),
        (("show", "small", "le ad", "Lead"), "cannot be the logical name of a table"),
        (("list", "small", "--table", "a'b"), "cannot be the logical name of a table"),
        (("show", "small", "lead"), "Missing argument 'FORM'"),
        (("list",), "Missing argument 'ENV'"),
        (("show", "small", "lead", "Lead", "--format", "png"), "'png' is not one of"),
    ],
)
def test_wrong_usage_is_64(rictl: Rictl, words: tuple[str, ...], said: str) -> None:
    code, out, err = rictl("forms", *words)

    assert (code, out) == (64, "")
    assert said in err


def test_an_unknown_environment_is_an_error(rictl: Rictl) -> None:
    code, _, err = rictl("forms", "list", "smal")

    assert code == 1
    assert "did you mean `small`?" in err


def test_an_environment_that_does_not_answer_is_an_error(workspace: Path, rictl: Rictl) -> None:
    environment = workspace / "environments" / "small.yaml"
    text = environment.read_text(encoding="utf-8").replace("{emulator: small}", '{url: "http://127.0.0.1:9"}')
    environment.write_text(text, encoding="utf-8")

    code, out, err = rictl("forms", "list", "small", "--allow-host", "127.0.0.1")

    assert (code, out) == (1, "")
    assert err.startswith("error[")


def test_what_the_user_may_not_read_is_said_and_fails(workspace: Path, rictl: Rictl) -> None:
    user = f"users: [{{name: rictl, applicationId: {CLIENT_ID}, roles: [System Administrator], cannotRead: [systemform]}}]\n"
    (workspace / "environments" / "_emulator" / "small.yaml").write_text(MORE_FORMS + user, encoding="utf-8")

    listed, drawn = rictl("forms", "list", "small", "--table", "lead"), rictl("forms", "show", "small", "lead", "Lead")

    assert (listed[0], drawn[0]) == (1, 1)
    assert "lead\n  not known: systemform may not be read" in listed[1]
    assert drawn[2].startswith("error[form-unread]: small: lead/Lead: systemform may not be read")


def test_a_form_that_was_never_published_has_a_draft_only(rictl: Rictl) -> None:
    form = {"name": "New", "objecttypecode": "lead", "type": 2, "formxml": "<form><tabs /></form>"}
    form |= {"formid": NEW_ID, "formidunique": NEW_ID}
    assert rictl("emulator", "request", "small", "POST", "systemforms", "--data", json.dumps(form))[1] == "204 No Content\n"

    draft, published = (rictl("forms", "show", "small", "lead", NEW_ID, *more) for more in ((), ("--published",)))

    assert draft[1] == f"lead / New\n{NEW_ID}  unmanaged, with changes that are not published, labels in language 1033\n\n(no tabs)\n"
    assert (published[0], published[1]) == (1, "")
    assert published[2].startswith("error[form-unpublished]: small: the form New of lead was never published")


@pytest.mark.parametrize("picture", ["text", "svg"])
def test_a_form_that_is_no_xml_is_not_drawn(workspace: Path, rictl: Rictl, monkeypatch: pytest.MonkeyPatch, picture: str) -> None:
    service = Service()
    describe(service)
    service.on("GET", DRAFTS, rows(FORM | {"formxml": "<form>"}), where="name eq")
    monkeypatch.setenv("RICTL_ACCESS_TOKEN", "token")
    environment = workspace / "environments" / "small.yaml"
    with running(service):
        text = environment.read_text(encoding="utf-8").replace("{emulator: small}", f'{{url: "{service.url}"}}')
        environment.write_text(text, encoding="utf-8")
        code, out, err = rictl("forms", "show", "small", "lead", "Contoso Lead", "--format", picture, "--allow-host", "127.0.0.1")

    assert (code, out) == (1, "")
    assert err.startswith("error[form-unreadable]: lead/Contoso Lead: the form is not well-formed XML")
