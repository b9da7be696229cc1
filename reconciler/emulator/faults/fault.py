"""One fault: which requests it hits, how often, and what happens to them. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Where = Literal["any", "outer", "part", "entra"]
"""Requests of the Web API and parts of batches; only requests; only parts; only requests for Entra ID."""
Effect = Literal[
    "delay",
    "drop-before",
    "drop-after",
    "reset",
    "truncate",
    "slow-body",
    "status",
    "throttle",
    "conflict",
    "publish-lock",
    "token-expired",
    "sign-in-refused",
]
ON_PARTS = frozenset({"status", "throttle", "conflict", "publish-lock"})
"""Effects that a part of a batch can have; the others need a connection of their own."""
ON_ENTRA = frozenset({"delay", "drop-before", "drop-after", "reset", "truncate", "slow-body", "status", "throttle", "sign-in-refused"})
TIMED = frozenset({"delay", "slow-body"})
REASONS: Mapping[str, tuple[str, ...]] = {
    "throttle": ("requests", "time", "concurrent"),
    "conflict": ("version", "row", "key", "duplicates"),
    "sign-in-refused": ("invalid-grant", "secret-expired", "consent-missing"),
}
"""What an effect can be for; the first is meant when nothing is said."""

_DEFAULT_WAIT = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """A request that a fault may hit. `path` is below the Web API's root, decoded; for Entra ID it is the whole path."""

    where: Literal["outer", "part", "entra"]
    organization: str
    method: str
    path: str
    query: str = ""


class Fault(BaseModel):
    """A fault as it is asked for and kept.

    organization  only there; None: everywhere
    method, path  only such requests; `path` is a pattern with `*` and `?`, for the path alone or with its query
    skip          how many requests pass before the first one is hit
    count         how many are hit; None: every one
    seconds       of a delay, or over which a slow body trickles
    retry_after   seconds of the Retry-After header; None: 5 of a throttled answer, otherwise there is none
    no_retry_after  a throttled answer has no such header either
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field("", max_length=40)
    effect: Effect
    organization: str | None = Field(None, max_length=200)
    method: str | None = Field(None, max_length=20)
    path: str = Field("*", max_length=500)
    where: Where = "any"
    skip: int = Field(0, ge=0, le=1_000_000)
    count: int | None = Field(1, ge=1, le=1_000_000)
    seconds: float | None = Field(None, gt=0, le=600)
    status: Literal[500, 502, 503, 504] | None = None
    retry_after: int | None = Field(None, ge=0, le=86_400)
    no_retry_after: bool = False
    reason: str | None = Field(None, max_length=40)

    @model_validator(mode="after")
    def _only_what_takes_effect(self) -> Self:
        if (self.seconds is not None) != (self.effect in TIMED):
            raise ValueError(f"{self.effect} {'needs' if self.effect in TIMED else 'takes no'} seconds")
        if self.status is not None and self.effect != "status":
            raise ValueError(f"{self.effect} takes no status")
        if self.retry_after is not None and self.effect not in ("status", "throttle"):
            raise ValueError(f"{self.effect} takes no retry_after")
        if self.no_retry_after and (self.effect != "throttle" or self.retry_after is not None):
            raise ValueError("no_retry_after is for throttle, and not together with retry_after")
        reasons = REASONS.get(self.effect, ())
        if self.reason is not None and self.reason not in reasons:
            offered = f"one of the reasons {', '.join(reasons)}" if reasons else "no reason"
            raise ValueError(f"{self.effect} takes {offered}")
        if self.where == "part" and self.effect not in ON_PARTS:
            raise ValueError(f"{self.effect} cannot happen to a part of a batch; {', '.join(sorted(ON_PARTS))} can")
        if self.where == "entra" and self.effect not in ON_ENTRA:
            raise ValueError(f"{self.effect} cannot happen to a request for Entra ID; {', '.join(sorted(ON_ENTRA))} can")
        if self.where != "entra" and self.effect == "sign-in-refused":
            raise ValueError("sign-in-refused happens to requests for Entra ID only")
        if self.where == "entra" and self.organization is not None:
            raise ValueError("Entra ID serves every organization alike; leave the organization out")
        return self

    @property
    def chosen_reason(self) -> str:
        """The reason, or the first that the effect has; empty when it has none."""
        return self.reason or next(iter(REASONS.get(self.effect, ())), "")

    @property
    def wait(self) -> int | None:
        """Seconds of the Retry-After header; None: there is none. The service never throttles without one."""
        if self.retry_after is None and self.effect == "throttle" and not self.no_retry_after:
            return _DEFAULT_WAIT
        return self.retry_after

    @property
    def chosen_status(self) -> int | None:
        """The status of the effect of that name: 503 unless another is said."""
        return self.status or (503 if self.effect == "status" else None)

    def hits(self, subject: Subject) -> bool:
        """Whether it concerns that request, whatever the counts say."""
        if not self._is_there(subject.where) or self.organization not in (None, subject.organization):
            return False
        if self.method is not None and self.method.upper() != subject.method:
            return False
        whole = f"{subject.path}?{subject.query}"
        return fnmatch.fnmatchcase(subject.path, self.path) or fnmatch.fnmatchcase(whole, self.path)

    def _is_there(self, where: str) -> bool:
        if where == "entra" or self.where == "entra":
            return where == self.where
        return self.where in ("any", where) and (where == "outer" or self.effect in ON_PARTS)


def fault_of(asked: Mapping[str, Any]) -> Fault:
    """Reads a fault. ValueError says in one line everything that is wrong with it."""
    try:
        return Fault.model_validate(dict(asked))
    except ValidationError as error:
        raise ValueError("; ".join(_said(problem) for problem in error.errors(include_url=False, include_input=False)[:10])) from None


def _said(problem: Any) -> str:
    place, text = ".".join(str(part) for part in problem["loc"])[:80], problem["msg"].removeprefix("Value error, ")
    if place == "effect":
        return f"effect: one of {', '.join(get_args(Effect))}"
    return f"{place}: {text}" if place else text
