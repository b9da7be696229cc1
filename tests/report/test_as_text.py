from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from reconciler.model.address import Address
from reconciler.model.change import Placement, WidgetChange
from reconciler.model.desired import DesiredWidget
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.fact import Known, Ref, Unknown
from reconciler.model.live import LiveRow, Organization
from reconciler.model.plan import Plan, Unread
from reconciler.model.source import Origin, SourceSpan
from reconciler.plan.build import waive
from reconciler.report.as_text import as_text
from reconciler.report.layout import columns, width_of, wrapped
from tests.plan.test_forms import WHO
from tests.plan.worlds import (
    MANAGER,
    SALESPERSON,
    SERVICE,
    attested,
    declared_form,
    lead_form,
    names,
    on_form,
    organization,
    origin,
    plan,
    wish,
)

ROLES = ("exchange_data", "securityRoles")
WKW = ("who_knows_whom", "enabled")
STORED = Known((Ref(SALESPERSON.id, "Salesperson"), Ref("90000000-0000-4000-8000-000000000009", "Marketing")))

SMALL = """\
contoso-test  Contoso Test  https://contoso.crm4.dynamics.com
  read 2026-11-23 10:02:11 UTC as rictl service principal (language 1033)

  ~  contoso-test/relationship_analytics  change (2 fields)
  legend: ~ change

  ~ contoso-test/relationship_analytics  change
      msdyn_activityanalysisconfig: inferred, accepted: inferred-options-table
        activityWeights.email   6 -> 7                  msdyn_emailweight
            environments/contoso-test.yaml:10
        communicationFrequency  not set -> once-a-week  msdyn_communicationfrequency
            environments/contoso-test.yaml:11
      last written by Ana Pop on 2026-11-20 09:00 UTC

  in this order:
    1. write msdyn_activityanalysisconfig: relationship_analytics (activityWeights.email,
       communicationFrequency)

Plan: 1 of 1 environment changes: 0 to enable, 1 to change, 0 to disable, 0 need a person."""


def small() -> Plan:
    settings: Any = {
        ("relationship_analytics", "activityWeights.email"): 7,
        ("relationship_analytics", "activityWeights.task"): 5,
        ("relationship_analytics", "communicationFrequency"): "once-a-week",
    }
    live = organization(
        {("relationship_analytics", "activityWeights.email"): Known(6), ("relationship_analytics", "activityWeights.task"): Known(5)}
    )
    ordered = {key: settings[key] for key in sorted(settings, key=lambda key: "task" in key[1])}
    return plan(wish(ordered), live)


def test_a_small_plan_reads_as_this() -> None:
    assert as_text([small()]) == SMALL


def test_what_stays_is_not_printed() -> None:
    assert "activityWeights.task" not in as_text([small()])


def test_without_details_there_is_the_table_alone() -> None:
    text = as_text([small()], details=False)

    assert "change (2 fields)" in text
    assert "msdyn_emailweight" not in text
    assert "in this order" not in text


def test_without_details_everything_that_somebody_must_settle_is_still_said_in_full() -> None:
    wishes: dict[Any, Any] = {WKW: True, ROLES: names("Salespersn"), ("exchange_data", "enabled"): True}
    made = plan(wish(wishes, accept=frozenset()), organization({("who_knows_whom", "introductionTemplate"): Unknown("odd")}))
    made = replace(made, unread=(Unread(Address("contoso-test", "who_knows_whom"), "status", "the column is hidden"),))

    text = as_text([made], details=False)

    assert 'there is no security role "Salespersn" in the root business unit' in text
    assert 'hint: did you mean "Salesperson"' in text
    assert "hint: to confirm: PATCH the column in a sandbox" in text
    assert "? not read: contoso-test/who_knows_whom status\n      the column is hidden\n" in text
    assert "Give the consent: Microsoft 365 admin center" in text
    assert "msdyn_iswkwenabled  environments" not in text


