"""Turns the tables and operations into $metadata: a CSDL document. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

from reconciler.catalog.table import Column
from reconciler.emulator.context import Operation
from reconciler.emulator.metadata.shapes import LOOKUPS, PRINCIPALS, Collection, Model, Navigation, Shape
from reconciler.emulator.rows.values import EDM

_OPENING = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
    '<edmx:Reference Uri="http://vocabularies.odata.org/OData.Community.Keys.V1.xml">'
    '<edmx:Include Namespace="OData.Community.Keys.V1" Alias="Keys"/></edmx:Reference>'
    '<edmx:Reference Uri="http://vocabularies.odata.org/Org.OData.Core.V1.xml">'
    '<edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference>'
    "<edmx:DataServices>"
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
    '<EntityType Name="crmbaseentity" Abstract="true"/>'
    '<EntityType Name="principal" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="ownerid"/></Key>'
    '<Property Name="ownerid" Type="Edm.Guid"/></EntityType>'
    '<ComplexType Name="BooleanManagedProperty"><Property Name="Value" Type="Edm.Boolean"/>'
    '<Property Name="CanBeChanged" Type="Edm.Boolean"/><Property Name="ManagedPropertyLogicalName" Type="Edm.String"/></ComplexType>'
    '<EnumType Name="EndpointAccessType"><Member Name="Default" Value="0"/><Member Name="Internet" Value="1"/>'
    '<Member Name="Intranet" Value="2"/></EnumType>'
    '<EnumType Name="PrivilegeDepth"><Member Name="Basic" Value="0"/><Member Name="Local" Value="1"/><Member Name="Deep" Value="2"/>'
    '<Member Name="Global" Value="3"/></EnumType>'
    '<ComplexType Name="RolePrivilege" OpenType="true"><Property Name="Depth" Type="mscrm.PrivilegeDepth"/>'
    '<Property Name="PrivilegeId" Type="Edm.Guid"/><Property Name="BusinessUnitId" Type="Edm.Guid"/>'
    '<Property Name="PrivilegeName" Type="Edm.String"/></ComplexType>'
    '<ComplexType Name="PagingInfo" OpenType="true"><Property Name="PageNumber" Type="Edm.Int32"/><Property Name="Count" Type="Edm.Int32"/>'
    '<Property Name="ReturnTotalRecordCount" Type="Edm.Boolean"/><Property Name="PagingCookie" Type="Edm.String"/></ComplexType>'
    '<ComplexType Name="AuditDetail" OpenType="true"/>'
    '<ComplexType Name="AuditDetailCollection" OpenType="true"><Property Name="MoreRecords" Type="Edm.Boolean"/>'
    '<Property Name="PagingCookie" Type="Edm.String"/><Property Name="TotalRecordCount" Type="Edm.Int32"/>'
    '<Property Name="AuditDetails" Type="Collection(mscrm.AuditDetail)"/></ComplexType>'
)
_READ_ONLY = (
    '<Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/>'
    '<Annotation Term="Org.OData.Core.V1.Permissions"><EnumMember>Org.OData.Core.V1.PermissionType/Read</EnumMember></Annotation>'
)


def metadata_document(model: Model, operations: Iterable[Operation], *, annotated: bool = False) -> str:
    """The whole document; with `annotated` also what cannot be written, what columns are called, and the alternate keys.

    A function whose result the domain does not describe has an open type as its result.
    """
    shapes = list(model.shapes.values())
    known = list(operations)
    types = "".join(_entity_type(shape, model, annotated=annotated) for shape in shapes)
    described = {operation.name: operation.returns for operation in known if _has_result(operation)}
    results = "".join(_result_type(name, returns) for name, returns in described.items())
    declared = "".join(_operation(operation, model) for operation in known)
    sets = "".join(f'<EntitySet Name={quoteattr(s.table.entity_set)} EntityType="mscrm.{s.name}"/>' for s in shapes)
    imports = "".join(f'<{o.kind.title()}Import Name="{o.name}" {o.kind.title()}="mscrm.{o.name}"/>' for o in known if o.bound_to is None)
    container = f'<EntityContainer Name="System">{sets}{imports}</EntityContainer>'
    return f"{_OPENING}{types}{results}{declared}{container}</Schema></edmx:DataServices></edmx:Edmx>"


def _entity_type(shape: Shape, model: Model, *, annotated: bool) -> str:
    properties = "".join(_property(name, column, annotated=annotated) for name, column in shape.properties.items())
    steps = "".join(_step(step, shape, model) for step in shape.navigations.values())
    collections = "".join(_collection(collection, shape, model) for collection in shape.collections.values())
    is_principal = shape.name in PRINCIPALS
    base = "principal" if is_principal else "crmbaseentity"
    key = "" if is_principal else f'<Key><PropertyRef Name="{shape.table.primary_id}"/></Key>'
    inside = f"{key}{properties}{steps}{collections}{_keys(shape) if annotated else ''}"
    return f'<EntityType Name="{shape.name}" BaseType="mscrm.{base}">{inside}</EntityType>'


def _property(name: str, column: Column, *, annotated: bool) -> str:
    opening = f'<Property Name={quoteattr(name)} Type="{EDM[column.type].replace("Microsoft.Dynamics.CRM", "mscrm")}"'
    if not annotated:
        return f"{opening}/>"
    description = f'<Annotation Term="Org.OData.Core.V1.Description" String={quoteattr(column.label or name)}/>'
    # The id of a lookup is only read: it is written through the navigation property.
    return f"{opening}>{description}{_READ_ONLY if column.read_only or column.type in LOOKUPS else ''}</Property>"


def _step(step: Navigation, shape: Shape, model: Model) -> str:
    if len(step.targets) > 1:
        type_name, id, partner = "principal", "ownerid", ""
    elif step.targets[0] in model.shapes:
        target = model.shapes[step.targets[0]]
        type_name, id = target.name, target.table.primary_id
        partner = _partner(_collection_of(step, shape, target))
    else:
        return ""
    constraint = f'<ReferentialConstraint Property={quoteattr(step.stored)} ReferencedProperty="{id}"/>'
    return f'<NavigationProperty Name={quoteattr(step.name)} Type="mscrm.{type_name}"{partner}>{constraint}</NavigationProperty>'


def _collection_of(step: Navigation, shape: Shape, target: Shape) -> str | None:
    name = dict(zip(step.column.targets, step.column.collections, strict=False)).get(target.name)
    return name if name in target.collections and target.collections[name].target == shape.name else None


def _collection(collection: Collection, shape: Shape, model: Model) -> str:
    partner: str | None = collection.name
    if collection.intersect is None:
        back = model.shapes[collection.target].properties[collection.back]
        partner = back.navigation_to(shape.name)
    return f'<NavigationProperty Name={quoteattr(collection.name)} Type="Collection(mscrm.{collection.target})"{_partner(partner)}/>'


def _partner(name: str | None) -> str:
    return f" Partner={quoteattr(name)}" if name else ""


def _keys(shape: Shape) -> str:
    records = []
    for columns in shape.table.keys:
        names = [f"_{name}_value" if f"_{name}_value" in shape.properties else name for name in columns]
        parts = "".join(
            '<Record Type="OData.Community.Keys.V1.PropertyRef">'
            f'<PropertyValue Property="Alias" String={quoteattr(name)}/><PropertyValue Property="Name" PropertyPath={quoteattr(name)}/>'
            "</Record>"
            for name in names
        )
        key = f'<PropertyValue Property="Key"><Collection>{parts}</Collection></PropertyValue>'
        records.append(f'<Record Type="OData.Community.Keys.V1.AlternateKey">{key}</Record>')
    term = "OData.Community.Keys.V1.AlternateKeys"
    return f'<Annotation Term="{term}"><Collection>{"".join(records)}</Collection></Annotation>' if records else ""


def _has_result(operation: Operation) -> bool:
    return (operation.kind == "function" and not operation.composable_rows) or bool(operation.returns)


def _result_type(name: str, returns: Mapping[str, str]) -> str:
    if not returns:
        return f'<ComplexType Name="{name}Response" OpenType="true"/>'
    properties = "".join(f'<Property Name="{property}" Type="{kind}"/>' for property, kind in returns.items())
    return f'<ComplexType Name="{name}Response">{properties}</ComplexType>'


def _operation(operation: Operation, model: Model) -> str:
    tag = operation.kind.title()
    shape = model.sets.get(operation.bound_to or "")
    parameter, bound, returned = "", "", ""
    if shape is not None:
        of_set = operation.bound_to_collection
        type_name = f"Collection(mscrm.{shape.name})" if of_set else f"mscrm.{shape.name}"
        parameter = f'<Parameter Name="{"entityset" if of_set else "entity"}" Type="{type_name}" Nullable="false"/>'
        bound = ' IsBound="true"'
        if operation.composable_rows:
            returned = f'<ReturnType Type="{type_name}"/>'
    if _has_result(operation):
        returned = f'<ReturnType Type="mscrm.{operation.name}Response" Nullable="false"/>'
    parameters = "".join(f'<Parameter Name="{name}" Type="{kind}" Nullable="false"/>' for name, kind in operation.parameters.items())
    return f'<{tag} Name="{operation.name}"{bound}>{parameter}{parameters}{returned}</{tag}>'
