"""What the files say comes out canonical, and every value knows the line that asks for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reconciler.catalog.register import CATALOG
from reconciler.model.desired import Anchor, Attestation, Connection, DesiredEnvironment, Selector
from tests.desired.loading import loaded, write, write_baseline

ROLE = "5F0C9F0E-2F43-4F0C-9D0E-0D6C1D0F1A11"
FULL = f"""
serviceGeneration: native-exchange
accept: [inferred-role-storage]
attestations:
  termsAccepted: {{by: crm-platform, date: 2026-11-01}}
  exchangeDataLocation: {{country: FR, by: m365-admins, date: 2026-11-02}}
  exchangeConsent: {{granted: false, by: m365-admins, date: 2026-11-23}}
  enabledOn: {{by: crm-platform, date: 2026-11-04}}
relationshipIntelligence:
  relationshipAnalytics:
    activityWeights: {{email: 6.0}}
    communicationFrequency: once-a-week
    healthScore: {{enabled: false}}
  whoKnowsWhom:
    introductionTemplate: {{id: {ROLE}}}
  exchangeData:
    securityRoles: [Salesperson, {{template: sales-manager}}, {{id: {ROLE}}}]
forms:
  - table: contact
    form: {{standard: sales-insights}}
    exclusive: true
    widgets:
      - widget: who-knows-whom
        at: {{tab: General, column: 2, before: Timeline}}
        visible: false
        formFactors: [web, phone]
  - table: lead
    form: {{id: {ROLE}}}
    solution: ContosoSales
    widgets: []
