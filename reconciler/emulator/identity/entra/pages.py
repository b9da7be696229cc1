"""The small page on which a person enters a device code. Pure."""

from __future__ import annotations

from html import escape

from reconciler.emulator.messages import Answer

_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def code_page(told: str = "", user_code: str = "", status: int = 200) -> Answer:
    """The form; `told` says what became of the last try."""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in to a device</title>'
        "<style>body{font:16px sans-serif;max-width:30em;margin:4em auto}label{display:block;margin:1em 0}</style>"
        "<h1>Embedded Entra ID</h1><p>Enter the code that the device shows. No password is asked for: this tenant is an emulation.</p>"
        f'<p role="status">{escape(told)}</p><form method="post">'
        f'<label>Code <input name="user_code" required maxlength="20" value="{escape(user_code)}"></label>'
        '<label>Sign in as <input name="user" maxlength="200" placeholder="Ana Pop"></label>'
        '<button name="decision" value="approve">Approve</button> <button name="decision" value="decline">Decline</button></form></html>'
    )
    return Answer(status, page, _HEADERS)
