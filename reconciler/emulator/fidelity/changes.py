"""Lists how rows are written, in batches too, and how drafts and definitions behave. Pure."""

from __future__ import annotations

from reconciler.emulator.fidelity.behaviour import Behaviour

_LEARN = "https://learn.microsoft.com/power-apps/developer/data-platform/"

BEHAVIOURS = (
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
    Behaviour(
        "writing",
        "Only columns that the system requires, and the owner, are enforced; read-only columns in a body are passed over, by `$ref` or "
        "through a collection refused with 400 `0x80040203`",
        "inferred",
    ),
    Behaviour("writing", "PUT and DELETE of the primary id as a property: 400", "inferred"),
    Behaviour("writing", "`If-Match` is not compared when a reference is added to or taken from a collection", "inferred"),
    Behaviour("writing", "A body may hold 10,000 rows, rows inside rows counted", "ours"),
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
    Behaviour(
        "writing",
        "`BulkDelete` deletes at once and has no `asyncoperations` row; what may not be deleted stays, "
        "unless the refusal is 403, 429 or 501",
        "simplified",
    ),
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
    Behaviour("writing", "A reason of another state is refused with `0x80048408`", "recorded"),
    Behaviour("writing", "A new state brings its default reason, also when a row is made in it", "inferred"),
    Behaviour("writing", "`overriddencreatedon` sets the age of a new row, whoever writes it", "simplified"),
    Behaviour("writing", "Bodies of other types (415), without type or content, with a name twice: refused", "inferred"),
    Behaviour("writing", "Characters that XML has not are refused in text with `0x80040278`", "inferred"),
    Behaviour(
        "batch",
        "Lenient in reading, strict in answering; change sets atomic, Content-ID references, 1,000 operations",
        "documented",
        _LEARN + "webapi/execute-batch-operations-using-web-api",
    ),
    Behaviour("batch", "A failed change set answers with its failed part alone", "recorded"),
    Behaviour("batch", "Work done before a failed change set stays", "inferred"),
    Behaviour("batch", "One Content-ID at two requests of a change set refuses the batch: 400", "inferred"),
    Behaviour("batch", "Behind 32 MiB of answers the next parts are refused with 400", "ours"),
    Behaviour("batch", "A part whose address names another host or organization refuses the batch: 400", "inferred"),
    Behaviour(
        "drafts",
        "PATCH and POST on forms go to the draft, plain GET shows published rows only, `RetrieveUnpublished(Multiple)` shows drafts",
        "documented",
    ),
    Behaviour("drafts", "A row that was never published is not in a plain GET", "inferred"),
    Behaviour("drafts", "`If-Match` on a form is compared with the unpublished copy", "inferred"),
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
    Behaviour("definitions", "Type codes of tables that customers add are ours", "ours"),
)
