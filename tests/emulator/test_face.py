"""The settings page over plain HTTP: what it shows, what it refuses, and that a click is a request of the Web API like any other."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Binding, Field, Kind
from reconciler.catalog.register import CATALOG
from reconciler.catalog.source import ACTIVITY_ANALYSIS_CONFIG
from reconciler.catalog.tables.analytics import ACTIVITY_ANALYSIS
from reconciler.catalog.types import Flag
from reconciler.emulator.domain import build_domain
from reconciler.emulator.face.form_picture import Cell, Column, Picture, Section, Tab, picture_of
from reconciler.emulator.face.history import Event, Step, event_of
from reconciler.emulator.face.views import FormView, form_view
from reconciler.emulator.server import EmbeddedDataverse
from tests.emulator.wire import Client, Reply, send

FORM = "application/x-www-form-urlencoded"
ETAG = re.compile(r'<input type="hidden" name="(etag:[a-z_]+)" value="([^"]*)">')
FLEET = Path(__file__).parents[2] / "environments" / "_emulator"
HOSTILE = '"><script>alert(1)</script>'
SCENARIO = f"""\
friendlyName: Small
users:
  - {{name: Ana Pop, email: a@example.com, roles: [System Administrator]}}
  - {{name: Liam Carter, email: l@example.com, roles: [Salesperson]}}
  - {{name: '{HOSTILE}', email: h@example.com}}
roles:
  custom:
    - name: '{HOSTILE}'
templates:
  - {{title: '{HOSTILE}', type: contact, subject: s, body: b}}
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[EmbeddedDataverse]:
    domain = build_domain(CATALOG, FLEET)
    with EmbeddedDataverse(tmp_path / "s.sqlite", domain=domain, catalog=CATALOG, organizations=("contoso-dev", "contoso-test")) as server:
        yield server


