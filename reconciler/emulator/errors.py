"""Turns what is wrong with a request into the refusal that Dataverse would send: status, code and text. Pure."""

from __future__ import annotations

from reconciler.emulator.context import DataverseError

NAMESPACE = "Microsoft.Dynamics.CRM"
_PAYLOAD_LINK = "https://go.microsoft.com/fwlink/?linkid=2195293"


def bad_request(message: str, code: str = "0x80060888") -> DataverseError:
    """400 with the code that the service gives to most malformed requests."""
    return DataverseError(400, code, message)


def unknown_segment(name: str) -> DataverseError:
    """404 for a path segment that is no resource (0x80060888 is what recordings show; the manual says 0x8006088a)."""
    return DataverseError(404, "0x80060888", f"Resource not found for the segment '{name}'.")


def unknown_property(name: str, table: str) -> DataverseError:
    """400 for a property in a query option that the table does not have."""
    return bad_request(f"Could not find a property named '{name}' on type '{NAMESPACE}.{table}'.")


def missing_row(table: str, id: str) -> DataverseError:
    """404 for a row that is not there."""
    return DataverseError(404, "0x80040217", f"{table} With Id = {id} Does Not Exist")


def missing_key(table: str) -> DataverseError:
    """404 for an alternate key that no row has."""
    return DataverseError(404, "0x80060891", f"A record with the specified key values does not exist in {table} entity")


def not_a_member() -> DataverseError:
    """403 for a token that is good, of somebody who is no user of the organization."""
    return DataverseError(403, "0x80072560", "The user is not a member of the organization.")


def bad_key(table: str, entity_set: str) -> DataverseError:
    """400 for a key that is neither the primary id nor a declared alternate key."""
    return bad_request(
        f"The key in the request URI is not valid for resource '{NAMESPACE}.{table}'. Ensure that the names and number of key "
        f"properties match the declared or alternate key properties for the resource '{NAMESPACE}.{table}'. ({entity_set})"
    )


def duplicate_row() -> DataverseError:
    """412 for a row id that is taken, and for If-None-Match: * on a row that is there."""
    return DataverseError(412, "0x80040237", "A record with matching key values already exists.")


def duplicate_key(key: tuple[str, ...]) -> DataverseError:
    """412 for an alternate key that another row has."""
    return DataverseError(
        412,
        "0x80060892",
        f"Entity Key {', '.join(key)} violated. A record with the same value for {', '.join(key)} already exists. A duplicate record "
        "cannot be created. Select one or more unique values and try again.",
    )


def in_use() -> DataverseError:
    """405 for the deletion of a row that another row cannot be without (code and text of the service's list of errors)."""
    return DataverseError(405, "0x80040227", "The object you tried to delete is associated with another object and cannot be deleted.")


def version_mismatch() -> DataverseError:
    """412 for If-Match with an etag that is not the row's."""
    return DataverseError(412, "0x80060882", "The version of the existing record doesn't match the RowVersion property provided.")


def no_concurrency(table: str) -> DataverseError:
    """400 for If-Match on a table whose metadata switches optimistic concurrency off."""
    return bad_request(f"Optimistic concurrency isn't enabled for entity type '{table}'.", "0x8006088d")


def unknown_payload_property(name: str, table: str, entity_set: str) -> DataverseError:
    """400 for a property in a body that the table does not have."""
    return _payload(
        entity_set,
        f"Microsoft.Crm.CrmException: Invalid property '{name}' was found in entity '{NAMESPACE}.{table}'. ---> "
        "Microsoft.OData.ODataException: Does not support untyped value in non-open type.",
    )


def undeclared_annotation(name: str, entity_set: str) -> DataverseError:
    """400 for `x@odata.bind` where x is no navigation property."""
    return _payload(
        entity_set,
        f"Microsoft.OData.ODataException: An undeclared property '{name}' which only has property annotations in the payload but no "
        "property value was found in the payload. In OData, only declared navigation properties and declared named streams can be "
        "represented as properties without values.",
    )


