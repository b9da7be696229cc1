"""The table of audited changes. Pure."""

from __future__ import annotations

from reconciler.catalog.source import Source
from reconciler.catalog.table import Column, Table
from reconciler.catalog.tables.columns import choice, key, lookup, moment

ACTIONS = (
    (0, "Unknown"),
    (1, "Create"),
    (2, "Update"),
    (3, "Delete"),
    (4, "Activate"),
    (5, "Deactivate"),
    (11, "Cascade"),
    (13, "Assign"),
    (33, "Associate Entities"),
    (34, "Disassociate Entities"),
    (41, "Set State"),
    (53, "Assign Role To Team"),
    (54, "Remove Role From Team"),
    (55, "Assign Role To User"),
    (56, "Remove Role From User"),
    (102, "Audit Change at Entity Level"),
    (103, "Audit Change at Attribute Level"),
    (104, "Audit Change at Org Level"),
    (107, "Audit Enabled"),
    (110, "Audit Disabled"),
)
"""Events that an audit row may stand for: those of the manual's list of 74 that an organization without activities can have."""

AUDIT = Table(
    name="audit",
    entity_set="audits",
    primary_id="auditid",
    primary_name=None,
    label="Auditing",
    source=Source("MicrosoftDocs/powerapps-docs, powerapps-docs/developer/data-platform/reference/entities/audit.md", "003343e9"),
    ownership="None",
    audited=False,
    stateful=False,
    optimistic_concurrency=False,
    columns=(
        key("auditid", "Record Id"),
        choice("action", "Event", ACTIONS, read_only=True),
        choice("operation", "Operation", ((1, "Create"), (2, "Update"), (3, "Delete"), (4, "Access")), read_only=True),
        Column("attributemask", "Memo", "Changed Field", max_length=2000, read_only=True),
        Column("changedata", "Memo", "Change Data", max_length=1073741823, read_only=True),
        moment("createdon", "Changed Date", read_only=True),
        Column("objecttypecode", "String", "Entity", max_length=64, read_only=True),
        # A lookup that may lead to any table: it has no navigation property, and its target stands beside each value.
        Column("objectid", "Lookup", "Record", read_only=True),
        lookup("userid", "Changed By", "systemuser", collections=("lk_audit_userid",), read_only=True),
        lookup("callinguserid", "Calling User", "systemuser", collections=("lk_audit_callinguserid",), read_only=True),
        Column("regardingobjectid", "Lookup", "Regarding", read_only=True),
        Column("transactionid", "Uniqueidentifier", "Transaction Id", read_only=True),
        Column("useradditionalinfo", "String", "User Info", max_length=350, read_only=True),
    ),
)
