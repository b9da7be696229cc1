"""What a scenario may say about a user's mailbox: how mail and appointments get in and out, and how the last test went. Pure."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from reconciler.emulator.context import Row
from reconciler.emulator.domain.strict import Strict

Result = Literal["not-run", "success", "failure"]
Shorthand = Literal["none", "server-side-sync", "outlook"]

# "Server-side synchronization" is 2 for mail and 1 for appointments, contacts and tasks.
_MAIL = {"none": 0, "outlook": 1, "server-side-sync": 2, "forward": 3}
_APPOINTMENTS = {"outlook": 0, "server-side-sync": 1, "none": 2}
_RESULTS = {"not-run": 0, "success": 1, "failure": 2}
_APPROVALS = {"empty": 0, "approved": 1, "pending": 2, "rejected": 3}


class Mailbox(Strict):
    """A mailbox in every detail; what is not written is as in one that works."""

    incoming: Literal["none", "outlook", "server-side-sync", "forward"] = "server-side-sync"
    outgoing: Literal["none", "outlook", "server-side-sync"] = "server-side-sync"
    appointments: Literal["none", "outlook", "server-side-sync"] = "server-side-sync"
    incoming_status: Result = Field("success", alias="incomingStatus")
    outgoing_status: Result = Field("success", alias="outgoingStatus")
    appointments_status: Result = Field("success", alias="appointmentsStatus")
    status: Result = "success"
    approval: Literal["empty", "approved", "pending", "rejected"] = "approved"
    approved_by_admin: bool = Field(True, alias="approvedByAdmin")
    active: bool = True


OUTLOOK = Mailbox.model_validate(
    {
        **dict.fromkeys(("incoming", "outgoing", "appointments"), "outlook"),
        **dict.fromkeys(("incomingStatus", "outgoingStatus", "appointmentsStatus", "status"), "not-run"),
        "approval": "empty",
        "approvedByAdmin": False,
    }
)


def columns(said: Mailbox | Shorthand) -> dict[str, Any] | None:
    """The columns of the mailbox; None for a user without one."""
    if said == "none":
        return None
    mailbox = said if isinstance(said, Mailbox) else OUTLOOK if said == "outlook" else Mailbox()
    row: Row = {
        "incomingemaildeliverymethod": _MAIL[mailbox.incoming],
        "outgoingemaildeliverymethod": _MAIL[mailbox.outgoing],
        "actdeliverymethod": _APPOINTMENTS[mailbox.appointments],
        "incomingemailstatus": _RESULTS[mailbox.incoming_status],
        "outgoingemailstatus": _RESULTS[mailbox.outgoing_status],
        "actstatus": _RESULTS[mailbox.appointments_status],
        "mailboxstatus": _RESULTS[mailbox.status],
        "emailrouteraccessapproval": _APPROVALS[mailbox.approval],
        "isemailaddressapprovedbyo365admin": mailbox.approved_by_admin,
        "statecode": int(not mailbox.active),
        "statuscode": 1 if mailbox.active else 2,
    }
    return row