def test_what_somebody_must_settle_stands_last_below_the_drawings() -> None:
    made = plan(wish({ROLES: names("Salespersn"), WKW: True}, forms=(declared_form(WHO),), accept=frozenset()), on_form(lead_form()))

    text = as_text([made])

    order = ["before:", "after:", "in this order:", "notice:", "a person must:", "? error: role-not-found", "! refused:", "Plan: 1 of"]
    places = [text.index(mark, text.index("legend:")) for mark in order]
    assert places == sorted(places)


def test_no_line_is_longer_than_a_page_is_wide() -> None:
    long = SourceSpan("environments/a-folder-with-a-long-name/and-another-one/contoso-production-emea.yaml", 120, 3)
    desired = wish({("relationship_analytics", "communicationFrequency"): "once-every-couple-of-weeks", WKW: True}, accept=frozenset())
    implied = Origin(long, "implied by relationshipIntelligence.enabled")
    desired = replace(desired, name="contoso-production-emea", settings=tuple(replace(s, origin=implied) for s in desired.settings))
    live = organization({("relationship_analytics", "communicationFrequency"): Known("once-every-few-days")})

    *lines, _last = as_text([plan(desired, live)]).splitlines()

    assert [line for line in lines if len(line) > 100 and " " in line.strip()] == []


def test_every_value_names_its_own_file_and_line_whole() -> None:
    weights: dict[Any, Any] = {("relationship_analytics", f"activityWeights.{name}"): 7 for name in ("email", "meeting", "phoneCall")}
    desired = wish(weights)
    base = Origin(SourceSpan("environments/_base/sales-premium.yaml", 22, 5))
    spread = [replace(s, origin=o) for s, o in zip(desired.settings, (base, origin(9), Origin(None)), strict=True)]

    text = as_text([plan(replace(desired, settings=tuple(spread)), organization())])

    assert text.count("msdyn_activityanalysisconfig: inferred, accepted: inferred-options-table") == 1
    assert re.search(r"activityWeights.email +not set -> 7 +msdyn_emailweight\s+environments/_base/sales-premium.yaml:22\n", text)
    assert re.search(r"activityWeights.meeting +not set -> 7 +msdyn_meetingweight\s+environments/contoso-test.yaml:9\n", text)
    assert re.search(r"activityWeights.phoneCall +not set -> 7 +msdyn_phonecallweight\s+not written in a file\n", text)


def test_what_rests_on_a_word_says_whose_and_where_it_is_written() -> None:
    settings: dict[Any, Any] = {("relationship_intelligence", name): True for name in ("termsAccepted", "analyticsPermitted")}
    word = replace(attested("termsAccepted"), where=SourceSpan("environments/contoso-test.yaml", 18, 3))

    both = as_text([plan(wish(settings, attestations=(word,)), organization())])
    one = as_text(
        [plan(wish({("relationship_intelligence", "termsAccepted"): True}, attestations=(attested("termsAccepted"),)), organization())]
    )

    assert (
        "        termsAccepted, analyticsPermitted rest on attestations.termsAccepted: attested by\n"
        "          crm-platform on 2026-11-01 (environments/contoso-test.yaml:18)\n"
    ) in both
    assert "termsAccepted rests on attestations.termsAccepted: attested by crm-platform on 2026-11-01\n" in one


def test_a_plan_without_changes_says_what_was_checked() -> None:
    text = as_text([plan(wish({WKW: False}), organization())])

    assert (
        "  No changes. 1 declared value compared with organization 50000000-0000-4000-8000-000000000001, 2\n  requests, 0 not read.\n"
    ) in text
    assert text.endswith("Plan: no changes in 1 environment.")
    assert "legend" not in text


def test_nothing_to_write_is_not_called_no_changes_while_something_is_open() -> None:
    failed = plan(wish({WKW: True}), organization({WKW: Known(True)}, activations={"who_knows_whom": 4}))

    assert "  Nothing to write, but 1 objection to what is declared. 1 declared value compared" in as_text([failed])


