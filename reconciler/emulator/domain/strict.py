"""A part of a scenario file: unknown keys are refused, and nothing changes once it is read. Pure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """What every part of a scenario is made of."""

    model_config = ConfigDict(extra="forbid", frozen=True)
