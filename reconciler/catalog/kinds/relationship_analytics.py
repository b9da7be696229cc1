"""Relationship analytics: activation, activity weights, communication frequency, health score and its grades. Pure."""

from __future__ import annotations

from reconciler.catalog.kind import Activation, Ascending, Binding, Field, Kind
from reconciler.catalog.source import ACTIVITY_ANALYSIS_CONFIG, ANALYTICS_METADATA
from reconciler.catalog.tables.analytics import ACTIVITY_ANALYSIS, RELATIONSHIP_ANALYTICS_METADATA
from reconciler.catalog.types import Choice, Flag, Whole


def _option(column: str) -> Binding:
    return Binding("msdyn_activityanalysisconfig", column, "inferred", ACTIVITY_ANALYSIS_CONFIG, "inferred-options-table")


def _grade(column: str) -> Binding:
    return Binding("msdyn_relationshipanalyticsmetadata", column, "inferred", ANALYTICS_METADATA, "inferred-options-table")


def _weight(activity: str, column: str, words: str, example: int) -> Field:
    # Sources disagree on the direction (lower is more important, or higher contributes more), so no text of ours takes a side.
    return Field(
        name=f"activityWeights.{activity}",
        type=Whole(3, 9),
        binding=_option(column),
        description=f"Influence of {words} on the health score: a whole number from 3 to 9, as on the settings page.",
        example=example,
    )


KIND = Kind(
    name="relationship_analytics",
    section=("relationshipIntelligence", "relationshipAnalytics"),
    title="Relationship analytics",
    description="Key figures and health scores of relationships with customers.",
    tables=(ACTIVITY_ANALYSIS, RELATIONSHIP_ANALYTICS_METADATA),
    activation=Activation("msdyn_activityanalysisconfig", "msdyn_currentstatus", "enabled", ACTIVITY_ANALYSIS_CONFIG),
    rules=(Ascending("healthScore.grading.fair", "healthScore.grading.good"),),
    groups=(
        ("activityWeights", "Influence of each activity type on the health score."),
        ("healthScore", "The health score of relationships and its grades."),
        ("healthScore.grading", "Lowest score of each grade; below `fair` a relationship is Poor."),
    ),
    fields=(
        Field(
            name="enabled",
            type=Flag(),
            binding=Binding(
                "msdyn_activityanalysisconfig",
                "msdyn_isorgsettingenable",
                "inferred",
                ACTIVITY_ANALYSIS_CONFIG,
                "inferred-activation-by-patch",
            ),
            description="Whether relationship analytics is on.",
            example=True,
            default=False,
            phase="on",
            off_phase="off",
            implied_by="both",
        ),
        _weight("email", "msdyn_emailweight", "e-mails", 6),
        _weight("meeting", "msdyn_meetingweight", "meetings", 7),
        _weight("phoneCall", "msdyn_phonecallweight", "phone calls", 6),
        _weight("task", "msdyn_taskweight", "tasks", 5),
        Field(
            name="communicationFrequency",
            type=Choice(
                (
                    ("once-a-day", 1),
                    ("once-every-few-days", 2),
                    ("once-a-week", 3),
                    ("once-every-couple-of-weeks", 4),
                    ("once-a-month", 5),
                )
            ),
            binding=_option("msdyn_communicationfrequency"),
            description="How often sellers are expected to be in touch with a customer.",
            example="once-a-week",
        ),
        Field(
            name="healthScore.enabled",
            type=Flag(on=1, off=2),
            binding=_option("msdyn_healthfeaturestatus"),
            description="Whether the health score is shown. When off, the data is still gathered.",
            example=True,
            default=True,
        ),
        Field(
            name="healthScore.grading.good",
            type=Whole(2, 100),
            binding=_grade("msdyn_goodhealththreshold"),
            description="Lowest score of the grade Good.",
            example=60,
        ),
        Field(
            name="healthScore.grading.fair",
            type=Whole(1, 99),
            binding=_grade("msdyn_fairhealththreshold"),
            description="Lowest score of the grade Fair; everything below is Poor. Must be lower than `good`.",
            example=40,
        ),
    ),
)