def test_what_could_not_be_resolved_or_read_is_said_first() -> None:
    nothing = as_text([plan(wish({ROLES: names("Salespersn")}), organization())])
    some = as_text([plan(wish({ROLES: names("Salespersn"), WKW: False, ("relationship_analytics", "enabled"): True}),
                         organization({("relationship_analytics", "enabled"): Unknown("two rows")}))])  # fmt: skip

    assert "  Not all that is declared could be compared: 1 error in the files. 0 declared values compared" in nothing
    assert nothing.splitlines()[-1] == "Plan: nothing can be said of 1 environment; 1 incomplete."
    assert "1 error in the files, 1 value not read; in the rest\n  nothing differs. 2 declared values compared" in some
    assert "No changes" not in nothing + some


def test_roles_are_shown_by_name_with_what_goes_and_what_comes() -> None:
    text = as_text([plan(wish({ROLES: names("Salesperson", "Sales Manager")}), organization({ROLES: STORED}))])
    lines = [line.strip() for line in text.splitlines()]

    assert "- Marketing" in lines
    assert "+ Sales Manager" in lines
    assert not any("Salesperson" in line for line in lines)
    assert MANAGER.id not in text


def test_what_takes_away_stands_first_and_the_legend_names_only_what_occurs() -> None:
    made = plan(
        wish({WKW: True, ("relationship_analytics", "enabled"): False}), organization({("relationship_analytics", "enabled"): Known(True)})
    )
    text = as_text([made])

    assert text.index("-  contoso-test/relationship_analytics") < text.index("+  contoso-test/who_knows_whom")
    assert "legend: - disable or remove   + enable or add\n" in text


def test_names_from_outside_cannot_move_the_cursor_or_forge_a_line() -> None:
    hostile = "x\x1b[2J\nPlan: no changes in 4 environments.\u202e"
    live = organization(
        {ROLES: Known((Ref("9", hostile),))},
        organization=Organization("o", hostile, f"https://{hostile}", "9.2.25014.1"),
        rows={"msdyn_odosmetadata": LiveRow("r", modified_by=replace(SERVICE, name=hostile))},
    )

    text = as_text([plan(wish({ROLES: names("Salesperson")}), live)])

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert [line for line in text.splitlines() if line.startswith("Plan:")] == text.splitlines()[-1:]
    assert "(service)" in text


def test_colour_is_added_to_symbols_only() -> None:
    plain, colored = as_text([small()]), as_text([small()], color=True)

    assert "\x1b[33m~\x1b[0m contoso-test/relationship_analytics" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == plain


def test_an_implied_wish_says_what_implies_it() -> None:
    desired = wish({WKW: True})
    implied = Origin(SourceSpan("environments/_base/sales-premium.yaml", 4, 3), "implied by relationshipIntelligence.enabled")
    desired = replace(desired, settings=(replace(desired.settings[0], origin=implied),))

    assert "environments/_base/sales-premium.yaml:4 (implied by relationshipIntelligence.enabled)" in as_text(
        [plan(desired, organization())]
    )


def test_a_wish_without_a_place_says_so() -> None:
    desired = wish({WKW: True})
    desired = replace(desired, settings=(replace(desired.settings[0], origin=Origin(None)),))

    assert "not written in a file" in as_text([plan(desired, organization())])


def test_an_objection_says_why_what_to_do_and_how_it_is_waived() -> None:
    failed = plan(wish({WKW: True}), organization({WKW: Known(True)}, activations={"who_knows_whom": 6}))
    text = as_text([failed])

    assert "! refused: activation-failed  contoso-test/who_knows_whom" in text
    assert "hint: switch it off and on again" in text
    assert "waive with --allow activation-failed=REASON" in text
    waived = as_text([waive(failed, {"activation-failed": "ticket 12"})])
    assert "waived: activation-failed" in waived
    assert "reason: ticket 12" in waived
    assert "!" not in waived


