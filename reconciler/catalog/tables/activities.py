"""The task, the activity that samples and programs write most. Pure."""

from __future__ import annotations

from reconciler.catalog.source import Source
from reconciler.catalog.table import Column, Option, Table
from reconciler.catalog.tables.columns import choice, key, memo, moment, text, whole

_STATUSES = (
    Option(2, "Not Started", 0),
    Option(3, "In Progress", 0),
    Option(4, "Waiting on someone else", 0),
    Option(5, "Completed", 1),
    Option(6, "Canceled", 2),
    Option(7, "Deferred", 0),
)
_REGARDED = ("account", "contact", "lead", "opportunity")

TASK = Table(
    name="task",
    entity_set="tasks",
    primary_id="activityid",
    primary_name="subject",
    label="Task",
    source=Source("MicrosoftDocs/powerapps-docs, powerapps-docs/developer/data-platform/reference/entities/task.md", "2026-05"),
    ownership="UserOwned",
    columns=(
        key("activityid", "Task"),
        text("subject", "Subject", 200, required=True),
        memo("description", "Description", 2000),
        text("category", "Category", 250),
        text("subcategory", "Sub-Category", 250),
        moment("scheduledstart", "Start Date"),
        moment("scheduledend", "Due Date"),
        moment("actualstart", "Actual Start"),
        moment("actualend", "Actual End"),
        whole("actualdurationminutes", "Duration"),
        whole("scheduleddurationminutes", "Scheduled Duration"),
        whole("percentcomplete", "Percent Complete", 0, 100),
        choice("prioritycode", "Priority", ((0, "Low"), (1, "Normal"), (2, "High")), default=1),
        Column(
            "regardingobjectid",
            "Lookup",
            "Regarding",
            targets=_REGARDED,
            navigation=tuple(f"regardingobjectid_{table}_task" for table in _REGARDED),
            collections=tuple(f"{table.capitalize()}_Tasks" for table in _REGARDED),
        ),
        Column(
            "statecode",
            "State",
            "Activity Status",
            options=(Option(0, "Open"), Option(1, "Completed"), Option(2, "Canceled")),
            default=0,
        ),
        Column("statuscode", "Status", "Status Reason", options=_STATUSES, default=2),
    ),
)

ACTIVITY_TABLES = (TASK,)
"""Other activities are not described."""
