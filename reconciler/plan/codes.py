"""Every code that a plan can carry, in one place: objections, problems, notices and tasks. Pure.

docs/objections.md explains each of them; a test compares its headings with these tuples.
"""

from __future__ import annotations

TERMS_NOT_ATTESTED = "terms-not-attested"
BINDING_NOT_ACCEPTED = "binding-not-accepted"
SETTINGS_ROW_MISSING = "settings-row-missing"
ACTIVATION_FAILED = "activation-failed"
EXCHANGE_DATA_OF_EVERYONE = "exchange-data-of-everyone"
NOT_IN_THIS_GENERATION = "not-in-this-generation"
CONSENT_NOT_GIVEN = "consent-not-given"
METADATA_MISMATCH = "metadata-mismatch"
ROLE_LIST_TOO_LONG = "role-list-too-long"
CONTROL_NOT_REGISTERED = "control-not-registered"
WIDGET_NOT_FOR_TABLE = "widget-not-for-table"
FORM_NOT_MAIN = "form-not-main"
FORM_NOT_CUSTOMIZABLE = "form-not-customizable"
MANAGED_FORM = "managed-form"
PENDING_CHANGES_OF_OTHERS = "pending-changes-of-others"
SOLUTION_MISSING = "solution-missing"
SOLUTION_MANAGED = "solution-managed"
UNMANAGED_BLOCKED = "unmanaged-blocked"
ALL_ROLES_REPLACED = "all-roles-replaced"
DISABLING_IN_PRODUCTION = "disabling-in-production"
DATA_LOCATION_NOT_SUPPORTED = "data-location-not-supported"
NOT_IN_THIS_REGION = "not-in-this-region"
TOO_MANY_CHANGES = "too-many-changes"
POLICY_FAILED = "policy-failed"
JOURNAL_OF_ANOTHER_ORGANIZATION = "journal-of-another-organization"

OBJECTIONS = (
    TERMS_NOT_ATTESTED,
    BINDING_NOT_ACCEPTED,
    SETTINGS_ROW_MISSING,
    ACTIVATION_FAILED,
    EXCHANGE_DATA_OF_EVERYONE,
    NOT_IN_THIS_GENERATION,
    CONSENT_NOT_GIVEN,
    METADATA_MISMATCH,
    ROLE_LIST_TOO_LONG,
    CONTROL_NOT_REGISTERED,
    WIDGET_NOT_FOR_TABLE,
    FORM_NOT_MAIN,
    FORM_NOT_CUSTOMIZABLE,
    MANAGED_FORM,
    PENDING_CHANGES_OF_OTHERS,
    SOLUTION_MISSING,
    SOLUTION_MANAGED,
    UNMANAGED_BLOCKED,
    ALL_ROLES_REPLACED,
    DISABLING_IN_PRODUCTION,
    DATA_LOCATION_NOT_SUPPORTED,
    NOT_IN_THIS_REGION,
    TOO_MANY_CHANGES,
    POLICY_FAILED,
    JOURNAL_OF_ANOTHER_ORGANIZATION,
)

WAIVABLE = frozenset(
    {
        ACTIVATION_FAILED,
        CONSENT_NOT_GIVEN,
        WIDGET_NOT_FOR_TABLE,
        ALL_ROLES_REPLACED,
        DISABLING_IN_PRODUCTION,
        DATA_LOCATION_NOT_SUPPORTED,
        NOT_IN_THIS_REGION,
        TOO_MANY_CHANGES,
    }
)
"""What a person may override for one run, giving a reason: failures that may be known, lists that may be outdated, and changes that
look like an accident and may be meant. None of them lifts what limits whose data is used, or touches other people's work.

The others are settled in the environment file, where a review sees it (`accept`, `attestations`, `publishPending`,
`allowUnmanagedLayer`), or not at all, because the write would fail or would be wrong.
"""

ROLE_NOT_FOUND = "role-not-found"
ROLE_AMBIGUOUS = "role-ambiguous"
TEMPLATE_NOT_FOUND = "template-not-found"
TEMPLATE_AMBIGUOUS = "template-ambiguous"
FORM_NOT_FOUND = "form-not-found"
FORM_AMBIGUOUS = "form-ambiguous"
FORM_DECLARED_TWICE = "form-declared-twice"

PROBLEMS = (
    ROLE_NOT_FOUND,
    ROLE_AMBIGUOUS,
    TEMPLATE_NOT_FOUND,
    TEMPLATE_AMBIGUOUS,
    FORM_NOT_FOUND,
    FORM_AMBIGUOUS,
    FORM_DECLARED_TWICE,
)
"""What in the files does not fit the environment. The form engine has further ones, about places on a form."""

IN_PROGRESS = "in-progress"
COUNTS_AS_ON = "counts-as-on"
STATUS_DIFFERS = "status-differs"
OFF_CAUSE_UNKNOWN = "off-cause-unknown"
WIDGET_WILL_NOT_SHOW = "widget-will-not-show"
LABELS_IN_LANGUAGE = "labels-in-language"
PUBLISHES_PENDING = "publishes-pending"
GENERATION_DIFFERS = "generation-differs"
LIMIT_NOT_KNOWN = "limit-not-known"
CHANGED_SINCE = "changed-since"
CANNOT_BE_UNDONE = "cannot-be-undone"

NOTICES = (
    IN_PROGRESS,
    COUNTS_AS_ON,
    STATUS_DIFFERS,
    OFF_CAUSE_UNKNOWN,
    WIDGET_WILL_NOT_SHOW,
    LABELS_IN_LANGUAGE,
    PUBLISHES_PENDING,
    GENERATION_DIFFERS,
    LIMIT_NOT_KNOWN,
    CHANGED_SINCE,
    CANNOT_BE_UNDONE,
)

GIVE_EXCHANGE_CONSENT = "give-exchange-consent"
REPAIR_ACTIVATION = "repair-activation"

TASKS = (GIVE_EXCHANGE_CONSENT, REPAIR_ACTIVATION)

UNKNOWN_WAIVER = "unknown-waiver"
NOT_WAIVABLE = "not-waivable"
WAIVER_WITHOUT_REASON = "waiver-without-reason"

WAIVER_PROBLEMS = (UNKNOWN_WAIVER, NOT_WAIVABLE, WAIVER_WITHOUT_REASON)
