"""Turns what the embedded Dataverse says about itself into the generated parts of its documentation. Reads the page."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from reconciler.catalog.register import CATALOG
from reconciler.emulator import not_emulated
from reconciler.emulator.context import Domain, Operation
from reconciler.emulator.control.handlers import HANDLERS
from reconciler.emulator.domain import build_domain
from reconciler.emulator.fidelity.behaviour import AREAS, MEANINGS
from reconciler.emulator.fidelity.book import BEHAVIOURS

PAGE = Path("docs") / "emulator.md"
_PART = re.compile(r"(<!-- generated: (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page_text(page: str) -> str:
    """The page with everything between `<!-- generated: NAME -->` and `<!-- end -->` written anew. KeyError: no such part."""
    domain = build_domain(CATALOG, None)
    parts = {
        "behaviours": behaviours(),
        "operations": operations(domain),
        "tables": tables(domain),
        "control requests": control_requests(),
        "not emulated": refusals(),
    }
    return _PART.sub(lambda found: f"{found[1]}{parts[found['name']]}\n{found[3]}", page)


def behaviours() -> str:
    """One table row a behaviour, by area."""
    rows = [row for area in AREAS for row in BEHAVIOURS if row.area == area]
    said = [f"*{ground}*: {meaning}." for ground, meaning in MEANINGS.items()]
    lines = ["| area | behaviour | rests on |", "|---|---|---|"]
    lines += [f"| {row.area} | {row.text} | {f'[{row.rests_on}]({row.source})' if row.source else row.rests_on} |" for row in rows]
    return "\n".join([*said, "", *lines])


def operations(domain: Domain) -> str:
    """One line a function or action, with what it is bound to."""
    found = sorted(domain.operations.values(), key=lambda operation: (operation.name.lower(), operation.path))
    return "\n".join(f"- `{operation.name}`, {_bound(operation)}" for operation in found)


def _bound(operation: Operation) -> str:
    if operation.bound_to is None:
        return operation.kind
    return f"{operation.kind} bound to {'the collection' if operation.bound_to_collection else 'a row'} of `{operation.bound_to}`"


def tables(domain: Domain) -> str:
    """The entity sets, in one paragraph."""
    return " ".join(f"`{name}`" for name in sorted(table.entity_set for table in domain.tables.values()))


def control_requests() -> str:
    """One table row a control request: what its handler says of itself."""
    lines = ["| request | does |", "|---|---|"]
    for (method, name), handler in sorted(HANDLERS.items(), key=lambda entry: (entry[0][1], entry[0][0])):
        said = " ".join((inspect.getdoc(handler) or "").split())
        lines.append(f"| `{method} {name}` | {said.replace('|', '&#124;')} |")
    return "\n".join(lines)


def refusals() -> str:
    """What is refused by name."""
    lines = [
        f"- functions and actions: {_names(sorted(not_emulated.OPERATIONS))}",
        f"- resources: {_names(sorted(not_emulated.RESOURCES))}",
        f"- query options: {_names(not_emulated.QUERY_OPTIONS)}",
        *(f"- {words}" for words in not_emulated.FURTHER),
    ]
    return "\n".join(lines)


def _names(names: tuple[str, ...] | list[str]) -> str:
    return " ".join(f"`{name}`" for name in names) or "none"
