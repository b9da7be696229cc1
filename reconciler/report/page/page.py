"""Turns values into the text of one HTML page, every text in it visible and escaped. Its templates are read like its modules. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from reconciler.model.words import step_title
from reconciler.report.escape import escape, escape_lines
from reconciler.report.markup import shortened
from reconciler.report.page.consent import window_of
from reconciler.report.page.fleet import people_line
from reconciler.report.page.links import is_known, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from markupsafe import Markup

_CODE = re.compile(r"`([^`]+)`")
LONGEST = 2_000
"""Characters of one text that are shown; the middle of a longer one is left out, and that is said."""


def page(template: str, **view: Any) -> str:
    """The whole page. Same values, same bytes."""
    templates = _templates()
    style = templates.get_template("page.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # No script, no address of anything outside; the digest is that of the one style sheet in the page.
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return templates.get_template(template).render(style=style, policy=policy, **view).rstrip()


@cache
def _templates() -> Environment:
    # Imported here: most runs make no page.
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
    from markupsafe import Markup

    templates = Environment(
        loader=PackageLoader("reconciler.report.page"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every expression of every template passes here, so that none can forget it.
        finalize=lambda value: escape(shortened(value, LONGEST)) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    filters: dict[str, Callable[[Any], Any]] = {
        "linked": _linked,
        # What is marked as safe here was escaped right here, or is nothing but letters and digits.
        "lines": lambda text: Markup(html.escape(escape_lines(shortened(text, 20 * LONGEST)))),  # noqa: S704
        "picture": lambda svg: Markup(base64.b64encode(svg.encode("utf-8", "replace")).decode()),  # noqa: S704
        "capital": lambda text: text[:1].upper() + text[1:],
        "step": step_title,
        "people": people_line,
    }
    templates.filters |= filters
    templates.globals |= {"window_of": window_of, "is_known": is_known, "moment": _moment, "day": _day}
    return templates


def _moment(when: dt.datetime) -> str:
    return f"{_day(when)}, {when.astimezone(dt.UTC):%H:%M} UTC"


def _day(when: dt.datetime) -> str:
    moment = when.astimezone(dt.UTC)
    return f"{moment.day} {moment:%B %Y}"


def _linked(text: str) -> Markup:
    """The text with links to the known hosts that it names; what stands in backticks is code."""
    from markupsafe import Markup

    link = Markup('<a href="{0}" rel="noreferrer">{0}</a>')
    shown = (link.format(address) if address else _coded(piece) for piece, address in pieces(shortened(text, LONGEST)))
    return Markup("").join(shown)


def _coded(text: str) -> Markup:
    from markupsafe import Markup

    code = Markup("<code>{}</code>")
    parts = enumerate(escape(part) for part in _CODE.split(text))
    return Markup("").join(code.format(part) if number % 2 else part for number, part in parts)
