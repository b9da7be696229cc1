"""Lists how rows are read. Pure."""

from __future__ import annotations

from reconciler.emulator.fidelity.behaviour import Behaviour

_LEARN = "https://learn.microsoft.com/power-apps/developer/data-platform/"

BEHAVIOURS = (
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
    Behaviour("reading", "At most 500 conditions joined in one `$filter`, as in FetchXML: `0x8004430c`", "inferred"),
    Behaviour(
        "reading",
        "Who reads a row sees the names of what its lookups lead to, and may sort by them, without reading those rows",
        "inferred",
    ),
    Behaviour(
        "reading",
        "A user or team is addressed as `systemusers(ownerid=...)`, not by `systemuserid=`: the key is the principal's",
        "inferred",
    ),
    Behaviour(
        "reading",
        "A request, or a batch as a whole, that takes more than 4,000,000 looks at rows and tests of them ends with 500 `0x80044151`",
        "ours",
    ),
    Behaviour("reading", "`Prefer` may name 100 annotations, and options grow to 32,768 characters by parameter aliases", "ours"),
    Behaviour("reading", "`RetrieveTotalRecordCount` counts at the moment, not once a day", "simplified"),
    Behaviour(
        "reading",
        "A `$filter` that compares types without a common one is refused by the names of both; a quoted guid is text",
        "recorded",
        "https://github.com/microsoft/Power-CAT-Copilot-Studio-Kit/issues/584",
    ),
    Behaviour("reading", "A query option that is unknown or comes twice is refused with 400", "inferred"),
)