class Small:
    """One organization with few people, of a scenario that a test writes."""

    def __init__(self, server: EmbeddedDataverse, scenario: Path) -> None:
        self.server = server
        self.scenario = scenario
        self.home = f"{server.url('small')}/settings"
        self.api = Client(server, server.token(), "small")

    def add(self, text: str) -> None:
        self.scenario.write_text(self.scenario.read_text(encoding="utf-8") + text, encoding="utf-8")

    def see(self, path: str = "") -> str:
        return shown(send("GET", self.home + path))

    def click(self, path: str, person: str = "Ana Pop", **form: str | list[str]) -> Reply:
        """Sends the form of a page as a browser does, with the versions of the rows that the page shows; follows the redirect."""
        etags = {name: html.unescape(value) for name, value in ETAG.findall(self.see(path))}
        body = urlencode({**etags, **{name.replace("__", "."): value for name, value in form.items()}}, doseq=True).encode()
        return send("POST", self.home + path, body, {"Content-Type": FORM, "Cookie": f"person={person.replace(' ', '%20')}"})

    def value(self, entity_set: str, column: str) -> object:
        return self.api.get(entity_set).body["value"][0][column]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    (scenarios / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    with EmbeddedDataverse(tmp_path / "s.sqlite", domain=build_domain(CATALOG, scenarios), catalog=CATALOG) as server:
        yield Small(server, scenarios / "small.yaml")


def shown(reply: Reply) -> str:
    assert reply.status == 200, reply.content
    return reply.content.decode()


def words(page: bytes | str) -> str:
    """What is read, without markup."""
    text = page.decode() if isinstance(page, bytes) else page
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", text).split()))


WEIGHTS = {"activityWeights__email": "6", "activityWeights__meeting": "", "activityWeights__phoneCall": "", "activityWeights__task": ""}
GRADES = {"healthScore__enabled": "on", "healthScore__grading__good": "60", "healthScore__grading__fair": "40"}


def test_the_list_names_organizations_that_nobody_opened_and_how_those_stand_that_somebody_did(fleet: EmbeddedDataverse) -> None:
    send("GET", f"{fleet.url('contoso-prod-emea')}/settings")

    listed = shown(send("GET", f"{fleet.root}/"))

    assert re.findall(r'<a href="(/[^/]+/settings)">', listed) == [
        "/contoso-dev/settings",
        "/contoso-prod-emea/settings",
        "/contoso-test/settings",
    ]
    assert "contoso-prod-emea Relationship intelligence: Partly on" in words(listed)
    assert "contoso-dev Not opened yet" in words(listed)


def test_without_any_organization_the_list_says_how_to_get_one(emulator: EmbeddedDataverse) -> None:
    assert "Nobody has asked for an organization yet." in words(shown(send("GET", f"{emulator.root}/")))


def test_an_organization_whose_scenario_is_broken_is_listed_without_a_state(small: Small) -> None:
    small.see()
    small.scenario.write_text("nonsense: true\n", encoding="utf-8")
    with EmbeddedDataverse(
        small.scenario.parents[1] / "s.sqlite", domain=build_domain(CATALOG, small.scenario.parent), catalog=CATALOG
    ) as other:
        listed = words(shown(send("GET", f"{other.root}/")))
        refused = send("GET", f"{other.url('small')}/settings")

    assert "small Not opened yet" in listed
    assert (refused.status, "nonsense" in words(refused.content)) == (500, True)


def test_every_setting_of_the_catalogue_is_on_a_page_with_its_words(fleet: EmbeddedDataverse) -> None:
    missing = []
    for kind in CATALOG.kinds:
        page = words(shown(send("GET", f"{fleet.url('contoso-test')}/settings/options/{kind.name.replace('_', '-')}")))
        for field in kind.fields:
            wanted = (f"{field.binding.table}.{field.binding.column}", words(field.description.replace("`", " "))) if field.binding else ()
            missing += [text for text in wanted if text.replace(" .", ".") not in page.replace(" .", ".")]

    assert missing == []


def test_a_kind_that_is_added_to_the_catalogue_has_its_page_without_further_work(tmp_path: Path) -> None:
    bound = Binding("msdyn_activityanalysisconfig", "msdyn_islinkedinenabled", "documented", ACTIVITY_ANALYSIS_CONFIG)
    field = Field("enabled", Flag(), bound, "Whether messages from LinkedIn count.", True)
    added = Kind("linked_in", ("linkedIn",), "LinkedIn", "Messages from LinkedIn.", (field,), (ACTIVITY_ANALYSIS,))
    catalog = Catalog((*CATALOG.kinds, added), CATALOG.widgets)
    with EmbeddedDataverse(tmp_path / "s.sqlite", domain=build_domain(catalog, None), catalog=catalog) as server:
        page = small_of(server, "fresh")
        overview = words(page.see())
        page.click("", kind="linked_in", to="on")

        assert "LinkedIn Off Messages from LinkedIn." in overview
        assert "Whether messages from LinkedIn count." in words(page.see("/options/linked-in"))
        assert page.value("msdyn_activityanalysisconfigs", "msdyn_islinkedinenabled") is True


def test_a_page_may_load_nothing_from_elsewhere_and_run_no_script_in_it(small: Small) -> None:
    page = send("GET", small.home)

    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self';")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Cache-Control"] == "no-store"
    assert re.findall(r'(?:src|href)="((?!/|#)[^"]*)"', page.content.decode()) == []
    assert re.findall(r"<script(?! src)|<style| style=| on[a-z]+=", page.content.decode()) == []


@pytest.mark.parametrize(("asset", "kind"), [("css", "text/css"), ("js", "text/javascript"), ("svg", "image/svg+xml")])
def test_what_a_page_loads_is_there(small: Small, asset: str, kind: str) -> None:
    reply = send("GET", f"{small.server.root}/assets/face.{asset}")

    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, kind)


def test_hostile_names_of_people_roles_templates_and_forms_stay_text(small: Small) -> None:
    form = small.api.get("systemforms?$filter=objecttypecode eq 'lead' and type eq 2&$select=formid,formxml&$top=1").body["value"][0]
    text = form["formxml"].replace('description="', f'description="{html.escape(HOSTILE)}', 1)
    assert small.api("PATCH", f"systemforms({form['formid']})", {"formxml": text, "name": HOSTILE}).status == 204
    small.api("POST", "PublishXml", {"ParameterXml": "<importexportxml><entities><entity>lead</entity></entities></importexportxml>"})
    pages = [small.see(path) for path in ("", "/options/who-knows-whom", "/options/exchange-data", "/forms")]
    small.api.get(f"accounts?$filter=name eq '{HOSTILE}'")
    pages += [small.see("/requests"), send("GET", f"{small.server.root}/%22%3E%3Cscript%3Ealert(1)/settings").content.decode()]
    refused = send("POST", f"{small.home}/clock", urlencode({"hours": HOSTILE}).encode(), {"Content-Type": FORM})
    pages.append(refused.content.decode())

    assert [page for page in pages if "<script>" in page] == []
    assert [number for number, page in enumerate(pages) if "&gt;&lt;script&gt;" not in page] == []


