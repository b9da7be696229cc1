"""Lists how the embedded Dataverse behaves and what each behaviour rests on; the documentation shows this list. Pure."""

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


_LEARN = "https://learn.microsoft.com/power-apps/developer/data-platform/"

BEHAVIOURS = (
    # Reading
    Behaviour(
        "reading",
        "Shapes of collections and rows: context, `@odata.etag`, primary id always, unset columns null, annotations before their property",
        "recorded",
    ),
    Behaviour("reading", "`$select $filter $orderby $top $count $expand`", "documented", _LEARN + "webapi/query/overview"),
    Behaviour(
        "reading",
        "Paging by `odata.maxpagesize` with opaque `$skiptoken`; `/$count` with byte order mark",
        "documented",
        _LEARN + "webapi/query/page-results",
    ),
    Behaviour("reading", "Text compares without regard to case", "documented", _LEARN + "webapi/query/filter-rows"),
    Behaviour(
        "reading", "`%`, `_` and `[...]` are wildcards in contains, startswith, endswith", "documented", _LEARN + "webapi/query/filter-rows"
    ),
    Behaviour("reading", "`ne` is true for rows without a value", "inferred"),
    Behaviour("reading", "A selected lookup by its navigation name shows its id", "inferred"),
    Behaviour("reading", "Users and teams always show `ownerid`, the key of the abstract principal", "documented"),
    Behaviour("reading", "The owning user, team and business unit of a row follow from its owner", "documented"),
    Behaviour("reading", "Formatted values of dates and numbers in English; decimals with two places", "inferred"),
    Behaviour("reading", "`any` and `all` on one-to-many and many-to-many collections, nested, not below a lookup", "documented"),
    Behaviour(
        "reading", "Query functions of dates, ranges, lists, ids, language and hierarchies; dates by the virtual clock in UTC", "documented"
    ),
    Behaviour("reading", "Counted periods of days and longer begin or end at midnight, and at the present", "recorded"),
    Behaviour(
        "reading",
        "Counted hours begin or end at a full hour; weeks begin on Sunday; negated operators are true for rows without a value",
        "inferred",
    ),
    Behaviour("reading", "Functions of `$filter` other than contains, startswith, endswith: 400", "inferred"),
    Behaviour(
        "reading",
        "FetchXML: joins, aggregates, counts, paging cookie encoded twice, no nulls, at most 15 links, aggregates of at most 50,000 rows",
        "documented",
    ),
    Behaviour("reading", "Linked columns of FetchXML as `alias.column` with the AttributeName annotation", "recorded"),
    Behaviour(
        "reading",
        "Distinct rows of FetchXML have no key; error codes of malformed FetchXML; the context names columns of the first table only",
        "inferred",
    ),
    Behaviour("reading", "FetchXML joins at most 100,000 rows and takes at most 500 conditions", "ours"),
    Behaviour(
        "reading",
        "`?sql=`: SELECT with joins, conditions, groups, order, DISTINCT; refusals of `*`, subqueries, UNION, HAVING, WITH",
        "documented",
    ),
    Behaviour("reading", "TOP in SQL; answers to SQL leave nulls out", "inferred"),
    Behaviour("reading", "`$apply` with filter, groupby, aggregate", "documented"),
    Behaviour("reading", "`$expand` of `lookup/$ref`, links to members, pages of members below a nested expand", "documented"),
    Behaviour("reading", "Answers of more than 50,000 expanded rows are refused", "ours"),
    Behaviour("reading", "`$orderby` by a column of another row", "inferred"),
    Behaviour("reading", "`RetrieveTotalRecordCount` counts at the moment, not once a day", "simplified"),
    # Writing
    Behaviour(
        "writing",
        "POST 204 with `OData-EntityId`, PATCH partial and upsert, PUT and DELETE of one property",
        "documented",
        _LEARN + "webapi/update-delete-entities-using-web-api",
    ),
    Behaviour(
        "writing",
        "`If-Match`, `If-None-Match`; `If-Match: *` never creates",
        "documented",
        _LEARN + "webapi/perform-conditional-operations-using-web-api",
    ),
    Behaviour(
        "writing",
        "412 `0x80060882` on another version for PATCH and DELETE; of concurrent writers exactly one wins",
        "documented",
        _LEARN + "webapi/perform-conditional-operations-using-web-api",
    ),
    Behaviour(
        "writing",
        "`@odata.bind` in three spellings, null clears, polymorphic lookups, `$ref`, many-to-many",
        "documented",
        _LEARN + "webapi/associate-disassociate-entities-using-web-api",
    ),
    Behaviour("writing", "POST on a collection of a row makes a row that points back to it; one member has an address there", "inferred"),
    Behaviour("writing", "Binding to a row that is not there: 404 `0x80040217`", "inferred"),
    Behaviour("writing", "Unknown column `0x80048d19`, too long `0x80044331`, no such choice `0x8004431a`", "recorded"),
    Behaviour("writing", "Number out of range `0x8004432f` (whole) and `0x80044330` (decimal)", "recorded"),
    Behaviour("writing", "Text of the refusal of a wrong JSON type; null or missing in a required column `0x80040203`", "inferred"),
    Behaviour("writing", "Only columns that the system requires are enforced; read-only columns in a body are passed over", "inferred"),
    Behaviour(
        "writing", "Alternate keys: read, upsert, unique (`0x80060892`)", "documented", _LEARN + "use-alternate-key-reference-record"
    ),
    Behaviour(
        "writing",
        "`CreateMultiple` (200 with `Ids`), `UpdateMultiple` and `UpsertMultiple` (204) on every table, all or nothing, `@odata.type` "
        "required; of two targets for one row an update takes the first, an upsert refuses both; `DeleteMultiple` is refused",
        "documented",
        "https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations",
    ),
    Behaviour("writing", "`UpsertMultiple` finds a row by the columns of an alternate key in its target, too", "inferred"),
    Behaviour("writing", "At most 10,000 targets; the service has limits of size and time only", "ours"),
    Behaviour("writing", "`BulkDelete` deletes at once and has no `asyncoperations` row; what may not be deleted stays", "simplified"),
    Behaviour(
        "writing",
        "Deep insert by POST, with rows that are bound to a collection; all or nothing",
        "documented",
        "https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api",
    ),
    Behaviour("writing", "Rows inside the body of a PATCH: 400; rows inside rows to a depth of 20", "inferred"),
    Behaviour(
        "writing",
        "Deleting a row clears the lookups to it and drops its pairs; 405 `0x80040227` where a lookup must have a value",
        "documented",
        "https://learn.microsoft.com/power-apps/developer/data-platform/configure-entity-relationship-cascading-behavior",
    ),
    Behaviour("writing", "Every relationship is referential: none deletes the children with their parent", "simplified"),
    Behaviour(
        "writing", "A user or team that owns rows cannot be deleted; a `$ref` is removed only from a collection's member", "inferred"
    ),
    # Batch
    Behaviour(
        "batch",
        "Lenient in reading, strict in answering; change sets atomic, Content-ID references, 1,000 operations",
        "documented",
        _LEARN + "webapi/execute-batch-operations-using-web-api",
    ),
    Behaviour("batch", "A failed change set answers with its failed part alone", "recorded"),
    Behaviour("batch", "Work done before a failed change set stays", "inferred"),
    Behaviour("batch", "A part whose address names another host or organization refuses the batch: 400", "inferred"),
    # Drafts
    Behaviour(
        "drafts",
        "PATCH and POST on forms go to the draft, plain GET shows published rows only, `RetrieveUnpublished(Multiple)` shows drafts",
        "documented",
    ),
    Behaviour("drafts", "A row that was never published is not in a plain GET", "inferred"),
    Behaviour("drafts", "`If-Match` on a form is compared with the unpublished copy", "inferred"),
    # Definitions
    Behaviour(
        "definitions",
        "`EntityDefinitions` by name, id and filter, `Attributes` with casts and choices, `Keys`, relationships; `RelationshipDefinitions`",
        "documented",
    ),
    Behaviour(
        "definitions",
        "Service document; `$metadata` (415 as JSON), each lookup with its id and partner; computed columns and alternate keys as "
        "annotations on request",
        "recorded",
    ),
    Behaviour(
        "definitions", "Names of alternate keys, and of relationships whose collection nobody describes (`lk_...`, `owner_...`)", "ours"
    ),
    Behaviour("definitions", "Nested results of functions are open types in `$metadata`", "simplified"),
    Behaviour(
        "definitions",
        "`RetrieveMetadataChanges` with criteria and properties; it leaves out properties that are not described here",
        "simplified",
        "https://learn.microsoft.com/power-apps/developer/data-platform/query-schema-definitions",
    ),
    # Identity
    Behaviour("identity", "401 with the unquoted challenge; token endpoint with secret; tokens bound to audience and time", "recorded"),
    Behaviour("identity", "Secrets, certificates and federated credentials are checked for real once they are registered", "recorded"),
    Behaviour("identity", "Managed identities and CI issuers of the emulator's own, at addresses that `GET sign-in` tells", "ours"),
    Behaviour(
        "identity",
        "Device code, refresh tokens, `id_token` and `client_info`; numbers and OAuth errors of refused sign-ins",
        "documented",
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    ),
    Behaviour("identity", "`slow_down` for polls that come before their interval is over; no number of its own", "ours"),
    Behaviour("identity", "Texts of `AADSTS53003`, `50076`, `65001` with suberror and claims challenge", "inferred"),
    Behaviour("identity", "A person signs in without a password, by the name that approves the device code", "simplified"),
    Behaviour(
        "identity",
        "Access tokens are RS256 JWTs with the claims of version 1.0, checked by key, issuer, tenant, audience and time",
        "inferred",
    ),
    Behaviour("identity", "The keys of a foreign issuer are registered; it is never asked for them", "simplified"),
    Behaviour(
        "identity",
        "A good token of somebody who is no user: 403 `0x80072560`; `rictl` and users of the control are made on demand",
        "recorded",
    ),
    Behaviour("identity", "A disabled user: 403; its code `0x80040225`", "inferred"),
    Behaviour("identity", "Privileges from roles, direct and through teams, count at once; text of 403 `0x80040220`", "recorded"),
    Behaviour(
        "identity", "Depths of privileges are kept and told, and do not narrow down rows; append and share are not asked for", "simplified"
    ),
    Behaviour(
        "identity", "Which privileges a built-in role has: all, customizing, selling or reading; which belong to the baseline", "simplified"
    ),
    Behaviour("identity", "A role that is created gets no copies in other business units", "simplified"),
    Behaviour(
        "identity",
        "Impersonation headers need `prvActOnBehalfOfAnotherUser`, give what both may, and are recorded with the row",
        "documented",
        _LEARN + "webapi/impersonate-another-user-web-api",
    ),
    # Serving
    Behaviour("serving", "An acknowledged write survives the end of the process; a loss of power may take the last ones along", "ours"),
    Behaviour("serving", "`copies` of a scenario: organizations that differ in names, host and ids only", "ours"),
    Behaviour(
        "serving",
        "A settings page at `/ORGANIZATION/settings` with Enable, options, roles, and a banner with the deadline of a pending consent",
        "documented",
        "https://learn.microsoft.com/dynamics365/sales/configure-relationship-analytics",
    ),
    Behaviour("serving", "... its layout, its words and the requests that its buttons send", "ours"),
    Behaviour("serving", "Enable on that page leaves Exchange data and the selection of roles as they are", "simplified"),
    Behaviour("serving", "Forms are drawn there as tabs, sections and cells; only widgets and labels are shown", "simplified"),
    # Time
    Behaviour("time", "The clock is virtual; what is due by then has happened before the next request", "ours"),
    # Domain
    Behaviour(
        "domain",
        "`audits` is written for every create, update and delete of audited tables while `organization.isauditenabled` is true; reading it "
        "needs `prvReadAuditSummary`",
        "documented",
        "https://learn.microsoft.com/power-apps/developer/data-platform/auditing/retrieve-audit-data",
    ),
    Behaviour("domain", "`changedata` of an audit row: JSON with `changedAttributes`", "recorded"),
    Behaviour(
        "domain",
        "`RetrieveRecordChangeHistory`, `RetrieveAttributeChangeHistory`, `RetrieveAuditDetails`: old and new values, no `AuditRecord`",
        "documented",
        "https://learn.microsoft.com/power-apps/developer/data-platform/auditing/retrieve-audit-data",
    ),
    Behaviour("domain", "Role assignments, forms and moving statuses leave no audit row", "simplified"),
    Behaviour(
        "domain", "`msdyn_componentlayers` of forms: the solution that brought it, and `Active` on top once it was written", "recorded"
    ),
    Behaviour("domain", "Layers show whole columns; the service merges forms by their differences", "simplified"),
    Behaviour(
        "domain",
        "Microsoft Graph below `/{organization}/graph/v1.0/`: `subscribedSkus`, `organization`, `licenseDetails`, with Graph's errors",
        "documented",
        "https://learn.microsoft.com/graph/api/resources/subscribedsku",
    ),
    Behaviour("domain", "Each organization has a tenant's directory of its own, named in the path and not by the token", "ours"),
    Behaviour("domain", "Formatted values of choices in English, Italian and Romanian, by the caller's language", "ours"),
    Behaviour("domain", "Which columns activation, consent, lapse and region change, and to what", "ours"),
    # Faults
    Behaviour(
        "faults",
        "Service protection by real account, for each caller: requests and execution time of a sliding window, concurrent requests; 429 "
        "with the three codes and `Retry-After`, without effect; a batch counts as one",
        "documented",
        "https://learn.microsoft.com/power-apps/developer/data-platform/api-limits",
    ),
    Behaviour("faults", "The window moves with the virtual clock, in steps of a 300th; each server counts for itself", "simplified"),
    Behaviour("faults", "`Retry-After` is the time until the window has room, and a second more for each refused try since", "ours"),
    Behaviour("faults", "`x-ms-ratelimit-...` and `x-ms-dop-hint` tell the account, the time with a thousands comma", "recorded"),
    Behaviour(
        "faults", "While a publish or an import runs, publishing is refused with 429 `0x80071151`, without `Retry-After`", "recorded"
    ),
    Behaviour("faults", "... and so are changes of forms", "inferred"),
    Behaviour("faults", "A publish is answered at once; the lock that it leaves lasts as long as the scenario says", "simplified"),
    Behaviour("faults", "Dropped, reset, delayed, truncated and trickling answers, 5xx in HTML, 401, 412 and 429 on demand", "ours"),
    Behaviour(
        "serving", "`serve --tls`: the Web API over TLS with the certificate of the authority; every link and address is https", "ours"
    ),
    Behaviour("domain", "`fullname` of contacts and leads is first and last name, joined by a space", "simplified"),
    Behaviour(
        "domain", "Tasks, with what they are about; the other activities, their parties and `activitypointers` are not there", "simplified"
    ),
    Behaviour("domain", "Amounts are plain numbers: no currency, no exchange rate, no `_base` column", "simplified"),
)
"""Everything that a client may rely on, grouped by area."""