def wrong_type(name: str, value: object, expected: str, entity_set: str) -> DataverseError:
    """400 for a value of the wrong JSON type (the text of the service is not known; the code is)."""
    shown = str(value)[:80]
    return _payload(
        entity_set,
        f"Microsoft.OData.ODataException: Cannot convert the literal '{shown}' of property '{name}' to the expected type '{expected}'.",
    )


def _payload(entity_set: str, inner: str) -> DataverseError:
    text = f"Error identified in Payload provided by the user for Entity :'{entity_set}', For more information on this error please"
    return DataverseError(400, "0x80048d19", f"{text} follow this help link {_PAYLOAD_LINK}  ---->  InnerException : {inner}")


def broken_body(reason: str) -> DataverseError:
    """400 for a body that is not the JSON object it should be."""
    return DataverseError(400, "0x80048d19", f"Error identified in Payload provided by the user: {reason}")


def direct_lookup() -> DataverseError:
    """400 for a lookup that is written as a plain value."""
    return bad_request("CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.")


def nested_rows(name: str) -> DataverseError:
    """400 for rows inside the body of an update, where OData allows none (the text of the service is not known)."""
    return bad_request(f"Deep inserts are not allowed in update operations: '{name}'. Use POST, or $ref for rows that are there.")


def unparsed_reference() -> DataverseError:
    """400 for a reference that leads nowhere."""
    return bad_request(
        "URL was not parsed due to an ODataUnrecognizedPathException. Resource not found for the segment provided in the URL."
    )


def too_long(column: str, table: str, length: int) -> DataverseError:
    """400 for text that exceeds its column."""
    return DataverseError(
        400,
        "0x80044331",
        f"A validation error occurred.  The length of the '{column}' attribute of the '{table}' entity exceeded the maximum allowed "
        f"length of '{length}'.",
    )


def forbidden_character(column: str, character: str) -> DataverseError:
    """400 for a character that XML has not (the code is in the service's list of errors, the text in public reports)."""
    shown = f"Invalid character in field '{column}': hexadecimal value 0x{ord(character):02X}, is an invalid character."
    return DataverseError(400, "0x80040278", shown)


def not_an_option(column: str, table: str, value: object) -> DataverseError:
    """400 for a choice that the column does not offer."""
    return DataverseError(
        400,
        "0x8004431a",
        f"A validation error occurred.  The value {value} of '{column}' on record of type '{table}' is outside the valid range.",
    )


def wrong_reason(reason: int, state: str, table: str, id: str) -> DataverseError:
    """400 for a status reason of another state (the code is in the service's list of errors, the text in public reports)."""
    named = f"{table.capitalize()}State.{state}"
    return DataverseError(400, "0x80048408", f"{reason} is not a valid status code for state code {named} on {table} with Id {id}.")


def out_of_range(column: str, table: str, value: object, bounds: tuple[object, object]) -> DataverseError:
    """400 for a number beyond its column's bounds (code and text as seen in public reports, not in the manual)."""
    kind = "System.Int32" if isinstance(value, int) else "System.Double"
    return DataverseError(
        400,
        "0x8004432f" if isinstance(value, int) else "0x80044330",
        f"A validation error occurred for {table}.{column}. The value {value} of type {kind} is outside the valid "
        f"range({bounds[0]} to {bounds[1]}).",
    )


def invalid_argument(message: str) -> DataverseError:
    """400 for a value that is refused for another reason."""
    return DataverseError(400, "0x80040203", message)


def no_such_request(uri: str) -> DataverseError:
    """404 for the wrong verb on an operation."""
    return DataverseError(404, "", f"No HTTP resource was found that matches the request URI '{uri}'.")


def wrong_method(method: str) -> DataverseError:
    """405 for a verb that the resource does not take."""
    return DataverseError(405, "0x80060888", f"The requested resource does not support http method '{method}'.")


def not_emulated(what: str) -> DataverseError:
    """501: the service can do it and the embedded Dataverse cannot. Loud, so that nobody takes silence for success."""
    return DataverseError(501, "0x80060888", f"The embedded Dataverse does not support {what}.")
