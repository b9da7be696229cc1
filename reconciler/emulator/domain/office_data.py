"""Turns the connector's status into what the feature's row of the Office data service shows. Reads the Rows it is given.

The columns are documented; that they follow the connector, their values and the texts are assumptions.
"""

from __future__ import annotations

import datetime as dt

from reconciler.catalog.book import Catalog
from reconciler.catalog.consent import CONNECTOR_ACTIVE, CONNECTOR_TABLE
from reconciler.emulator.context import Row, Rows
from reconciler.emulator.domain import consent_clock

_DONE, _HALF_WAY, _STOPPED = 100, 50, -1
_EXCEPTIONS = {
    consent_clock.CONNECTOR_FAILED: "The Exchange data of this tenant is in a region-specific location, which is not supported.",
    consent_clock.CONNECTOR_LAPSED: "The Microsoft 365 consent was not given within 14 days.",
    consent_clock.CONNECTOR_WITHDRAWN: "The Microsoft 365 consent was withdrawn.",
}


def shown(rows: Rows, catalog: Catalog, row: Row, now: dt.datetime) -> Row:
    """Stage, error and whether the feature is provisioned, where nobody has written a stage; an empty dict while nothing was started."""
    connector = next(iter(rows.all(CONNECTOR_TABLE)), None)
    if connector is None or row.get("msdyn_provisioningstage") is not None:
        return {}
    status = consent_clock.connector(rows, catalog, connector, now)
    if status in _EXCEPTIONS:
        return {"msdyn_provisioningstage": _STOPPED, "msdyn_provisioningexception": _EXCEPTIONS[status]}
    if status == CONNECTOR_ACTIVE:
        return {"msdyn_provisioningstage": _DONE, "msdyn_isfeatureenabled": True}
    return {"msdyn_provisioningstage": _HALF_WAY} if status == consent_clock.CONNECTOR_STARTING else {}
