"""Turns the names of roles and templates in a wish into references to rows of this environment. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.catalog.role_templates import ROLE_TEMPLATES
from reconciler.model.desired import DesiredSetting, DesiredValue, Selector
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.fact import Ref, Unknown, Wanted
from reconciler.model.live import LiveRole, LiveState
from reconciler.model.source import SourceSpan
from reconciler.plan import codes
from reconciler.plan.nearest import nearest


@dataclass(frozen=True, slots=True)
class Resolved:
    """The canonical value; or None with the problems, or with the reason why the rows could not be read."""

    value: Wanted | None = None
    problems: tuple[Diagnostic, ...] = ()
    unread: str | None = None


def resolve(setting: DesiredSetting, live: LiveState) -> Resolved:
    """The wish in the terms of this environment. Values without a selector are their own answer."""
    wish: DesiredValue = setting.value
    if isinstance(wish, Selector):
        if isinstance(live.templates, Unknown):
            return Resolved(unread=f"the e-mail templates could not be read: {live.templates.reason}")
        found = _template(wish, live.templates, setting.origin.span)
        return Resolved(problems=(found,)) if isinstance(found, Diagnostic) else Resolved(found)
    if isinstance(wish, tuple):
        if isinstance(live.roles, Unknown):
            return Resolved(unread=f"the security roles could not be read: {live.roles.reason}")
        return _roles(wish, live.roles, setting.origin.span)
    return Resolved(wish)


def _roles(wish: Sequence[Selector], roles: Sequence[LiveRole], where: SourceSpan | None) -> Resolved:
    answers = [_role(selector, roles, selector.where or where) for selector in wish]
    problems = tuple(answer for answer in answers if isinstance(answer, Diagnostic))
    if problems:
        return Resolved(problems=problems)
    refs = {answer.id: answer for answer in answers if isinstance(answer, Ref)}
    # Sorted by id: the same set is the same tuple, whatever order the file or the service has.
    return Resolved(tuple(refs[key] for key in sorted(refs)))


def _role(selector: Selector, roles: Sequence[LiveRole], where: SourceSpan | None) -> Ref | Diagnostic:
    template = dict(ROLE_TEMPLATES).get(selector.value, selector.value).lower()
    tests: dict[str, Callable[[LiveRole], bool]] = {
        "name": lambda role: role.name == selector.value,
        "id": lambda role: role.id.lower() == selector.value.lower(),
        "template": lambda role: role.template_id is not None and role.template_id.lower() == template,
    }
    test = tests.get(selector.by)
    matches = [Ref(role.id.lower(), role.name) for role in roles if test is not None and test(role)]
    if len(matches) == 1:
        return matches[0]
    known = [(role.id.lower(), role.name) for role in roles]
    what = f"security role {_quoted(selector)}"
    if matches:
        return _ambiguous(codes.ROLE_AMBIGUOUS, what, matches, where)
    missing = f"there is no {what} in the root business unit (names are compared exactly)"
    return Diagnostic(codes.ROLE_NOT_FOUND, missing, where, nearest(selector.value, known))


def _template(selector: Selector, templates: Sequence[Ref], where: SourceSpan | None) -> Ref | Diagnostic:
    where = selector.where or where
    if selector.by == "id":
        matches = [row for row in templates if row.id.lower() == selector.value.lower()]
    else:
        matches = [row for row in templates if row.name == selector.value]
    if len(matches) == 1:
        return Ref(matches[0].id.lower(), matches[0].name)
    what = f"e-mail template {_quoted(selector)}"
    if matches:
        return _ambiguous(codes.TEMPLATE_AMBIGUOUS, what, matches, where)
    hint = nearest(selector.value, [(row.id.lower(), row.name) for row in templates])
    return Diagnostic(codes.TEMPLATE_NOT_FOUND, f"there is no {what}", where, hint)


def _ambiguous(code: str, what: str, matches: Sequence[Ref], where: SourceSpan | None) -> Diagnostic:
    ids = ", ".join(f"{{id: {ref.id}}}" for ref in sorted(matches))
    return Diagnostic(code, f"{len(matches)} rows answer to {what}", where, f"write one of {ids}")


def _quoted(selector: Selector) -> str:
    return f'"{selector.value}"' if selector.by == "name" else str(selector)
