"""The bindings that rest on inference: a team takes responsibility for each by name, under `accept`. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One inference: what is assumed, why it is plausible, and how a real environment would confirm it."""

    name: str
    assumes: str
    confirm: str


ACCEPTANCES = (
    Acceptance(
        "inferred-master-switch",
        "organization.isrelationshipinsightsenabled stands for the accepted terms of service "
        "and isactivityanalysisenabled for the organization's permission",
        "accept the terms on the settings page of a sandbox and read both columns before and after",
    ),
    Acceptance(
        "inferred-activation-by-patch",
        "writing the on/off column makes the service start or stop the feature, as the settings page does",
        "PATCH the column in a sandbox and watch msdyn_currentstatus reach 3 (on) or 6 (off)",
    ),
    Acceptance(
        "inferred-exchange-source",
        "msdyn_datasource 3 (Both) means that Exchange data is used, 1 (CRM) that it is not",
        "switch Exchange Online on the settings page of a sandbox and read msdyn_datasource",
    ),
    Acceptance(
        "inferred-role-storage",
        "msdyn_odosmetadata.msdyn_enabledroles holds the role selection for Exchange data",
        "select two roles on the settings page of a sandbox and read msdyn_enabledroles",
    ),
    Acceptance(
        "inferred-options-table",
        "the options are read from msdyn_activityanalysisconfig and the grades from msdyn_relationshipanalyticsmetadata",
        "change one option on the settings page of a sandbox and read both tables",
    ),
    Acceptance(
        "inferred-widget-xml",
        "the widget is an unbound custom control with empty parameters, as its sibling controls are",
        "add the widget with the form designer of a sandbox and compare the FormXml",
    ),
    Acceptance(
        "inferred-row-creation",
        "a missing settings row may be created by a POST",
        "open the settings page of a sandbox that has no row and read the table",
    ),
)
