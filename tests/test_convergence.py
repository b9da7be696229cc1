"""Laws of the whole product, over random wishes and random live states, on the wire: planning writes nothing, applying converges."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.catalog.register import CATALOG
from reconciler.cli.app import run
from reconciler.emulator.domain import build_domain
from reconciler.emulator.server import EmbeddedDataverse

TOKEN = "convergence-token"
ROLES = ("Salesperson", "Sales Manager", "Marketing Manager", "Contoso Account Executive")
FREQUENCIES = ("once-a-day", "once-every-few-days", "once-a-week", "once-every-couple-of-weeks", "once-a-month")
ACCEPT = [
    "inferred-master-switch",
    "inferred-activation-by-patch",
    "inferred-exchange-source",
    "inferred-role-storage",
    "inferred-options-table",
    "inferred-widget-xml",
]
WEIGHT = st.integers(3, 9)
SWITCH = st.sampled_from([(False, 1), (True, 3), (False, 6)])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with any part of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


GRADING = st.tuples(st.integers(1, 98), st.integers(1, 98)).filter(lambda pair: pair[0] < pair[1])
ANALYTICS = some(
    enabled=st.booleans(),
    activityWeights=some(email=WEIGHT, meeting=WEIGHT, phoneCall=WEIGHT, task=WEIGHT),
    communicationFrequency=st.sampled_from(FREQUENCIES),
    healthScore=some(enabled=st.booleans(), grading=GRADING.map(lambda pair: {"fair": pair[0], "good": pair[1]})),
)
EXCHANGE = some(enabled=st.booleans(), securityRoles=st.lists(st.sampled_from(ROLES), min_size=1, unique=True))
WISHES = some(
    relationshipAnalytics=ANALYTICS,
    whoKnowsWhom=some(enabled=st.booleans(), introductionTemplate=st.just("Introduction request")),
    exchangeData=EXCHANGE,
)
WIDGETS = st.lists(
    st.fixed_dictionaries(
        {"widget": st.sampled_from(["who-knows-whom", "relationship-health", "relationship-analytics"])},
        optional={
            "at": st.fixed_dictionaries(
                {"tab": st.just("Summary")}, optional={"column": st.integers(1, 3), "position": st.sampled_from(["first", "last"])}
            ),
            "rows": st.integers(1, 12),
            "label": st.sampled_from(["Who", 'R&D "health" <score>']),
        },
    ),
    unique_by=lambda widget: str(widget["widget"]),
)
ORGANIZATIONS = st.fixed_dictionaries(
    {
        "analytics": SWITCH,
        "whom": SWITCH,
        "source": st.sampled_from([1, 3]),
        "roles": st.none()
        | st.fixed_dictionaries(
            {"roles": st.lists(st.sampled_from(ROLES), min_size=1, unique=True), "encoding": st.sampled_from(["json", "comma"])}
        ),
        "weight": st.none() | WEIGHT,
    }
)


class World:
    """One server and one workspace; every example gets an organization and an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environments = folder / "environments"
        self.scenarios = self.environments / "_emulator"
        self.scenarios.mkdir(parents=True)
        domain = build_domain(CATALOG, self.scenarios)
        self.server = EmbeddedDataverse(folder / "state.sqlite", domain=domain, catalog=CATALOG, token=TOKEN)
        self.numbers = itertools.count()

    def organization(self, drawn: dict[str, Any]) -> str:
        name = f"org{next(self.numbers)}"
        analytics, whom = drawn["analytics"], drawn["whom"]
        scenario = {
            "friendlyName": name,
            "activation": {"seconds": 0},
            "roles": {"custom": [{"name": ROLES[-1]}]},
            "templates": [{"title": "Introduction request"}],
            "forms": [{"table": "lead", "name": "Contoso Lead", "builtin": "contoso_lead"}],
            "settings": {
                "msdyn_activityanalysisconfig": {
                    "msdyn_isorgsettingenable": analytics[0],
                    "msdyn_currentstatus": analytics[1],
                    "msdyn_datasource": drawn["source"],
                    "msdyn_emailweight": drawn["weight"],
                },
                "msdyn_wkwconfig": {"msdyn_iswkwenabled": whom[0], "msdyn_currentstatus": whom[1]},
            },
        }
        if drawn["roles"] is not None:
            scenario["enabledRoles"] = drawn["roles"]
        (self.scenarios / f"{name}.yaml").write_text(json.dumps(scenario), encoding="utf-8")
        return name

    def declare(self, name: str, wish: dict[str, Any], widgets: list[dict[str, Any]]) -> None:
        document = {
            "apiVersion": "rictl/v1",
            "kind": "Environment",
            "metadata": {"name": name},
            "accept": ACCEPT,
            "connection": {"url": self.server.url(name)},
            "relationshipIntelligence": wish,
            "forms": [{"table": "lead", "form": "Contoso Lead", "widgets": widgets}],
        }
        (self.environments / f"{name}.yaml").write_text(json.dumps(document), encoding="utf-8")

    def run(self, *words: str) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = run([*words, "--allow-host", "127.0.0.1"])
        return code, out.getvalue()

    def writes(self) -> list[str]:
        return [f"{r.method} {r.path}" for r in self.server.requests if r.method != "GET" and not r.path.endswith("$batch")]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("convergence"))
    with made.server, pytest.MonkeyPatch.context() as patch:
        patch.chdir(made.folder)
        patch.setenv("RICTL_ACCESS_TOKEN", TOKEN)
        yield made


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(drawn=ORGANIZATIONS, wish=WISHES, widgets=WIDGETS, second=WIDGETS)
def test_after_an_apply_there_is_nothing_to_plan(
    world: World, drawn: dict[str, Any], wish: dict[str, Any], widgets: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    name = world.organization(drawn)
    for placed in (widgets, second):
        world.declare(name, wish, placed)
        world.server.clear_requests()
        planned, text = world.run("plan", name, "--detailed-exitcode")
        assert world.writes() == []
        assert planned in (0, 2, 3), text
        applied, told = world.run("apply", name, "--auto-approve")
        assert applied == (3 if planned == 3 else 0), told
        if planned != 2:
            assert world.writes() == []
        else:
            assert world.run("plan", name, "--detailed-exitcode")[0] == 0