"""


def only(root: Path, path: Path) -> DesiredEnvironment:
    found = loaded(path, root=root)
    assert found.diagnostics == ()
    return found.environments[0]


def said(environment: DesiredEnvironment) -> dict[str, object]:
    return {f"{setting.kind}.{setting.field}": setting.value for setting in environment.settings}


def lines(environment: DesiredEnvironment) -> dict[str, tuple[str, int, str | None]]:
    return {
        f"{setting.kind}.{setting.field}": (Path(setting.origin.span.file).name, setting.origin.span.line, setting.origin.because)
        for setting in environment.settings
        if setting.origin.span is not None
    }


def master_and_followers() -> tuple[str, dict[str, str]]:
    (kind,) = {kind.section[0] for kind, field in CATALOG.fields() if field.binding is None}
    return kind, {f"{kind.name}.{field.name}": field.implied_by for kind, field in CATALOG.fields() if field.implied_by is not None}


def test_everything_that_can_be_written_arrives(tmp_path: Path) -> None:
    environment = only(tmp_path, write(tmp_path, "full", FULL))

    by_field = {setting.field: setting.value for setting in environment.settings}
    assert {
        "activityWeights.email": 6,
        "communicationFrequency": "once-a-week",
        "healthScore.enabled": False,
        "introductionTemplate": Selector("id", ROLE.lower()),
        "securityRoles": (Selector("name", "Salesperson"), Selector("template", "sales-manager"), Selector("id", ROLE.lower())),
    } == by_field
    assert isinstance(by_field["activityWeights.email"], int)
    assert ("native-exchange", frozenset({"inferred-role-storage"})) == (environment.generation, environment.accept)
    assert (
        Attestation("termsAccepted", True, "crm-platform", dt.date(2026, 11, 1)),
        Attestation("exchangeDataLocation", "FR", "m365-admins", dt.date(2026, 11, 2)),
        Attestation("exchangeConsent", False, "m365-admins", dt.date(2026, 11, 23)),
        Attestation("enabledOn", True, "crm-platform", dt.date(2026, 11, 4)),
    ) == environment.attestations


def test_forms_arrive_with_what_was_written_and_nothing_else(tmp_path: Path) -> None:
    contact, lead = only(tmp_path, write(tmp_path, "full", FULL)).forms

    assert ("contact", Selector("standard", "sales-insights"), True, None) == (
        contact.table,
        contact.form,
        contact.exclusive,
        contact.solution,
    )
    assert ("lead", Selector("id", ROLE.lower()), "ContosoSales", ()) == (lead.table, lead.form, lead.solution, lead.widgets)
    (widget,) = contact.widgets
    assert Anchor("General", 2, None, "Timeline", None) == widget.at
    assert (widget.label, widget.rows, widget.visible, widget.form_factors) == (None, None, False, ("web", "phone"))
    assert widget.origin.span is not None
    assert widget.origin.span.line == 27


def test_a_connection_is_spelled_in_one_way(tmp_path: Path) -> None:
    head = "apiVersion: rictl/v1\nkind: Environment\nmetadata: {name: real}\n"
    body = f"connection: {{url: 'https://CONTOSO.crm9.dynamics.com:443/', cloud: gcc, tenantId: {ROLE}, clientId: {ROLE}}}\n"

    environment = only(tmp_path, write(tmp_path, "real", head + body, head=False))

    assert Connection("https://contoso.crm9.dynamics.com", None, "gcc", ROLE.lower(), ROLE.lower()) == environment.connection


def test_a_server_on_this_machine_may_have_a_port(tmp_path: Path) -> None:
    text = "apiVersion: rictl/v1\nkind: Environment\nmetadata: {name: local}\nconnection: {url: 'https://127.0.0.1:8443'}\n"

    found = loaded(write(tmp_path, "local", text, head=False), root=tmp_path)

    assert [environment.connection.url for environment in found.environments] == ["https://127.0.0.1:8443"]
    assert [(said.code, said.hint) for said in found.diagnostics] == [
        ("foreign-host", "plan and apply refuse it without --allow-host 127.0.0.1")
    ]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://${RICTL_VAR_ORGANIZATION}.crm4.dynamics.com", "https://contoso.crm4.dynamics.com"),
        ("https://${RICTL_VAR_NOTHING:-fabrikam}.crm4.dynamics.com", "https://fabrikam.crm4.dynamics.com"),
        ("https://${RICTL_VAR_EMPTY:-fabrikam}.crm4.dynamics.com", "https://fabrikam.crm4.dynamics.com"),
        ("https://a${RICTL_VAR_NOTHING:-}.crm4.dynamics.com", "https://a.crm4.dynamics.com"),
    ],
)
def test_variables_are_replaced_in_the_connection(written: str, url: str, tmp_path: Path) -> None:
    text = f"apiVersion: rictl/v1\nkind: Environment\nmetadata: {{name: v}}\nconnection: {{url: '{written}'}}\n"

    assert url == only(tmp_path, write(tmp_path, "v", text, head=False)).connection.url


def test_what_a_variable_holds_is_not_expanded_again(tmp_path: Path) -> None:
    text = "apiVersion: rictl/v1\nkind: Environment\nmetadata: {name: v}\nconnection: {emulator: '${RICTL_VAR_X}'}\n"
    path = write(tmp_path, "v", text, head=False)

    found = loaded(path, root=tmp_path, variables={"RICTL_VAR_X": "${RICTL_VAR_Y}", "RICTL_VAR_Y": "y"})

    assert [diagnostic.code for diagnostic in found.diagnostics] == ["wrong-format"]


def test_what_a_variable_holds_is_not_repeated(tmp_path: Path) -> None:
    text = "apiVersion: rictl/v1\nkind: Environment\nmetadata: {name: v}\n"
    connection = "connection: {url: 'https://${RICTL_VAR_X}', cloud: '${RICTL_VAR_X}', tenantId: '${RICTL_VAR_X}'}\n"
    path = write(tmp_path, "v", text + connection, head=False)

    found = loaded(path, root=tmp_path, variables={"RICTL_VAR_X": "hunter2 "}).diagnostics

    assert len(found) > 1
    assert "hunter2" not in repr(found)


def test_the_master_switch_on_implies_what_nobody_wrote(tmp_path: Path) -> None:
    section, followers = master_and_followers()

    environment = only(tmp_path, write(tmp_path, "e", f"{section}:\n  enabled: true\n"))

    assert dict.fromkeys(followers, True) == said(environment)
    assert {("e.yaml", 6, f"implied by {section}.enabled")} == set(lines(environment).values())


def test_the_master_switch_off_turns_the_features_off_and_nothing_else(tmp_path: Path) -> None:
    section, followers = master_and_followers()

    environment = only(tmp_path, write(tmp_path, "e", f"{section}:\n  enabled: false\n"))

    assert {name: False for name, by in followers.items() if by == "both"} == said(environment)


def test_what_is_written_wins_over_what_is_implied(tmp_path: Path) -> None:
    section, followers = master_and_followers()
    body = f"{section}:\n  enabled: true\n  whoKnowsWhom: {{enabled: false}}\n"

    environment = only(tmp_path, write(tmp_path, "e", body))

    assert [value for name, value in said(environment).items() if name in followers and value is not True] == [False]
    assert [line for _, line, because in lines(environment).values() if because is None] == [7]


def test_silence_is_nobodys_wish(tmp_path: Path) -> None:
    assert only(tmp_path, write(tmp_path, "silent")).settings == ()


def test_mappings_merge_lists_replace_and_each_value_keeps_its_place(tmp_path: Path) -> None:
    low = "relationshipIntelligence:\n  relationshipAnalytics:\n    healthScore: {grading: {good: 60, fair: 40}}\n"
    write_baseline(tmp_path, "low", low + "accept: [inferred-role-storage]\n")
    high = "extends: [low]\nrelationshipIntelligence:\n  relationshipAnalytics: {healthScore: {grading: {good: 70}}}\n"
    write_baseline(tmp_path, "high", high)
    body = "extends: [low, high]\naccept: [inferred-widget-xml]\nrelationshipIntelligence:\n  relationshipAnalytics:\n"
    path = write(tmp_path, "e", body + "    communicationFrequency: once-a-day\n")

    environment = only(tmp_path, path)

    places = {name.partition(".")[2]: (file, line) for name, (file, line, _) in lines(environment).items()}
    assert places == {
        "communicationFrequency": ("e.yaml", 9),
        "healthScore.grading.good": ("high.yaml", 6),
        "healthScore.grading.fair": ("low.yaml", 6),
    }
    assert frozenset({"inferred-widget-xml"}) == environment.accept


def test_a_baseline_says_nothing_about_who_an_environment_is(tmp_path: Path) -> None:
    text = "apiVersion: rictl/v1\nkind: Baseline\nmetadata: {name: b, owner: somebody, labels: {tier: prod}}\n"
    write_baseline(tmp_path, "b", "").write_text(text, encoding="utf-8")

    environment = only(tmp_path, write(tmp_path, "e", "extends: [b]\n"))

    assert (environment.name, environment.owner, environment.labels) == ("e", None, ())


def test_files_are_named_as_seen_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "e")
    monkeypatch.chdir(tmp_path)

    assert loaded(path, root=tmp_path).files == ("environments/e.yaml",)
    assert only(tmp_path, Path("environments/e.yaml")).file == "environments/e.yaml"
