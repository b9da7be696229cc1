"""Turns an HTTP request for the settings page into what was asked, and by whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, unquote

PERSON_COOKIE = "person"
ASSETS = {
    "/assets/face.css": "text/css; charset=utf-8",
    "/assets/face.js": "text/javascript; charset=utf-8",
    "/assets/face.svg": "image/svg+xml",
}
MAX_FORM = 1_000_000
"""Bytes of a form that is read at all: a hundred times what the largest page sends."""
_MAX_FIELDS = 2_000
_PAGE = re.compile(r"/(?P<organization>[^/]+)/settings(?:/(?P<page>[a-z-]+)(?:/(?P<about>[a-z0-9-]+))?)?/?")

Form = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Visit:
    """`organization` None is the list of organizations. `person` is the full name that the browser was told to remember."""

    method: str
    organization: str | None
    page: str
    about: str
    query: Form
    form: Form
    person: str | None


def is_page(path: str) -> bool:
    """Whether a raw path (still percent-encoded, without query) belongs to the settings page."""
    return path == "/" or path in ASSETS or _PAGE.fullmatch(path) is not None


def visit_of(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Visit:
    """Reads a request for a page (`is_page`, not an asset). Header names are lower case. ValueError: the form cannot be read."""
    if len(body) > MAX_FORM:
        raise ValueError("The form is too large.")
    found = _PAGE.fullmatch(path)
    return Visit(
        method="GET" if method == "HEAD" else method,
        organization=unquote(found["organization"]) if found else None,
        page=(found["page"] or "") if found else "",
        about=(found["about"] or "") if found else "",
        query=_fields(query),
        form=_fields(body.decode("utf-8", "replace")) if method == "POST" else {},
        person=_person(headers.get("cookie", "")),
    )


def _fields(text: str) -> Form:
    found = parse_qs(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    return {name: tuple(values) for name, values in found.items()}


def _person(header: str) -> str | None:
    cookie: SimpleCookie = SimpleCookie()
    try:
        cookie.load(header)
    except CookieError:
        return None
    return unquote(cookie[PERSON_COOKIE].value)[:200] if PERSON_COOKIE in cookie else None
