"""Turns views into HTML with the templates of this package, everything in them escaped. Reads the templates."""

from __future__ import annotations

import datetime as dt
import importlib.resources
from functools import cache
from typing import TYPE_CHECKING, Any

from reconciler.emulator.face.actions import ETAG, slug_of
from reconciler.emulator.messages import Answer

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With `no-referrer` browsers would send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page(template: str, status: int, **view: Any) -> Answer:
    """The answer with a page."""
    text = _templates().get_template(template).render(**view)
    return Answer(status, text, HEADERS | {"content-type": "text/html; charset=utf-8"})


def asset(path: str, kind: str) -> Answer:
    """A style sheet or script of this package, by the last part of its address."""
    name = path.rpartition("/")[2]
    text = (importlib.resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")
    return Answer(200, text, HEADERS | {"content-type": kind})


def see(address: str, headers: dict[str, str] | None = None) -> Answer:
    """Sends the browser on, with GET."""
    return Answer(303, b"", HEADERS | {"Location": address} | (headers or {}))


@cache
def _templates() -> Environment:
    # Imported here: most processes with an embedded Dataverse never show a page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("reconciler.emulator.face"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters["moment"] = _moment
    templates.filters["marked"] = _marked
    templates.filters["slug"] = slug_of
    templates.globals["ETAG"] = ETAG
    return templates


def _marked(text: str) -> Markup:
    """Text of the catalogue, with what stands between backticks as code."""
    from markupsafe import Markup, escape

    pieces = [escape(piece) for piece in text.split("`")]
    return Markup("").join(Markup("<code>{}</code>").format(piece) if number % 2 else piece for number, piece in enumerate(pieces))


def _moment(moment: dt.datetime | str) -> str:
    read = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return read.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
