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


BEHAVIOURS = (
    # Reading
    Behaviour(
        "reading",
        "Shapes of collections and rows: context, `@odata.etag`, primary id always, unset columns null, annotations before their property",
        "recorded",
    ),
    Behaviour("reading", "`$select $filter $orderby $top $count $expand`", "documented"),
    Behaviour("reading", "Paging by `odata.maxpagesize` with opaque `$skiptoken`; `/$count` with byte order mark", "documented"),
    Behaviour("reading", "Text compares without regard to case", "documented"),
    Behaviour("reading", "`%`, `_` and `[...]` are wildcards in contains, startswith, endswith", "documented"),
    Behaviour("reading", "`In`, `NotIn`, `EqualUserId`, `NotEqualUserId` of the query functions", "documented"),
    Behaviour("reading", "`ne` is true for rows without a value", "inferred"),
    Behaviour("reading", "A selected lookup by its navigation name shows its id", "inferred"),
    Behaviour("reading", "Users and teams always show `ownerid`, the key of the abstract principal", "documented"),
    Behaviour("reading", "The owning user, team and business unit of a row follow from its owner", "documented"),
    Behaviour("reading", "Formatted values of dates and numbers in English; decimals with two places", "inferred"),
    # Writing
    Behaviour("writing", "POST 204 with `OData-EntityId`, PATCH partial and upsert, PUT and DELETE of one property", "documented"),
    Behaviour("writing", "`If-Match`, `If-None-Match`; `If-Match: *` never creates", "documented"),
    Behaviour("writing", "412 `0x80060882` on another version for PATCH and DELETE; of concurrent writers exactly one wins", "documented"),
    Behaviour("writing", "`@odata.bind` in three spellings, null clears, polymorphic lookups, `$ref`, many-to-many", "documented"),
    Behaviour("writing", "POST on a collection of a row makes a row that points back to it; one member has an address there", "inferred"),
    Behaviour("writing", "Binding to a row that is not there: 404 `0x80040217`", "inferred"),
    Behaviour("writing", "Unknown column `0x80048d19`, too long `0x80044331`, no such choice `0x8004431a`", "recorded"),
    Behaviour("writing", "Number out of range `0x8004432f` (whole) and `0x80044330` (decimal)", "recorded"),
    Behaviour("writing", "Text of the refusal of a wrong JSON type; null or missing in a required column `0x80040203`", "inferred"),
    Behaviour("writing", "Only columns that the system requires are enforced; read-only columns in a body are passed over", "inferred"),
    Behaviour("writing", "Alternate keys: read, upsert, unique (`0x80060892`)", "documented"),
    # Batch
    Behaviour(
        "batch", "Lenient in reading, strict in answering; change sets atomic, Content-ID references, 1,000 operations", "documented"
    ),
    Behaviour("batch", "A failed change set answers with its failed part alone", "recorded"),
    Behaviour("batch", "Work done before a failed change set stays", "inferred"),
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
    # Identity
    Behaviour("identity", "401 with the unquoted challenge; token endpoint with secret; tokens bound to audience and time", "recorded"),
    Behaviour(
        "identity",
        "A certificate assertion is accepted by its claims, a federated one by its audience `api://AzureADTokenExchange`; no signature is "
        "checked, for nothing is registered",
        "ours",
    ),
    Behaviour("identity", "Impersonation headers: every caller may act for every user", "simplified"),
    # Serving
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
)
"""Everything that a client may rely on, grouped by area."""
