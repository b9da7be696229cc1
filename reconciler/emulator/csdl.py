"""Turns the tables and operations into $metadata: a CSDL document. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from reconciler.emulator.context import Operation
from reconciler.emulator.shapes import Model, Shape
from reconciler.emulator.values import EDM

_OPENING = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
    '<EntityType Name="crmbaseentity" Abstract="true"/>'
    '<EntityType Name="principal" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="ownerid"/></Key>'
    '<Property Name="ownerid" Type="Edm.Guid"/></EntityType>'
    '<ComplexType Name="BooleanManagedProperty"><Property Name="Value" Type="Edm.Boolean"/>'
    '<Property Name="CanBeChanged" Type="Edm.Boolean"/><Property Name="ManagedPropertyLogicalName" Type="Edm.String"/></ComplexType>'
)


def metadata_document(model: Model, operations: Iterable[Operation]) -> str:
    """The whole document. Parameters of operations are not described, for the domain does not describe them either."""
    shapes = list(model.shapes.values())
    known = list(operations)
    types = "".join(_entity_type(shape, model) for shape in shapes)
    declared = "".join(_operation(operation, model) for operation in known)
    sets = "".join(f'<EntitySet Name={quoteattr(s.table.entity_set)} EntityType="mscrm.{s.name}"/>' for s in shapes)
    imports = "".join(f'<{o.kind.title()}Import Name="{o.name}" {o.kind.title()}="mscrm.{o.name}"/>' for o in known if o.bound_to is None)
    container = f'<EntityContainer Name="System">{sets}{imports}</EntityContainer>'
    return f"{_OPENING}{types}{declared}{container}</Schema></edmx:DataServices></edmx:Edmx>"


def _entity_type(shape: Shape, model: Model) -> str:
    properties = "".join(
        f'<Property Name={quoteattr(name)} Type="{EDM[column.type].replace("Microsoft.Dynamics.CRM", "mscrm")}"/>'
        for name, column in shape.properties.items()
    )
    steps = []
    for step in shape.navigations.values():
        if len(step.targets) > 1:
            steps.append(f'<NavigationProperty Name={quoteattr(step.name)} Type="mscrm.principal"/>')
        elif step.targets[0] in model.shapes:
            target = model.shapes[step.targets[0]]
            steps.append(
                f'<NavigationProperty Name={quoteattr(step.name)} Type="mscrm.{target.name}">'
                f'<ReferentialConstraint Property={quoteattr(step.stored)} ReferencedProperty="{target.table.primary_id}"/>'
                "</NavigationProperty>"
            )
    collections = "".join(
        f'<NavigationProperty Name={quoteattr(c.name)} Type="Collection(mscrm.{c.target})"/>' for c in shape.collections.values()
    )
    key = f'<Key><PropertyRef Name="{shape.table.primary_id}"/></Key>'
    return f'<EntityType Name="{shape.name}" BaseType="mscrm.crmbaseentity">{key}{properties}{"".join(steps)}{collections}</EntityType>'


def _operation(operation: Operation, model: Model) -> str:
    tag = operation.kind.title()
    shape = model.sets.get(operation.bound_to or "")
    parameter, bound = "", ""
    returned = ""
    if shape is not None:
        type_name = f"Collection(mscrm.{shape.name})" if operation.bound_to_collection else f"mscrm.{shape.name}"
        parameter = f'<Parameter Name="entity" Type="{type_name}" Nullable="false"/>'
        bound = ' IsBound="true"'
        if operation.composable_rows:
            returned = f'<ReturnType Type="{type_name}"/>'
    if operation.kind == "function" and not returned:
        returned = '<ReturnType Type="mscrm.crmbaseentity"/>'
    return f'<{tag} Name="{operation.name}"{bound}>{parameter}{returned}</{tag}>'
