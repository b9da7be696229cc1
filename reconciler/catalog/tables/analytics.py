"""The two overlapping tables of relationship analytics. Pure."""

from __future__ import annotations

from reconciler.catalog.source import ACTIVITY_ANALYSIS_CONFIG, ANALYTICS_METADATA
from reconciler.catalog.table import Column, Option, Table, options

FEATURE_STATUS = options(
    "None",
    "ActivationInProgress",
    "ActivationCompleted",
    "ActivationFailed",
    "DeactivationInProgress",
    "DeactivationCompleted",
    "DeactivationFailed",
)

_CONNECTOR_STATUS = (
    *options("None", "ActivationInProgress", "ActivationCompleted", "ActivationFailed", "ActivationFailedDueToOptin"),
    Option(6, "DeactivationInProgress"),
    Option(7, "DeactivationCompleted"),
    Option(401, "ActivationFailedDueToOptin"),
    Option(402, "ActivationFailedDueToOptinAccess"),
)

_LINKEDIN_STATUS = FEATURE_STATUS + options("UpgradePending", "UpgradeInProgress", "UpgradeFailed", "UpgradeSucceeded", first=8)


def _weight(name: str, label: str, minimum: int = 3) -> Column:
    return Column(name, "Integer", label, minimum=minimum, maximum=9)


ACTIVITY_ANALYSIS = Table(
    name="msdyn_activityanalysisconfig",
    entity_set="msdyn_activityanalysisconfigs",
    primary_id="msdyn_activityanalysisconfigid",
    primary_name="msdyn_name",
    label="Relationship Analytics Config",
    source=ACTIVITY_ANALYSIS_CONFIG,
    singleton=True,
    columns=(
        Column("msdyn_activityanalysisconfigid", "Uniqueidentifier", "Relationship Analytics Config", required="SystemRequired"),
        Column("msdyn_name", "String", "Name", max_length=100),
        Column("msdyn_isorgsettingenable", "Boolean", "Is Org Setting Enable", default=False),
        Column("msdyn_currentstatus", "Picklist", "Current Status", options=FEATURE_STATUS, default=1),
        Column("msdyn_datasource", "Picklist", "Data Source", options=options("CRM", "MARS", "Both"), default=1),
        Column("msdyn_exchangemarsstatus", "Picklist", "Mars Exchange Status", options=_CONNECTOR_STATUS, default=1),
        Column("msdyn_ignoreexchangeoptincheck", "Boolean", "Ignore Exchange Optin Check", default=False),
        Column("msdyn_healthfeaturestatus", "Picklist", "Health Feature Status", options=options("Enabled", "Disabled"), default=1),
        Column(
            "msdyn_communicationfrequency",
            "Picklist",
            "Communication Frequency",
            options=options("Once a day", "Once every few days", "Once a week", "Once every couple of weeks", "Once a month"),
        ),
        _weight("msdyn_emailweight", "Email Weight"),
        _weight("msdyn_meetingweight", "Meeting Weight"),
        _weight("msdyn_phonecallweight", "Phone Call Weight"),
        _weight("msdyn_taskweight", "Task Weight"),
        _weight("msdyn_inmailweight", "InMail Weight", minimum=0),
        Column("msdyn_otheractivites", "String", "Other Activites", max_length=100),
        Column("msdyn_timelineactivites", "String", "Timeline Activites", max_length=100),
        Column("msdyn_isaprilpreviewenabled", "Boolean", "Is April Preview Setting Enabled", default=False),
        Column("msdyn_islinkedinenabled", "Boolean", "Is LinkedIn Enabled", default=False),
        Column("msdyn_linkedinstatus", "Picklist", "LinkedIn Status", options=_LINKEDIN_STATUS, default=1),
        Column("msdyn_oneclickactivityanalysisprovisioning", "Boolean", "One Click Activity Analysis Provisioning", default=True),
        Column("msdyn_orgtypesuffix", "String", "Organization Type Suffix", max_length=100),
        Column("msdyn_overflowentitylist", "String", "Overflow Entity List", max_length=100),
    ),
)


def _whole(name: str, label: str) -> Column:
    return Column(name, "Integer", label, minimum=-2147483648, maximum=2147483647)


RELATIONSHIP_ANALYTICS_METADATA = Table(
    name="msdyn_relationshipanalyticsmetadata",
    entity_set="msdyn_relationshipanalyticsmetadatas",
    primary_id="msdyn_relationshipanalyticsmetadataid",
    primary_name="msdyn_name",
    label="Relationship Analytics Metadata",
    source=ANALYTICS_METADATA,
    singleton=True,
    columns=(
        Column("msdyn_relationshipanalyticsmetadataid", "Uniqueidentifier", "Relationship Analytics Metadata", required="SystemRequired"),
        Column("msdyn_name", "String", "Name", max_length=100),
        Column(
            "msdyn_provisioningstatus",
            "Picklist",
            "Provisioning Status",
            schema_name="msdyn_provisioningStatus",
            options=options(
                "None",
                "Activation InProgress",
                "Activation Completed",
                "Activation Failed",
                "Deactivation InProgress",
                "Deactivation Completed",
                "Deactivation Failed",
                first=100000001,
            ),
            default=100000001,
        ),
        Column(
            "msdyn_communicationfrequency",
            "Picklist",
            "Communication Frequency",
            schema_name="msdyn_communicationFrequency",
            options=options("Daily", "FewDays", "Weekly", "FewWeeks", "Monthly", first=100000001),
            default=100000001,
        ),
        _whole("msdyn_absoluteemailweight", "Absolute Email Weight"),
        _whole("msdyn_absolutemeetingweight", "Absolute Meeting Weight"),
        _whole("msdyn_absolutephonecallweight", "Absolute Phone Call Weight"),
        _whole("msdyn_absolutetaskweight", "Absolute Task Weight"),
        _whole("msdyn_goodhealththreshold", "Good Health Threshold"),
        _whole("msdyn_fairhealththreshold", "Fair Health Threshold"),
        Column("msdyn_healthenabled", "Boolean", "Health Enabled", default=True),
        Column("msdyn_healthscoresdistribution", "Memo", "Health Scores Distribution", max_length=50000),
    ),
)
