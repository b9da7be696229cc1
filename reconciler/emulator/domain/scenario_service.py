"""What a scenario says about the service around an organization: its limits, and how long publishing takes. Pure."""

from __future__ import annotations

from pydantic import Field

from reconciler.emulator.domain.strict import Strict
from reconciler.emulator.protection.limits import Limits


class ServiceLimits(Strict):
    """The service protection limits; every default is the published figure."""

    requests: int = Field(6000, ge=1, le=1_000_000)
    seconds: float = Field(300.0, gt=0, le=86_400, allow_inf_nan=False)
    execution_seconds: float = Field(1200.0, alias="executionSeconds", gt=0, le=1_000_000, allow_inf_nan=False)
    concurrent: int = Field(52, ge=1, le=10_000)
    dop_hint: int = Field(4, alias="dopHint", ge=1, le=1_000)

    def as_limits(self) -> Limits:
        """The same for the half of the server that counts."""
        return Limits(self.requests, self.seconds, self.execution_seconds, self.concurrent, self.dop_hint)


class Publishing(Strict):
    """How long a publish keeps others from customizing, in seconds of the virtual clock."""

    seconds: float = Field(0.0, ge=0, le=86_400, allow_inf_nan=False)
