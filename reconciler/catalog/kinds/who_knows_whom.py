"""Who knows whom: activation and the e-mail template of introduction requests. Pure."""

from __future__ import annotations

from reconciler.catalog.kind import Activation, Binding, Field, Kind
from reconciler.catalog.regions import WITHOUT_ENHANCED_CONNECTIONS
from reconciler.catalog.source import WKW_CONFIG
from reconciler.catalog.tables.who_knows_whom import WHO_KNOWS_WHOM_CONFIG
from reconciler.catalog.types import Flag, TemplateRef

KIND = Kind(
    name="who_knows_whom",
    section=("relationshipIntelligence", "whoKnowsWhom"),
    title="Who knows whom",
    description="Finds colleagues who can introduce a seller to a lead or contact.",
    tables=(WHO_KNOWS_WHOM_CONFIG,),
    unavailable_in=WITHOUT_ENHANCED_CONNECTIONS,
    activation=Activation("msdyn_wkwconfig", "msdyn_currentstatus", "enabled", WKW_CONFIG),
    fields=(
        Field(
            name="enabled",
            type=Flag(),
            binding=Binding("msdyn_wkwconfig", "msdyn_iswkwenabled", "inferred", WKW_CONFIG, "inferred-activation-by-patch"),
            description="Whether who knows whom is on. Without the Microsoft 365 consent the service turns it off on the 14th day.",
            example=True,
            default=False,
            phase="on",
            off_phase="off",
            implied_by="both",
            consent=True,
            located="exchangeDataLocation",
        ),
        Field(
            name="introductionTemplate",
            type=TemplateRef(),
            binding=Binding("msdyn_wkwconfig", "msdyn_emailtemplateid", "documented", WKW_CONFIG),
            description="E-mail template of introduction requests: its title, or {id: guid}.",
            example="Introduction request",
        ),
    ),
)
