"""The environments that come with rictl are valid, accept what they use, and differ where they say that they do."""

from __future__ import annotations

from pathlib import Path

from reconciler.catalog.register import CATALOG
from reconciler.model.desired import DesiredEnvironment
from tests.desired.loading import loaded

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "environments").glob("*.yaml"))


def shipped() -> dict[str, DesiredEnvironment]:
    found = loaded(*FILES, *sorted((ROOT / "environments" / "_base").glob("*.yaml")), root=ROOT)
    assert found.diagnostics == ()
    return {environment.name: environment for environment in found.environments}


def test_the_fleet_is_valid_without_a_warning() -> None:
    assert {"contoso-dev", "contoso-test", "contoso-prod-emea", "contoso-prod-us"} == set(shipped())


def test_each_accepts_every_inference_that_its_settings_and_widgets_rest_on() -> None:
    for environment in shipped().values():
        bindings = [CATALOG.kind(setting.kind).field(setting.field).binding for setting in environment.settings]
        used = {binding.acceptance for binding in bindings if binding is not None and binding.acceptance is not None}
        used |= {CATALOG.widget(widget.widget).acceptance for form in environment.forms for widget in form.widgets}
        assert set() == used - environment.accept, environment.name


def test_each_vouches_for_the_terms() -> None:
    assert all(environment.attested("termsAccepted") for environment in shipped().values())


def test_exchange_data_is_never_on_without_roles_and_absent_where_the_service_has_none() -> None:
    for environment in shipped().values():
        for kind in CATALOG.kinds:
            for field in kind.fields:
                if field.limits is not None and (switch := environment.setting(*field.limits)) is not None and switch.value is True:
                    assert environment.setting(kind.name, field.name) is not None, environment.name
            if environment.generation not in ("auto", *kind.generations):
                assert kind.name not in environment.kinds, environment.name


def test_every_file_says_which_schema_it_follows() -> None:
    for path in FILES:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert first == "# yaml-language-server: $schema=../schemas/environment.schema.json"
