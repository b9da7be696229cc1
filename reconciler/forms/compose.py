"""Turns widgets into the text of new elements, laid out like their neighbours. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.forms.splice import quoted
from reconciler.forms.tree import Element

FORM_FACTORS = {"web": 2, "phone": 0, "tablet": 1}
"""In the order in which the designer writes them for controls that are not bound to a column."""

HOST_CLASS_ID = "{F9A8A302-114E-466A-B582-6771B2AE0D92}"


@dataclass(frozen=True, slots=True)
class Part:
    """A new element, or with `raw` one that is taken over as it is."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Part, ...] = ()
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """White space before an element, and by how much its children are indented further. Both empty: all on one line."""

    lead: str
    step: str

    @property
    def inner(self) -> Layout:
        """The layout of the children: a line each, whatever blank lines stand before the element."""
        if not self.step:
            return Layout("", "")
        newline = "\r\n" if "\r\n" in self.lead else "\n"
        return Layout(newline + _indent(self.lead) + self.step, self.step)

    @property
    def closing(self) -> str:
        """White space before the end tag of an element that has children."""
        return self.inner.lead.removesuffix(self.step) if self.step else ""


def layout_in(container: Element) -> Layout:
    """How a further child of that element is laid out: like its first child, else one step deeper than itself."""
    if container.children:
        lead = container.children[0].lead
        return Layout(lead, _step(_indent(container.lead), _indent(lead)) if "\n" in lead else "")
    return layout_of(container).inner


def layout_of(element: Element) -> Layout:
    """How the element itself is laid out."""
    lead = element.lead if element.parent is not None else ""
    if "\n" not in lead:
        return Layout(lead, "")
    above = element.parent.lead if element.parent is not None else ""
    return Layout(lead, _step(_indent(above), _indent(lead)))


def _indent(lead: str) -> str:
    return lead.rpartition("\n")[2] if "\n" in lead else ""


def _step(above: str, below: str) -> str:
    return below[len(above) :] if below.startswith(above) and len(below) > len(above) else "  "


def render(part: Part, layout: Layout) -> str:
    """The text of the element, with the white space before it."""
    if part.raw is not None:
        return layout.lead + part.raw
    head = "".join([part.tag, *(f" {name}={quoted(value)}" for name, value in part.attributes)])
    if not part.children:
        return f"{layout.lead}<{head} />"
    inner = layout.inner
    content = "".join(render(child, inner) for child in part.children)
    return f"{layout.lead}<{head}>{content}{layout.closing}</{part.tag}>"


def labels(text: str, language: int) -> Part:
    """Labels in one language; the service drops the others."""
    return Part("labels", (), (Part("label", (("description", text), ("languagecode", str(language)))),))


def section(identifier: str, name: str, label: str, language: int, *, shown: bool, rows: Sequence[Part]) -> Part:
    """A section of our own with those rows. Its heading is shown; the cell's label is only for scripts and screen readers."""
    attributes = [
        ("name", name),
        ("id", identifier),
        ("IsUserDefined", "0"),
        ("locklevel", "0"),
        ("showlabel", "true"),
        ("showbar", "false"),
    ]
    attributes += [
        ("layout", "varwidth"),
        ("celllabelalignment", "Left"),
        ("celllabelposition", "Left"),
        ("columns", "1"),
        ("labelwidth", "115"),
    ]
    if not shown:
        attributes.append(("visible", "false"))
    return Part("section", tuple(attributes), (labels(label, language), Part("rows", (), tuple(rows))))


def rows_of(cell: Part, height: int) -> tuple[Part, ...]:
    """The row that holds the cell and the empty rows over which it extends."""
    return (Part("row", (), (cell,)), *padding(height))


def padding(height: int) -> tuple[Part, ...]:
    """The empty rows after a cell of that height."""
    return (Part("row"),) * (height - 1)


def cell(ids: Mapping[str, str], label: str, language: int, height: int) -> Part:
    """A cell with the widget's control. `ids` holds those of the cell, the control's link and the control itself."""
    control = Part(
        "control",
        (
            ("id", ids["name"]),
            ("classid", HOST_CLASS_ID),
            ("isunbound", "true"),
            ("isrequired", "false"),
            ("uniqueid", ids["control"]),
        ),
    )
    attributes = (("locklevel", "0"), ("id", ids["cell"]), ("showlabel", "false"), ("colspan", "1"), ("rowspan", str(height)))
    return Part("cell", attributes, (labels(label, language), control))


def description(link: str, control: str, form_factors: Sequence[str]) -> Part:
    """The control description that makes the control what it is on each form factor."""
    asked = [code for name, code in FORM_FACTORS.items() if name in form_factors]
    parts = (custom_control(str(code), control, Part("parameters")) for code in asked)
    return Part("controlDescription", (("forControl", link),), tuple(parts))


def custom_control(form_factor: str, name: str, parameters: Part) -> Part:
    """The custom control that a description names for one form factor."""
    return Part("customControl", (("formFactor", form_factor), ("name", name)), (parameters,))
