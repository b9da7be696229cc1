"""What one run of a command found: the values that every output format renders. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reconciler.model.about import about
from reconciler.model.checkout import Checkout
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An environment that has no plan, for nothing could be read there."""

    environment: str = about("Name of the environment.", "contoso-prod")
    code: str = about("Kebab-case code of the remote error.", "denied")
    what: str = about("What happened.", "Dataverse refused the caller")
    why: str = about("What the other side said.", "403 0x80040220 missing prvReadmsdyn_wkwconfig", "")
    hint: str = about("What to do next.", "give the application user a role that may read the table", "")
    request: str | None = about("Method and address, without query.", "GET https://contoso.crm4.dynamics.com/api/data/v9.2/$batch", None)
    request_id: str | None = about("The id under which the service logged the request.", None, None)


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """The file in which a run was saved: what a reviewer compares with what is applied.

    sha256   of the bytes of the file, in hexadecimal digits
    key_id   of the key that signed it; None when nobody did
    """

    sha256: str
    expires_at: dt.datetime
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRun:
    """The plans of one run, in the order in which the environments were named; what could not be read beside them.

    made_at   wall-clock time in UTC at which the run ended
    source    the checkout of the files, where somebody looked
    saved     the file that holds the run; None when there is none
    """

    plans: tuple[Plan, ...]
    unreadable: tuple[Unreadable, ...]
    made_at: dt.datetime
    tool_version: str
    source: Checkout | None = None
    saved: SavedPlan | None = None


@dataclass(frozen=True, slots=True)
class ApplyRun:
    """What became of the plans of one run that had something to do."""

    outcomes: tuple[Outcome, ...]
    made_at: dt.datetime
    tool_version: str


@dataclass(frozen=True, slots=True)
class ValidationRun:
    """What is wrong with the files of one run. `environments` and `baselines` count the sound ones, `policies` the files of rules."""

    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...]
    environments: int
    baselines: int
    tool_version: str
    policies: int = 0
