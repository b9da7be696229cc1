"""Turns a refusal into the error answer of the Web API. Pure."""

from __future__ import annotations

from reconciler.emulator.context import DataverseError
from reconciler.emulator.messages import Answer, Preferences


def failure(error: DataverseError, preferences: Preferences | None = None) -> Answer:
    """Code and message; the long form only for those who ask for every annotation."""
    told = {"code": error.code, "message": error.message}
    if preferences is not None and preferences.wants("Microsoft.PowerApps.CDS.HelpLink"):
        told["@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus"] = "0"
        told["@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode"] = str(error.status)
        told["@Microsoft.PowerApps.CDS.HelpLink"] = f"http://go.microsoft.com/fwlink/?LinkID=398563&error={error.code}&client=platform"
        told["@Microsoft.PowerApps.CDS.InnerError.Message"] = error.message
    return Answer(error.status, {"error": told}, error.headers)


def unexpected(error: Exception) -> DataverseError:
    """500 for a fault of the emulator itself: named, without a traceback."""
    return DataverseError(500, "0x80040216", f"An unexpected error occurred in the embedded Dataverse: {type(error).__name__}.")
