"""Turns the settings of a tree into desired settings, those included that follow from the master switch. Pure."""

from __future__ import annotations

from reconciler.catalog.book import Catalog
from reconciler.catalog.kind import Field, Kind
from reconciler.catalog.types import Choice, FieldType, Flag, RoleSet, TemplateRef, Whole
from reconciler.desired.tree import Entry, Items, Mapping, Node, Path, Scalar, key_at
from reconciler.model.desired import DesiredSetting, DesiredValue, Selector
from reconciler.model.source import Origin


def path_of(kind: Kind, field: Field) -> Path:
    """Where the field stands in a file."""
    return (*kind.section, *field.name.split("."))


def masters(catalog: Catalog, root: Mapping) -> tuple[tuple[Path, Entry], ...]:
    """The words that only imply others, where they are written."""
    paths = (path_of(kind, field) for kind, field in catalog.fields() if field.binding is None)
    return tuple((path, entry) for path in paths if (entry := key_at(root, path)) is not None)


def desired_settings(root: Mapping, catalog: Catalog) -> tuple[DesiredSetting, ...]:
    """Every field that is written or implied, in the order of the file format. The tree has the structure of its schema."""
    implied = masters(catalog, root)
    settings: list[DesiredSetting] = []
    for kind, field in catalog.fields():
        if field.binding is None:
            continue
        entry = key_at(root, path_of(kind, field)) if field.in_file else None
        if entry is not None:
            settings.append(DesiredSetting(kind.name, field.name, canonical(field.type, entry.node), Origin(entry.place.span)))
        elif field.implied_by is not None:
            settings += [_implied(kind, field, path, master) for path, master in implied if _reaches(field, path, kind, master)]
    return tuple(settings)


def _reaches(field: Field, master_path: Path, kind: Kind, master: Entry) -> bool:
    below = kind.section[: len(master_path) - 1] == master_path[:-1]
    return below and (field.implied_by == "both" or is_true(master.node))


def _implied(kind: Kind, field: Field, path: Path, master: Entry) -> DesiredSetting:
    because = "implied by " + ".".join(str(step) for step in path)
    return DesiredSetting(kind.name, field.name, is_true(master.node), Origin(master.place.span, because))


def is_true(node: Node | None) -> bool:
    """Whether the node is the word `true`."""
    return isinstance(node, Scalar) and node.value is True


def canonical(kind: FieldType, node: Node) -> DesiredValue:
    """The value as the planner compares it."""
    match kind:
        case Flag():
            return is_true(node)
        case Whole():
            assert isinstance(node, Scalar)
            assert isinstance(node.value, int | float)
            return int(node.value)
        case Choice():
            assert isinstance(node, Scalar)
            return str(node.value)
        case RoleSet():
            assert isinstance(node, Items)
            return tuple(selector(item) for item in node.items)
        case TemplateRef():
            return selector(node)


def selector(node: Node) -> Selector:
    """A name, or a mapping of one key that says by what the row is named instead. Ids are lower-case."""
    if isinstance(node, Scalar):
        return Selector("name", str(node.value), node.place.span)
    assert isinstance(node, Mapping)
    ((by, entry),) = node.entries.items()
    assert isinstance(entry.node, Scalar)
    value = str(entry.node.value)
    match by:
        case "id":
            return Selector("id", value.lower(), node.place.span)
        case "template":
            return Selector("template", value, node.place.span)
        case _:
            return Selector("standard", value, node.place.span)
