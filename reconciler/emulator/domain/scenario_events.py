"""What a scenario may say about things that happen later: other people's changes, deletions, form edits, consent. Pure."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from reconciler.emulator.domain.strict import Strict

ConsentState = Literal["pending", "granted", "withdrawn"]
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 3650 * 86400


class FormEdit(Strict):
    """Somebody writes a form. Its new text is a `builtin` one or a `file` beside the scenario; with `publish` it is published at once."""

    table: str
    name: str
    builtin: str | None = None
    file: str | None = None
    publish: bool = True


class Event(Strict):
    """One thing that happens, `after` a time since the organization was filled or `at` a moment, done `by` a user of the organization.

    table, row, values   the rows of that table with all values of `row` (every row without it) get `values`, or are gone (`delete`)
    form                 a form is written
    consent              the Microsoft 365 consent changes; that needs nobody
    """

    after: float | None = None
    at: dt.datetime | None = None
    by: str = "SYSTEM"
    table: str | None = None
    row: dict[str, Any] = Field(default_factory=dict)
    values: dict[str, Any] = Field(default_factory=dict)
    delete: bool = False
    form: FormEdit | None = None
    consent: ConsentState | None = None

    @field_validator("after", mode="before")
    @classmethod
    def _seconds(cls, value: object) -> object:
        """A number of seconds, or a text such as 90s, 10m, 2h, 14d."""
        if isinstance(value, str):
            found = _DURATION.fullmatch(value.strip())
            if found is None:
                raise ValueError("a duration is a number of seconds, or a text such as 90s, 10m, 2h or 14d")
            value = float(found[1]) * _SECONDS[found[2]]
        if isinstance(value, (int, float)) and not 0 <= value <= _LONGEST:
            raise ValueError("a duration lies between 0 and 3650 days")
        return value

    @field_validator("at")
    @classmethod
    def _zoned(cls, value: dt.datetime | None) -> dt.datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=dt.UTC)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Event:
        if (self.after is None) == (self.at is None):
            raise ValueError("an event has either `after` or `at`")
        if sum(part is not None for part in (self.table, self.form, self.consent)) != 1:
            raise ValueError("an event has one of `table`, `form` and `consent`")
        if self.table is not None and self.delete == bool(self.values):
            raise ValueError("an event of a table has either `values` or `delete: true`")
        return self

    def moment(self, beginning: dt.datetime) -> dt.datetime:
        """When it happens in an organization that was filled at `beginning`."""
        return self.at if self.at is not None else beginning + dt.timedelta(seconds=self.after or 0.0)


Events = tuple[Event, ...]
EVENTS: Any = Field((), max_length=200)
"""At most 200 events: whatever is due is done before the next answer."""
