"""Turns changes into changes with the address of the page where a person sees what is changed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from reconciler.catalog import links
from reconciler.model.change import Change, SettingsChange
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.live import LiveForm, Organization

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1"})
_TABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_ID: Final = re.compile(r"[0-9a-fA-F-]{36}")


def with_links(
    changes: Iterable[Change], desired: DesiredEnvironment, organization: Organization, forms: Mapping[str, LiveForm]
) -> tuple[Change, ...]:
    """The changes with their links. `forms` are the forms by the key of their address, such as `lead/Contoso Lead`."""
    return tuple(replace(change, link=_link(change, desired, organization, forms)) for change in changes)


def _link(change: Change, desired: DesiredEnvironment, organization: Organization, forms: Mapping[str, LiveForm]) -> str | None:
    if desired.connection.emulator is not None:
        # That server lives as long as the command: whoever reads the plan would find nothing there.
        return None
    try:
        parts = urlsplit(organization.url)
    except ValueError:
        return None
    url = organization.url.rstrip("/")
    if parts.hostname in _LOOPBACK:
        return f"{url}{links.EMBEDDED_SETTINGS}"
    if parts.scheme != "https":
        return None
    if isinstance(change, SettingsChange):
        return f"{url}{links.SETTINGS_PAGE}"
    form = forms.get(change.address.key.rpartition("/")[0])
    return None if form is None else _form_link(form, desired, organization, url)


def _form_link(form: LiveForm, desired: DesiredEnvironment, organization: Organization, url: str) -> str | None:
    if not (_TABLE.fullmatch(form.table) and _ID.fullmatch(form.id)):
        return None
    if organization.environment_id is None:
        return url + links.CLASSIC_FORM_EDITOR.format(table=form.table, form=form.id)
    path = links.FORM_EDITOR.format(
        environment=organization.environment_id, solution=links.DEFAULT_SOLUTION, table=form.table, form=form.id
    )
    return links.MAKER_PORTALS[desired.connection.cloud] + path
