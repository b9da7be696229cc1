"""The form widgets: the control behind each, the tables it is for, and the feature without which it stays hidden. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.catalog.source import LICENSE_CHECKER, SOLUTION_DEPENDENCIES, WIDGETS_PAGE, Source

if TYPE_CHECKING:
    from reconciler.model.change import Certainty


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget. `controls` are custom-control names, the current one first; older ones are recognised, never written."""

    name: str
    title: str
    controls: tuple[str, ...]
    tables: tuple[str, ...]
    shown_when: tuple[str, str]
    certainty: Certainty
    acceptance: str
    sources: tuple[Source, ...]
    default_rows: int
    description: str


WIDGETS = (
    Widget(
        name="who-knows-whom",
        title="Who knows whom",
        controls=("MsdynControls.WKWControls.ConnectionsWidget",),
        tables=("lead", "contact"),
        shown_when=("who_knows_whom", "enabled"),
        certainty="inferred",
        acceptance="inferred-widget-xml",
        sources=(LICENSE_CHECKER, WIDGETS_PAGE),
        default_rows=6,
        description="Colleagues who can introduce the seller to this lead or contact.",
    ),
    Widget(
        name="relationship-health",
        title="Relationship health",
        controls=("MsdynControls.RAControls.HealthWidget",),
        tables=("lead", "contact", "opportunity"),
        shown_when=("relationship_analytics", "enabled"),
        certainty="inferred",
        acceptance="inferred-widget-xml",
        sources=(SOLUTION_DEPENDENCIES, WIDGETS_PAGE),
        default_rows=6,
        description="Health score and trend of the relationship.",
    ),
    Widget(
        name="relationship-analytics",
        title="Relationship analytics",
        controls=("MscrmControls.RAContainer.RAControlv2", "MscrmControls.RAContainer.RAControl"),
        tables=("lead", "contact", "account", "opportunity"),
        shown_when=("relationship_analytics", "enabled"),
        certainty="documented",
        acceptance="inferred-widget-xml",
        sources=(LICENSE_CHECKER,),
        default_rows=12,
        description="Charts of activities, e-mails and meetings with the customer.",
    ),
)

SALES_INSIGHTS_FORMS = (
    ("lead", "e1ec2c0c-1744-42fa-a346-fb8237357d0f"),
    ("contact", "293c878f-f068-40a0-ae48-4297e060871c"),
    ("account", "cb430327-bcc1-416d-959d-db7592e685af"),
    ("opportunity", "595978a6-704c-4aec-aab8-34f3927c1cda"),
)
"""The out-of-the-box forms that `{standard: sales-insights}` names; their display names differ by language and year."""
