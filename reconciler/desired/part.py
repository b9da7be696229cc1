"""What the typed parts of a file have in common: closed mappings, printable text, a description and an example for each key. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f\ufffe\uffff]+$"

Text = Annotated[str, Field(pattern=PRINTABLE, max_length=200)]
Reason = Annotated[str, Field(pattern=PRINTABLE, max_length=500)]


class Part(BaseModel):
    """A closed mapping of a file: a key that is not described here is a mistake."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True, defer_build=True)


def about(description: str, example: Any, default: Any = ..., **bounds: Any) -> Any:
    """A key with its description and one example; without a default it must be written."""
    return Field(default, description=description, examples=[example], **bounds)


class AnnotatedPart(Part):
    """A section about which its author may say something. What is said concerns the values that the same file writes there."""

    why: Reason | None = about("Why this section says what it says; shown to reviewers.", "agreed with the works council", None)
    owner: Text | None = about("Who answers for this section.", "crm-emea", None)
    ticket: Text | None = about("Where it was decided.", "CRM-1412", None)
    expires: dt.date | None = about(
        "The last day on which this section may stand as it is; afterwards it is an error until somebody decides again.", "2027-03-31", None
    )


ANNOTATIONS = ("why", "owner", "ticket", "expires")
"""The keys of an annotation."""
