"""What is said of one behaviour of the embedded Dataverse: where it belongs and what it rests on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Area = Literal["reading", "writing", "batch", "drafts", "definitions", "identity", "serving", "time", "faults", "domain"]
Ground = Literal["documented", "recorded", "inferred", "ours", "simplified"]

AREAS: tuple[Area, ...] = get_args(Area)
MEANINGS: dict[Ground, str] = {
    "documented": "Microsoft's reference says so",
    "recorded": "seen in recorded traffic, in public reports or in what clients parse",
    "inferred": "our conclusion; the service may differ",
    "ours": "made up where a client needs something and cannot tell",
    "simplified": "known to differ from the service",
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One row of the list: `text` is a sentence without its full stop, in Markdown; `source` a public address."""

    area: Area
    text: str
    rests_on: Ground
    source: str | None = None