def test_an_objection_that_may_not_be_waived_offers_no_waiver() -> None:
    text = as_text([plan(wish({("exchange_data", "enabled"): True}), organization())])

    assert "refused: exchange-data-of-everyone" in text
    assert "--allow" not in text


def test_problems_of_the_file_carry_their_place_and_hint() -> None:
    text = as_text([plan(wish({ROLES: names("Salespersn")}), organization())])

    assert "? error: role-not-found  environments/contoso-test.yaml:10" in text
    assert 'hint: did you mean "Salesperson"' in text
    bare = replace(plan(wish(), organization()), problems=(Diagnostic("some-code", "no place, no hint"),))
    assert "  ? error: some-code\n      no place, no hint\n" in as_text([bare])


def test_a_person_is_told_the_deadline_and_the_days_left() -> None:
    made = plan(wish({WKW: True}), organization())
    over = replace(made, read_at=made.read_at + dt.timedelta(days=15))

    assert "give-exchange-consent: Microsoft 365 Global Administrator, until 2026-12-07 (14 days left)" in as_text([made])
    assert "until 2026-12-07 (1 day over)" in as_text([over])


def test_a_changed_form_is_drawn_before_and_after() -> None:
    text = as_text([plan(wish(forms=(declared_form(WHO),)), on_form(lead_form()))])

    assert "form lead/Contoso Lead, before:" in text
    assert text.index("before:") < text.index("after:") < text.index("* who-knows-whom")
    assert 'write the form "Contoso Lead" of lead' in text
    assert "publish lead" in text


def test_a_moved_and_a_removed_widget_show_where_they_were() -> None:
    made = plan(wish(forms=(declared_form(WHO),)), on_form(lead_form()))
    (add,) = made.changes
    assert isinstance(add, WidgetChange)
    assert add.after is not None
    moved = replace(
        add, action="move", before=replace(add.after, column=2, visible=False, form_factors=()), certainty="documented", acceptance=None
    )
    removed = replace(add, action="remove", before=Placement(tab="Summary", before="Timeline", visible=False), after=None)

    text = as_text([replace(made, changes=(moved, removed))])

    assert re.search(r"column +2 -> 1", text)
    assert re.search(r"visible +no -> yes", text)
    assert re.search(r"form factors +none -> web, tablet, phone", text)
    assert re.search(r"- contoso-test/form_widgets\[.*\]  remove\n +tab Summary / before Timeline / section None\n", text)
    assert 'label "", an unknown number of rows, hidden by default' in text
    assert "; documented" in text


def test_an_unaccepted_inference_is_called_so() -> None:
    assert "inferred, not accepted" in as_text([plan(wish({WKW: True}, accept=frozenset()), organization())])


def test_a_widget_that_nobody_placed_by_hand_has_an_origin() -> None:
    widget = DesiredWidget("relationship-health", origin=origin(50))

    assert "environments/contoso-test.yaml:50" in as_text([plan(wish(forms=(declared_form(widget),)), on_form(lead_form()))])


def test_a_row_that_is_created_says_so() -> None:
    from reconciler.model.live import NoRow

    desired = wish({WKW: True}, accept=frozenset({"inferred-row-creation", "inferred-activation-by-patch"}))

    assert "create the row of msdyn_wkwconfig" in as_text([plan(desired, organization(rows={"msdyn_wkwconfig": NoRow()}))])


def test_wide_letters_keep_columns_straight() -> None:
    assert width_of("営業é") == 5
    assert width_of("e\u0301") == 1
    assert columns([("営業", "a"), ("abcd", "b")]) == ["営業  a", "abcd  b"]
    assert columns([]) == []
    assert wrapped("", indent="  ") == [""]