def test_only_pages_of_this_server_may_send_anything_here(small: Small) -> None:
    host = urlsplit(small.server.root).netloc
    body = urlencode({"hours": "1"}).encode()
    strange = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ]

    refused = [send("POST", f"{small.home}/clock", body, {"Content-Type": FORM, **headers}).status for headers in strange]
    rebound = send("GET", small.home, None, {"Host": "evil.example"}).status
    accepted = send("POST", f"{small.home}/clock", body, {"Content-Type": FORM, "Origin": f"http://{host}"}).status

    assert (refused, rebound, accepted) == ([403] * 5, 403, 200)


def test_enable_accepts_the_terms_and_turns_on_what_follows_and_turn_off_leaves_the_terms(small: Small) -> None:
    before = words(small.see())
    enabled = words(small.click("", to="on").content)
    switches = [
        small.value("organizations", "isrelationshipinsightsenabled"),
        small.value("organizations", "isactivityanalysisenabled"),
        small.value("msdyn_activityanalysisconfigs", "msdyn_isorgsettingenable"),
        small.value("msdyn_wkwconfigs", "msdyn_iswkwenabled"),
    ]
    small.click("", to="off")

    assert "Get started with relationship intelligence State: Off Enable also records: The organization accepted the terms" in before
    assert "State: On" in enabled
    assert switches == [True, True, True, True]
    assert small.value("organizations", "isrelationshipinsightsenabled") is True
    assert small.value("msdyn_wkwconfigs", "msdyn_iswkwenabled") is False
    assert "This cannot be taken back here." in words(small.see("/options/relationship-intelligence"))


def test_what_cannot_be_taken_back_stays_when_its_page_is_saved_and_the_guards_of_the_service_hold(small: Small) -> None:
    too_early = small.click("/options/relationship-intelligence", analyticsPermitted="on")
    small.click("/options/relationship-intelligence", termsAccepted="on")
    small.click("/options/relationship-intelligence")

    assert too_early.status == 400
    assert "Relationship Insights feature is not enabled or solution is not installed." in words(too_early.content)
    assert small.value("organizations", "isrelationshipinsightsenabled") is True
    assert small.value("organizations", "isactivityanalysisenabled") is False


def test_a_click_is_logged_as_the_request_that_it_is_and_looking_is_not(small: Small) -> None:
    small.see()
    small.server.clear_requests()
    small.click("", kind="who_knows_whom", to="on")
    asked = [(request.method, request.path.partition("(")[0], request.status) for request in small.server.requests]
    author = small.api.get("msdyn_wkwconfigs?$expand=modifiedby($select=fullname)").body["value"][0]["modifiedby"]["fullname"]

    assert asked == [("PATCH", "msdyn_wkwconfigs", 204)]
    assert author == "Ana Pop"
    assert "204 PATCH msdyn_wkwconfigs(" in words(small.see("/requests"))
    assert "Nothing yet." in words(small.click("/requests").content)


def test_saving_writes_only_what_was_changed(small: Small) -> None:
    weights = {**WEIGHTS, "activityWeights__email": "8"}
    saved = small.click("/options/relationship-analytics", communicationFrequency="once-a-week", **weights, **GRADES)
    again = words(small.click("/options/relationship-analytics", communicationFrequency="once-a-week", **weights, **GRADES).content)
    writes = [request.path.partition("(")[0] for request in small.server.requests if request.method == "PATCH"]

    assert "Saved." in words(saved.content)
    assert small.value("msdyn_activityanalysisconfigs", "msdyn_emailweight") == 8
    assert small.value("msdyn_activityanalysisconfigs", "msdyn_communicationfrequency") == 3
    assert "Saved." in again
    assert writes.count("msdyn_activityanalysisconfigs") == 1


