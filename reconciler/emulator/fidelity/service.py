"""Lists how callers are known and answered, and how the domain behaves. Pure."""

from __future__ import annotations

from reconciler.emulator.fidelity.behaviour import Behaviour

_LEARN = "https://learn.microsoft.com/power-apps/developer/data-platform/"

BEHAVIOURS = (
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
    Behaviour(
        "identity",
        "Nobody gives a role, a membership or privileges that reach further than the own ones: 403 `0x80040220`",
        "inferred",
    ),
    Behaviour(
        "identity",
        "Tables without privileges of their own are read by everybody with a role; without roles 403",
        "ours",
    ),
    Behaviour(
        "identity",
        "Privileges of other users need `prvReadUser`; a history needs Read on its table too",
        "inferred",
    ),
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
    Behaviour(
        "serving", "`serve --tls`: the Web API over TLS with the certificate of the authority; every link and address is https", "ours"
    ),
    Behaviour(
        "serving",
        "Writes to control and pages with `Sec-Fetch-Site` of another site: 403",
        "ours",
    ),
    Behaviour("time", "The clock is virtual; what is due by then has happened before the next request", "ours"),
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
    Behaviour("faults", "A throttled answer on demand asks to wait 5 seconds unless told otherwise", "ours"),
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
    Behaviour("domain", "`fullname` of contacts and leads is first and last name, joined by a space", "simplified"),
    Behaviour(
        "domain", "Tasks, with what they are about; the other activities, their parties and `activitypointers` are not there", "simplified"
    ),
    Behaviour("domain", "Amounts are decimals of two places: no currency, no exchange rate, no `_base` column", "simplified"),
    Behaviour(
        "domain",
        "Users cannot be deleted (400 `0x80040800`), nor the solutions Active, Default and Basic (400 `0x80040203`)",
        "inferred",
    ),
    Behaviour(
        "domain",
        "`MSCRM.SolutionUniqueName` is checked on every create and update; only forms and roles become components",
        "simplified",
    ),
    Behaviour(
        "domain",
        "There are no rules for duplicates, so `MSCRM.SuppressDuplicateDetection` changes nothing",
        "simplified",
    ),
)
