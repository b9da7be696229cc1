"""Whatever shows JUnit files shows one case a file or an environment, with the reason of each that fails."""

from __future__ import annotations

from lxml import etree

from reconciler.model.run import ApplyRun, PlanRun, ValidationRun
from reconciler.report.formats.book import Style, render
from tests.report.settling import CHANGING, HOSTILE, applied, broken, incomplete, refused, run_of_plans, validation


def suite(run: PlanRun | ApplyRun | ValidationRun) -> etree._Element:
    """The only suite, read by a strict parser."""
    root = etree.fromstring(render("junit", run, Style()).encode())
    (only,) = root
    assert [only.get(name) for name in ("tests", "failures", "errors")] == [root.get(name) for name in ("tests", "failures", "errors")]
    return only


def cases(run: PlanRun | ApplyRun | ValidationRun) -> dict[str, list[str]]:
    return {str(case.get("name")): [str(child.tag) for child in case] for case in suite(run)}


def test_a_validation_has_a_case_a_file() -> None:
    assert cases(validation(broken(1), broken(2))) == {"environments/a.yaml": ["failure"], "environments/b.yaml": []}
    (failure,) = suite(validation(broken(1), broken(2))).iter("failure")

    assert failure.get("type") == "unknown-key"
    assert failure.get("message") == "`enabeld` number 1 is not a key"
    assert failure.text == (
        "environments/a.yaml:3:5: error[unknown-key]: `enabeld` number 1 is not a key (did you mean `enabled`?)\n"
        "environments/a.yaml:3:5: error[unknown-key]: `enabeld` number 2 is not a key (did you mean `enabled`?)"
    )


def test_a_warning_does_not_fail_a_file() -> None:
    assert cases(validation(broken(severity="warning")))["environments/a.yaml"] == ["system-out"]


def test_refused_is_a_failure_and_not_known_an_error() -> None:
    found = cases(run_of_plans(CHANGING, refused("refused"), incomplete("incomplete")))

    assert found == {
        "contoso-test": ["system-out"],
        "refused": ["failure", "system-out"],
        "incomplete": ["error", "system-out"],
        "contoso-us": ["error"],
    }
    counted = suite(run_of_plans(CHANGING, refused("refused"), incomplete("incomplete")))
    assert [counted.get(name) for name in ("tests", "failures", "errors")] == ["4", "1", "2"]


def test_an_apply_has_a_case_an_environment() -> None:
    assert cases(applied()) == {"fine": [], "contoso-test": ["failure"]}


def test_any_name_gives_well_formed_xml_without_commands() -> None:
    text = render("junit", run_of_plans(refused(HOSTILE, HOSTILE), incomplete(HOSTILE, HOSTILE)), Style())

    assert etree.fromstring(text.encode()) is not None
    assert "##" not in text
    assert all(line.isprintable() and not line.strip().startswith("::") for line in text.split("\n"))
