"""What the catalogue forbids across several settings, and what will not work although it may be written. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.catalog.book import Catalog
from reconciler.catalog.locations import AS_OF, LOCATIONS, geography
from reconciler.catalog.types import RoleSet
from reconciler.desired.codes import finding
from reconciler.desired.envelope import EnvironmentPart
from reconciler.desired.host import belongs_to, loopback_host
from reconciler.desired.settings import is_true, masters, path_of, selector
from reconciler.desired.tree import Items, Mapping, Scalar, entry_at, key_at
from reconciler.model.diagnostic import Diagnostic


def setting_problems(root: Mapping, catalog: Catalog) -> Iterator[Diagnostic]:
    """Settings that contradict each other. The tree has the structure of its schema."""
    yield from _ascending(root, catalog)
    yield from _features_without_master(root, catalog)
    yield from _roles_named_twice(root, catalog)


def _ascending(root: Mapping, catalog: Catalog) -> Iterator[Diagnostic]:
    for kind in catalog.kinds:
        for rule in kind.rules:
            lower = key_at(root, (*kind.section, *rule.lower.split(".")))
            higher = key_at(root, (*kind.section, *rule.higher.split(".")))
            if lower is None or higher is None:
                continue
            assert isinstance(lower.node, Scalar)
            assert isinstance(higher.node, Scalar)
            low, high = lower.node.value, higher.node.value
            if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
                said = f"`{lower.key}` is {low}, but must be lower than `{higher.key}`, which is {high}"
                where = higher.place.span
                yield finding("not-ascending", said, lower.node.place, f"`{higher.key}` stands in {where.file}:{where.line}")


def _features_without_master(root: Mapping, catalog: Catalog) -> Iterator[Diagnostic]:
    for path, master in masters(catalog, root):
        if is_true(master.node):
            continue
        for kind, field in catalog.fields():
            entry = key_at(root, path_of(kind, field))
            if field.phase == "on" and kind.section[: len(path) - 1] == path[:-1] and entry is not None and is_true(entry.node):
                name, switch = (".".join(str(step) for step in steps) for steps in (path_of(kind, field), path))
                said = f"`{name}` is true, but `{switch}` is false"
                where = master.place.span
                hint = f"`{switch}` stands in {where.file}:{where.line}; make both say the same"
                yield finding("feature-without-master", said, entry.node.place, hint)


def _roles_named_twice(root: Mapping, catalog: Catalog) -> Iterator[Diagnostic]:
    for kind, field in catalog.fields():
        entry = key_at(root, path_of(kind, field)) if isinstance(field.type, RoleSet) else None
        if entry is None or not isinstance(entry.node, Items):
            continue
        seen: set[tuple[str, str]] = set()
        for item in entry.node.items:
            role = selector(item)
            if (role.by, role.value) in seen:
                yield finding("duplicate-role", f"the role `{role}` is named twice", item.place, "keep it once")
            seen.add((role.by, role.value))


def warnings(root: Mapping, part: EnvironmentPart, catalog: Catalog) -> Iterator[Diagnostic]:
    """What is allowed and will not do what its author expects."""
    yield from _foreign_host(root, part)
    location = part.attestations.exchange_data_location
    if location is not None and geography(location.country) is None:
        listed = ", ".join(country for _, countries in LOCATIONS for country in countries)
        said = f"Exchange data kept in {location.country} cannot be used for insights; the features work on Dynamics 365 data alone"
        _, place = entry_at(root, ("attestations", "exchangeDataLocation", "country"))
        yield finding("location-unsupported", said, place, f"supported as of {AS_OF}: {listed}")
    for index, form in enumerate(part.forms):
        for position, widget in enumerate(form.widgets):
            tables = catalog.widget(widget.widget).tables
            if form.table not in tables:
                _, place = entry_at(root, ("forms", index, "widgets", position, "widget"))
                said = f"`{widget.widget}` is not made for forms of `{form.table}`"
                yield finding("widget-not-for-table", said, place, f"it is for {', '.join(tables)}; a plan will object")


def _foreign_host(root: Mapping, part: EnvironmentPart) -> Iterator[Diagnostic]:
    connection = part.connection
    if connection.url is None or belongs_to(connection.url, connection.cloud):
        return
    _, place = entry_at(root, ("connection", "url"))
    here = loopback_host(connection.url)
    if here is None:
        said, hint = f"the host is not one of the cloud `{connection.cloud}`", "set `cloud`, or allow the host when connecting"
        yield finding("foreign-host", said, place, f"{hint}: --allow-host HOST")
    else:
        said = f"the host is this machine, and not one of the cloud `{connection.cloud}`"
        yield finding("foreign-host", said, place, f"plan and apply refuse it without --allow-host {here}")