@pytest.mark.parametrize(
    ("weight", "said"),
    [("99", "99"), ("six", "Email: “six” is not a whole number."), ("-", "Email: “-” is not a whole number.")],
)
def test_a_value_that_is_refused_is_explained_and_kept_in_its_input(small: Small, weight: str, said: str) -> None:
    form = {**WEIGHTS, **GRADES, "activityWeights__email": weight, "activityWeights__task": "5"}
    refused = small.click("/options/relationship-analytics", communicationFrequency="", **form)

    assert refused.status == 400
    assert "This was refused." in words(refused.content)
    assert said in words(refused.content)
    assert 'name="activityWeights.task" value="5"' in refused.content.decode()
    assert small.value("msdyn_activityanalysisconfigs", "msdyn_taskweight") is None


def test_a_person_without_the_role_is_refused_as_the_web_api_refuses(small: Small) -> None:
    refused = small.click("", person="Liam Carter", to="on")

    assert refused.status == 403
    assert "This was refused." in words(refused.content)
    assert small.value("msdyn_wkwconfigs", "msdyn_iswkwenabled") is False


def test_who_was_faster_wins_and_the_page_shows_what_is_stored(small: Small) -> None:
    stale = urlencode({"etag:msdyn_wkwconfig": 'W/"1"', "kind": "who_knows_whom", "to": "on"}).encode()
    refused = send("POST", small.home, stale, {"Content-Type": FORM})

    assert refused.status == 412
    assert "This was refused: somebody else was faster." in words(refused.content)


def test_the_person_is_remembered_and_nobody_unknown_is_taken(small: Small) -> None:
    def chosen(name: str) -> str:
        request = urlencode({"person": name}).encode()
        page = send("POST", f"{small.home}/person", request, {"Content-Type": FORM})
        return page.content.decode()

    cookie = "person=Liam%20Carter"
    remembered = send("GET", small.home, None, {"Cookie": cookie}).content.decode()
    unknown = send("GET", small.home, None, {"Cookie": "person=Nobody; a(b)=c"}).content.decode()

    assert "Overview" in chosen("Liam Carter")
    assert "<option selected>Liam Carter</option>" in remembered
    assert "<option selected>Ana Pop</option>" in unknown


def test_where_nobody_is_a_user_somebody_is_made_by_the_first_click(emulator: EmbeddedDataverse) -> None:
    home = f"{emulator.url('fresh')}/settings"
    assert "<option selected>Ana Pop</option>" in shown(send("GET", home))
    send("POST", home, urlencode({"kind": "who_knows_whom", "to": "on"}).encode(), {"Content-Type": FORM})

    names = Client(emulator, emulator.token(), "fresh").get("systemusers?$filter=fullname eq 'Ana Pop'&$select=fullname").body["value"]
    assert len(names) == 1


def test_the_role_selection_is_read_and_written_in_the_spelling_that_is_stored(fleet: EmbeddedDataverse) -> None:
    page = small_of(fleet, "contoso-prod-emea")
    checked = re.findall(r'value="([0-9a-f-]{36})" checked>\s*</?', page.see("/options/exchange-data"))
    stored = json.loads(str(page.value("msdyn_odosmetadatas", "msdyn_enabledroles")))
    page.click("/options/exchange-data", enabled="on", securityRoles=stored[:1])

    assert set(checked) <= set(stored)
    assert json.loads(str(page.value("msdyn_odosmetadatas", "msdyn_enabledroles"))) == stored[:1]


def small_of(server: EmbeddedDataverse, organization: str) -> Small:
    page = Small(server, Path())
    page.home, page.api = f"{server.url(organization)}/settings", Client(server, server.token(), organization)
    return page


@pytest.mark.parametrize(("encoding", "joined"), [("comma", "{0},{1}"), ("names", "Basic User, Salesperson"), ("empty", '["{0}", "{1}"]')])
def test_other_spellings_of_the_role_selection_are_kept_too(small: Small, encoding: str, joined: str) -> None:
    small.add(f"enabledRoles: {{roles: [Salesperson], encoding: {encoding}}}\n")
    roles = {row["name"]: row["roleid"] for row in small.api.get("roles?$filter=_parentroleid_value eq null").body["value"]}
    page = small.see("/options/exchange-data")
    values = dict(re.findall(r'name="securityRoles" value="([^"]*)"[^>]*>\s*<label[^>]*>([^<]*)<', page))
    small.click("/options/exchange-data", securityRoles=[value for value, name in values.items() if name in ("Basic User", "Salesperson")])

    stored = str(small.value("msdyn_odosmetadatas", "msdyn_enabledroles"))
    assert stored == joined.format(roles["Basic User"], roles["Salesperson"])


