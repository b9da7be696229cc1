"""Turns the answers about the organization, the caller, roles and templates into nouns. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.live.answer import Answer
from reconciler.live.doubts import rows_or_doubt
from reconciler.live.odata import guid
from reconciler.live.questions import DETAIL, LANGUAGE, LOCKDOWN, ORGANIZATION, ROLES, TEMPLATES, USER, WHO, Topic
from reconciler.live.wire import Names
from reconciler.model.errors import Rejected, RemoteError
from reconciler.model.fact import Ref, Unknown
from reconciler.model.live import Caller, LiveRole, Organization

Answers = Mapping[Topic, Answer]

_ENVIRONMENT_ID = re.compile(r"[A-Za-z0-9-]{1,80}")
_LOCKED = re.compile(r"<IsLockdownOfUnmanagedCustomizationEnabled>\s*true\s*<", re.IGNORECASE)
"""An organization setting that blocks unmanaged customizations; it stands in the XML of orgdborgsettings when somebody set it."""


def organization_of(answers: Answers, url: str) -> Organization:
    """Which organization answered. Raises a RemoteError when not even that can be said."""
    who = answers[WHO].document()
    id = guid(str(who.get("OrganizationId")))
    if id is None:
        raise Rejected("the service did not say which organization answered", request=answers[WHO].request, why="no OrganizationId")
    detail = _detail(answers.get(DETAIL))
    row = _first(answers, ORGANIZATION)
    name = _text(detail.get("FriendlyName")) or _text(row.get("name")) or id
    locked = _text(_first(answers, LOCKDOWN).get("orgdborgsettings"))
    return Organization(
        id=id,
        name=name,
        url=url,
        version=_text(detail.get("OrganizationVersion")),
        region=_text(detail.get("Geo")),
        blocks_unmanaged=bool(locked and _LOCKED.search(locked)),
        environment_id=_environment_id(detail),
    )


def caller_of(answers: Answers) -> Caller:
    """As whom rictl read. Language 0 means that it could not be read; the base language stands in when the user chose none."""
    user = guid(str(answers[WHO].document().get("UserId"))) or ""
    chosen = _first(answers, LANGUAGE).get("uilanguageid")
    base = _first(answers, ORGANIZATION).get("languagecode")
    spoken = chosen or base if isinstance(chosen, int) or _is_empty(answers.get(LANGUAGE)) else 0
    row = _first(answers, USER)
    name, application = _text(row.get("fullname")) or user, guid(str(row.get("applicationid")))
    return Caller(user, name, spoken if isinstance(spoken, int) else 0, application is not None)


def roles_of(answers: Answers) -> tuple[LiveRole, ...] | Unknown:
    """The root roles, sorted by name; empty when nobody asked for them."""
    if ROLES not in answers:
        return ()
    rows = rows_or_doubt(answers[ROLES], "role")
    if isinstance(rows, Unknown):
        return rows
    found = ((guid(str(row.get("roleid"))), _text(row.get("name")), guid(str(row.get("_roletemplateid_value")))) for row in rows)
    return tuple(sorted((LiveRole(id, name, template) for id, name, template in found if id and name), key=lambda r: (r.name, r.id)))


def templates_of(answers: Answers) -> tuple[Ref, ...] | Unknown:
    """The e-mail templates, sorted by title; empty when nobody asked for them."""
    if TEMPLATES not in answers:
        return ()
    rows = rows_or_doubt(answers[TEMPLATES], "template")
    if isinstance(rows, Unknown):
        return rows
    found = ((guid(str(row.get("templateid"))), _text(row.get("title"))) for row in rows)
    return tuple(sorted((Ref(id, title) for id, title in found if id and title), key=lambda ref: (ref.name, ref.id)))


def names_of(roles: tuple[LiveRole, ...] | Unknown, templates: tuple[Ref, ...] | Unknown) -> Names:
    """What ids are called, as far as that was read."""
    return Names(
        {} if isinstance(roles, Unknown) else {role.id: role.name for role in roles},
        {} if isinstance(templates, Unknown) else {template.id: template.name for template in templates},
    )


def _detail(answer: Answer | None) -> Mapping[str, Any]:
    try:
        detail = answer.document().get("Detail") if answer else None
    except RemoteError:
        detail = None
    return detail if isinstance(detail, Mapping) else {}


def _environment_id(detail: Mapping[str, Any]) -> str | None:
    """The id of the environment in the Power Platform; that of a default environment is no bare GUID."""
    id = detail.get("EnvironmentId")
    return id if isinstance(id, str) and _ENVIRONMENT_ID.fullmatch(id) else None


def _first(answers: Answers, topic: Topic) -> Mapping[str, Any]:
    rows = rows_or_doubt(answers.get(topic), topic[0])
    return rows[0] if not isinstance(rows, Unknown) and rows else {}


def _is_empty(answer: Answer | None) -> bool:
    return rows_or_doubt(answer, "usersettings") == []


def _text(value: object) -> str | None:
    return value[:5000] if isinstance(value, str) and value else None
