"""Turns FetchXML into a query as a value, or says what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

from reconciler.emulator.context import DataverseError
from reconciler.emulator.errors import bad_request, not_emulated
from reconciler.emulator.fetch.model import Aggregate, Attribute, Condition, Entity, Fetch, Filter, Order
from reconciler.emulator.fetch.xml_reading import Element, read_xml

MAX_COUNT = 5_000
_MAX_LINKS = 15
_AGGREGATES = get_args(Aggregate)
_FETCH_ATTRIBUTES = """
    aggregate aggregatelimit count distinct latematerialize mapping min-active-row-version no-lock options output-format page
    paging-cookie returntotalrecordcount top useraworderby utc-offset version
"""
_FETCH = frozenset(_FETCH_ATTRIBUTES.split())
_LINKS: dict[str, Literal["inner", "outer", "exists"]] = {"inner": "inner", "outer": "outer", "exists": "exists", "in": "exists"}
_LINKS_NOT_EMULATED = frozenset({"matchfirstrowusingcrossapply", "any", "not any", "all", "not all"})


def parse_fetch(text: str) -> Fetch:
    """The query that FetchXML describes. 400 for what the service refuses, 501 by name for what is not emulated."""
    root = read_xml(text, "The FetchXML query")
    if root.name != "fetch":
        raise _malformed(f"the root element is <{root.name}>, not <fetch>")
    given = root.attributes
    _known(root, _FETCH, not_emulated_names=frozenset({"datasource"}))
    if len(root.children) != 1 or root.children[0].name != "entity":
        raise _malformed("<fetch> holds one <entity>")
    aggregate = _flag(given, "aggregate")
    reader = _Reader(aggregate)
    top, count, page = (_number(given, name) for name in ("top", "count", "page"))
    if top is not None and (count is not None or page is not None or _flag(given, "returntotalrecordcount")):
        raise bad_request("The top attribute can't be specified with paging attribute page", "0x80044320")
    for name, number in (("top", top), ("count", count)):
        if number is not None and number > MAX_COUNT:
            raise bad_request(f"The value of {name} is greater than {MAX_COUNT}.", "0x80040203")
    if "paging-cookie" in given:
        _check_cookie(given["paging-cookie"])
    return Fetch(
        reader.entity(root.children[0]),
        top=top,
        count=count or None,
        page=page or 1,
        distinct=_flag(given, "distinct"),
        total=_flag(given, "returntotalrecordcount"),
        aggregate=aggregate,
        limit=_number(given, "aggregatelimit"),
    )


class _Reader:
    def __init__(self, aggregate: bool) -> None:
        self._aggregate = aggregate
        self._links = 0

    def entity(self, element: Element) -> Entity:
        """An <entity> or <link-entity> with what stands in it."""
        is_link = element.name == "link-entity"
        names = {"name", "enableprefiltering", "prefilterparametername"}
        _known(element, names | {"alias", "from", "to", "link-type", "intersect", "visible"} if is_link else names)
        attributes: list[Attribute] | None = []
        orders, filters, links = [], [], []
        for child in element.children:
            if child.name == "all-attributes":
                attributes = None
            elif child.name == "attribute":
                attribute = self._attribute(child)
                if attributes is not None:
                    attributes.append(attribute)
            elif child.name == "order":
                orders.append(_order(child))
            elif child.name == "filter":
                filters.append(_filter(child))
            elif child.name == "link-entity":
                links.append(self._link(child))
            else:
                raise _malformed(f"<{child.name}> cannot stand in <{element.name}>")
        if not attributes and not is_link and not self._aggregate:
            attributes = None
        return Entity(
            name=_required(element, "name"),
            attributes=None if attributes is None else tuple(attributes),
            orders=tuple(orders),
            filters=tuple(filters),
            links=tuple(links),
        )

    def _link(self, element: Element) -> Entity:
        self._links += 1
        if self._links > _MAX_LINKS:
            raise DataverseError(400, "0x8004430d", "Number of link entities in query exceeded maximum limit.")
        kind = element.attributes.get("link-type", "inner")
        if kind in _LINKS_NOT_EMULATED:
            raise not_emulated(f"the link-type '{kind}'")
        if kind not in _LINKS:
            raise _malformed(f"'{kind}' is no link-type")
        number = self._links
        inner = self.entity(element)
        return Entity(
            name=inner.name,
            alias=element.attributes.get("alias") or f"{inner.name}{number}",
            attributes=inner.attributes,
            orders=inner.orders,
            filters=inner.filters,
            links=inner.links,
            own=_required(element, "from"),
            origin=_required(element, "to"),
            link=_LINKS[kind],
        )

    def _attribute(self, element: Element) -> Attribute:
        _known(element, frozenset({"name", "alias", "aggregate", "groupby", "distinct", "usertimezone", "dategrouping", "rowaggregate"}))
        given = element.attributes
        for name in ("dategrouping", "rowaggregate"):
            if name in given:
                raise not_emulated(f"the attribute '{name}' of FetchXML")
        aggregate = given.get("aggregate")
        chosen: Aggregate | None = next((known for known in _AGGREGATES if known == aggregate), None)
        if aggregate is not None and chosen is None:
            raise _malformed(f"'{aggregate}' is no aggregate")
        grouped = _flag(given, "groupby")
        if self._aggregate != (chosen is not None or grouped):
            raise _malformed("an aggregate query, and no other, gives each attribute an aggregate or groupby")
        if self._aggregate and not given.get("alias"):
            raise _malformed("each attribute of an aggregate query needs an alias")
        return Attribute(_required(element, "name"), given.get("alias", ""), chosen, grouped, _flag(given, "distinct"))


def _order(element: Element) -> Order:
    _known(element, frozenset({"attribute", "alias", "descending", "entityname"}))
    given = element.attributes
    if bool(given.get("attribute")) == bool(given.get("alias")):
        raise _malformed("<order> has either an attribute or an alias")
    return Order(given.get("attribute", ""), given.get("alias", ""), _flag(given, "descending"), given.get("entityname", ""))


def _filter(element: Element) -> Filter:
    _known(element, frozenset({"type", "hint", "isquickfindfields", "overridequickfindrecordlimitenabled"}))
    kind = element.attributes.get("type", "and")
    if kind not in ("and", "or"):
        raise _malformed(f"'{kind}' is no type of a filter")
    parts: list[Condition | Filter] = []
    for child in element.children:
        if child.name == "filter":
            parts.append(_filter(child))
        elif child.name == "condition":
            parts.append(_condition(child))
        elif child.name == "link-entity":
            raise not_emulated("<link-entity> inside <filter>")
        else:
            raise _malformed(f"<{child.name}> cannot stand in <filter>")
    return Filter("or" if kind == "or" else "and", tuple(parts))


def _condition(element: Element) -> Condition:
    _known(element, frozenset({"attribute", "operator", "value", "entityname", "valueof", "uiname", "uitype", "uihidden", "column"}))
    given = element.attributes
    if any(child.name != "value" for child in element.children):
        raise _malformed("only <value> can stand in <condition>")
    listed = tuple(child.text for child in element.children)
    values = (given["value"],) if "value" in given else listed
    if given.get("operator") in ("in", "not-in") and "value" in given:
        values = tuple(part.strip() for part in given["value"].split(","))
    return Condition(
        _required(element, "attribute"), _required(element, "operator"), values, given.get("entityname", ""), given.get("valueof", "")
    )


def _check_cookie(text: str) -> None:
    try:
        cookie = read_xml(text, "The paging cookie")
    except DataverseError:
        cookie = Element("", {})
    if cookie.name != "cookie":
        raise bad_request("Malformed XML in the Paging Cookie")


def _known(element: Element, names: frozenset[str] | set[str], not_emulated_names: frozenset[str] = frozenset()) -> None:
    for name in element.attributes:
        if name in not_emulated_names:
            raise not_emulated(f"the attribute '{name}' of FetchXML")
        if name not in names:
            raise _malformed(f"<{element.name}> has no attribute '{name}'")


def _required(element: Element, name: str) -> str:
    value = element.attributes.get(name, "")
    if not value:
        raise _malformed(f"<{element.name}> needs the attribute '{name}'")
    return value


def _flag(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "false").lower()
    if text not in ("true", "false", "1", "0"):
        raise _malformed(f"'{text}' of '{name}' is neither true nor false")
    return text in ("true", "1")


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text):
        raise _malformed(f"'{text}' of '{name}' is no positive number")
    return int(text)


def _malformed(why: str) -> DataverseError:
    return bad_request(f"Malformed FetchXML query: {why}.", "0x80041110")