def test_a_selection_that_cannot_be_read_is_said_so_and_left_alone_until_somebody_selects(small: Small) -> None:
    small.add("enabledRoles: {roles: [], encoding: junk}\n")
    warned = "What is stored is no list of roles." in words(small.see("/options/exchange-data"))
    small.click("/options/exchange-data")
    kept = small.value("msdyn_odosmetadatas", "msdyn_enabledroles")

    assert (warned, kept) == (True, "{not a list")


@pytest.mark.parametrize("stored", ['["5f0c9f0e-2f43-4f0c-9d0e-0d6c1d0f1a11"]', '["Retired"]', "Retired"])
def test_a_selected_role_that_is_gone_is_shown_and_kept(small: Small, stored: str) -> None:
    id = small.api.get("msdyn_odosmetadatas").body["value"][0]["msdyn_odosmetadataid"]
    small.api("PATCH", f"msdyn_odosmetadatas({id})", {"msdyn_enabledroles": stored})

    page = small.see("/options/exchange-data")
    name = stored.strip('["]')

    assert f'value="{name}" checked>' in page
    assert f"Not in this organization: {name}" in words(page)


@pytest.mark.parametrize("stored", ["[" * 4000, "[1]"])
def test_role_text_that_is_json_but_no_list_of_texts_is_not_read(small: Small, stored: str) -> None:
    id = small.api.get("msdyn_odosmetadatas").body["value"][0]["msdyn_odosmetadataid"]
    small.api("PATCH", f"msdyn_odosmetadatas({id})", {"msdyn_enabledroles": stored})

    assert "What is stored is no list of roles." in words(small.see("/options/exchange-data"))


def test_a_template_is_chosen_by_name_and_one_that_is_gone_is_kept(small: Small) -> None:
    template = small.api.get("templates?$select=templateid&$top=1").body["value"][0]["templateid"]
    small.click("/options/who-knows-whom", introductionTemplate=template)
    chosen = small.value("msdyn_wkwconfigs", "msdyn_emailtemplateid")
    id = small.api.get("msdyn_wkwconfigs").body["value"][0]["msdyn_wkwconfigid"]
    small.api("PATCH", f"msdyn_wkwconfigs({id})", {"msdyn_emailtemplateid": "gone"})

    assert chosen == template
    assert "Unknown: gone" in words(small.see("/options/who-knows-whom"))
    assert small.click("/options/who-knows-whom", introductionTemplate="gone").status == 200
    assert small.value("msdyn_wkwconfigs", "msdyn_emailtemplateid") == "gone"


def test_missing_doubled_and_absent_rows_are_said_and_a_missing_one_is_made(small: Small) -> None:
    small.add("settings: {msdyn_wkwconfig: [], msdyn_activityanalysisconfig: [{}, {}]}\nabsentTables: [msdyn_odosmetadata]\n")
    page = words(small.see("/options/who-knows-whom"))
    twice = words(small.see("/options/relationship-analytics"))
    absent = words(small.see("/options/exchange-data"))
    small.click("/options/who-knows-whom", enabled="on")

    assert "msdyn_wkwconfig has no row yet: saving makes one." in page
    assert "msdyn_activityanalysisconfig has 2 rows: this page shows the first." in twice
    assert "This organization has no table msdyn_odosmetadata" in absent
    assert small.value("msdyn_wkwconfigs", "msdyn_iswkwenabled") is True


def test_a_code_that_the_catalogue_does_not_know_is_shown(small: Small) -> None:
    small.add("settings: {msdyn_activityanalysisconfig: {msdyn_communicationfrequency: 77, msdyn_currentstatus: 88}}\n")
    page = small.see("/options/relationship-analytics")
    small.click("/options/relationship-analytics", communicationFrequency="=77", **WEIGHTS, **GRADES)

    assert '<option value="=77" selected>Unknown value 77</option>' in page
    assert "Unknown status 88" in words(small.see())
    assert small.value("msdyn_activityanalysisconfigs", "msdyn_communicationfrequency") == 77


def test_the_consent_banner_counts_down_lapses_and_disappears_with_a_consent(small: Small) -> None:
    small.click("", to="on")
    fresh = words(small.see())
    small.click("/clock", hours="24")
    later = words(small.see())
    small.click("/consent", state="withdrawn")
    withdrawn = words(small.see())
    small.click("/consent", state="pending")
    small.click("/clock", hours="312")
    deadline = words(small.see())

    assert "Microsoft 365 consent is pending" in fresh
    assert "( 14 days left ), unless a Microsoft 365 Global Administrator gives the consent in Microsoft 365 admin center" in fresh
    assert "( 13 days left )" in later
    assert "Microsoft 365 consent is withdrawn" in withdrawn
    assert "consent is pending" not in deadline
    assert "Last changed" in deadline
    assert "by Dynamics 365 Office Data Service" in deadline


def test_exchange_data_that_lapsed_is_said_and_a_given_consent_ends_the_countdown(small: Small) -> None:
    small.click("", to="on")
    small.click("", kind="exchange_data", to="on")
    small.click("/clock", hours="336")
    lapsed = words(small.see())
    small.click("/consent", state="granted")
    small.click("", kind="who_knows_whom", to="on")

    assert "Nobody gave the Microsoft 365 consent within 14 days, so the service turned off what needs it" in lapsed
    assert "left )" not in words(small.see())
    assert "It is granted ." in words(small.see("/clock"))


def test_a_consent_that_was_taken_back_later_is_missed_without_a_countdown(small: Small) -> None:
    small.click("", kind="who_knows_whom", to="on")
    small.click("/consent", state="granted")
    small.click("/clock", hours="480")
    small.click("/consent", state="withdrawn")

    page = words(small.see())
    assert "Microsoft 365 consent is withdrawn Without it no data from Exchange is used" in page
    assert "left )" not in page


def test_a_version_without_native_exchange_says_what_to_do_instead(fleet: EmbeddedDataverse) -> None:
    page = small_of(fleet, "contoso-prod-us")

    assert "Exchange data Not part of this version of the service. Instead, set up server-side synchronization" in words(page.see())
    assert "what is stored here has no effect" in words(page.see("/options/exchange-data"))
    assert "This version of the service asks for none." in words(page.see("/clock"))


@pytest.mark.parametrize("hours", ["", "many", "-1", "1234567", "99999999999"])
def test_a_clock_is_moved_by_a_number_of_hours_only(small: Small, hours: str) -> None:
    refused = small.click("/clock", hours=hours)

    assert (refused.status, "is no number of hours." in words(refused.content)) == (400, True)


def test_forms_are_drawn_with_their_widgets_and_what_nobody_published(fleet: EmbeddedDataverse) -> None:
    pending = words(small_of(fleet, "contoso-test").see("/forms"))
    page = small_of(fleet, "contoso-prod-emea").see("/forms")
    large = words(small_of(fleet, "contoso-prod-us").see("/forms"))

    assert "Contoso Contact contact Widgets: Who knows whom" in words(page)
    assert '<div class="column span-6">' in page
    assert "<strong>Who knows whom</strong>" in page
    assert "There are changes that nobody published." in pending
    assert "Internal (hidden)" in words(page)
    assert "Contoso Account 360" in large


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE form []><form/>", "the form declares a document type"),
        ("<form><tabs>", "the form is not well-formed: no element found: line 1, column 12"),
        ("<a>" * 61 + "</a>" * 61, "the form has too many elements to be drawn"),
        (f"<form>{'<a/>' * 200_000}</form>", "the form has too many elements to be drawn"),
        (f"<form>{'a' * 5_000_000}</form>", "the form is too large to be drawn"),
    ],
)
def test_a_form_that_cannot_be_drawn_says_why(text: str, said: str) -> None:
    row = {"name": "Odd", "objecttypecode": "lead", "formxml": text}

    assert form_view(row, row, {}) == FormView("Odd", "lead", False, None, None, said)


def test_a_picture_survives_what_no_designer_writes() -> None:
    text = """<form><tabs><tab name="t" visible="false"><columns><column width="x%"><sections><section><rows><row>
    <cell rowspan="huge"><control id="c" uniqueid="{1}"/></cell><cell><labels/></cell><cell/></row></rows></section></sections></column>
    <column width="0%"/></columns></tab></tabs><controlDescriptions><controlDescription forControl="{1}"><customControl name="Other"/>
    </controlDescription></controlDescriptions></form>"""

    section = Section("", False, (Cell("c", 1, "", "Other"), Cell("", 1, "", "")))
    assert picture_of(text, {}) == Picture((Tab("t", True, (Column(12, (section,)), Column(1, ()))),))


def test_the_history_tells_who_set_what_from_what_to_what(small: Small) -> None:
    small.add("auditing: true\n")
    nothing = words(small.see("/history"))
    small.click("", kind="who_knows_whom", to="on")
    told = words(small.see("/history"))

    assert "Nothing was recorded yet." in nothing
    assert "Auditing is off" not in nothing
    assert "Ana Pop Update: msdyn_wkwconfig Who knows whom: Enabled: False → True" in told


def test_an_organization_that_records_nothing_says_so(small: Small) -> None:
    small.click("", kind="who_knows_whom", to="on")

    told = words(small.see("/history"))
    assert "Auditing is off in this organization: what happens now is not recorded. Nothing was recorded yet." in told


def test_an_organization_without_audit_rows_says_so(small: Small) -> None:
    small.add("absentTables: [audit]\n")

    assert "This organization cannot tell its history." in words(small.see("/history"))


@pytest.mark.parametrize("data", [None, "{", "[]", '{"changedAttributes": {}}', '{"changedAttributes": [7]}'])
def test_an_audit_row_whose_changes_cannot_be_read_is_told_without_them(data: str | None) -> None:
    row = {"createdon": "2026-11-23T12:00:00Z", "objecttypecode": "lead", "changedata": data}

    assert event_of(row, {}) == Event("2026-11-23T12:00:00Z", "", "", "lead", ())


def test_a_long_value_in_the_history_is_cut() -> None:
    change = {"logicalName": "formxml", "oldValue": None, "newValue": "x" * 300}
    row = {"createdon": "2026-11-23T12:00:00Z", "changedata": json.dumps({"changedAttributes": [change]})}

    assert event_of(row, {}).steps == (Step("", "formxml", "", "x" * 200 + "…"),)


@pytest.mark.parametrize("path", ["/options/nothing", "/options", "/forms/lead", "/nothing-here"])
def test_a_page_that_is_not_there_is_told_as_a_page(small: Small, path: str) -> None:
    reply = send("GET", small.home + path)

    assert (reply.status, "There is no such page" in words(reply.content)) == (404, True)


def test_an_unknown_organization_is_told_with_the_known_ones(fleet: EmbeddedDataverse) -> None:
    reply = send("GET", f"{fleet.url('contoso-tset')}/settings")

    assert reply.status == 404
    assert "Did you mean 'contoso-test'?" in words(reply.content)


@pytest.mark.parametrize(
    ("method", "path", "form", "status", "said"),
    [
        ("PUT", "", b"", 405, "A page does not answer PUT."),
        ("POST", "/forms", b"", 405, "Nothing can be sent to this page."),
        ("POST", "/options/nothing", b"", 404, "There is no such page"),
        ("POST", "", b"kind=nothing&to=on", 400, "There is no such feature."),
        ("POST", "/consent", b"state=perhaps", 400, "the consent is one of pending, granted, withdrawn"),
        ("POST", "", b"a=" + b"x" * 1_000_001, 400, "The form is too large."),
        ("POST", "", b"&".join(b"a=1" for _ in range(2_001)), 400, "This cannot be read"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(small: Small, method: str, path: str, form: bytes, status: int, said: str) -> None:
    reply = send(method, small.home + path, form, {"Content-Type": FORM})

    assert (reply.status, said in words(reply.content)) == (status, True)


def test_a_head_request_is_answered_like_a_visit(small: Small) -> None:
    reply = send("HEAD", small.home)

    assert (reply.status, reply.content) == (200, b"")
