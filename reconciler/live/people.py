"""Turns role selections into questions how many people hold one of them, and the answers into counts. Pure.

Only numbers are kept. A user counts once, however many copies of a role and however many teams lead to it.
"""

from __future__ import annotations

from reconciler.catalog.people import ACCESS_MODES, CONDITION_LIMIT, COUNT_LIMIT
from reconciler.live.answer import Answer
from reconciler.live.doubts import doubt
from reconciler.live.odata import key, query
from reconciler.model.errors import RemoteError
from reconciler.model.fact import Unknown
from reconciler.model.live import PeopleCount, RoleIds

_USERS = "user"
_PEOPLE = " and ".join(
    ("isdisabled eq false", "applicationid eq null", f"({' or '.join(f'accessmode eq {mode}' for mode in ACCESS_MODES)})")
)
_OTHERS = 16
"""Conditions of a question beside those of the roles, and the tables that it joins."""

MOST_ROLES = (CONDITION_LIMIT - _OTHERS) // 4
"""Each role is asked for by its own id and as the root of a copy, of the user and of the user's teams."""


def question(roles: RoleIds) -> str:
    """The address that counts the enabled people who hold one of these roles; without roles, all of them.

    Raises ValueError for more than `MOST_ROLES` roles, which the service would refuse.
    """
    if len(roles) > MOST_ROLES:
        raise ValueError(f"{len(roles)} roles are more than the {MOST_ROLES} that one question can hold")
    wanted = _PEOPLE
    if roles:
        held = " or ".join(f"r/roleid eq {key(id)} or r/_parentrootroleid_value eq {key(id)}" for id in roles)
        direct = f"systemuserroles_association/any(r:{held})"
        by_team = f"teammembership_association/any(t:t/teamroles_association/any(r:{held}))"
        wanted = f"{_PEOPLE} and ({direct} or {by_team})"
    return query("systemusers", select="systemuserid", filter=wanted, count="true", top=1)


def count_of(answer: Answer) -> PeopleCount | Unknown:
    """The count that an answer tells, or why it tells none."""
    if not answer.is_success:
        return doubt(answer, _USERS)
    try:
        counted = answer.document().get("@odata.count")
    except RemoteError as error:
        return Unknown(f"{_USERS}: {error.what}")
    if not isinstance(counted, int) or isinstance(counted, bool) or counted < 0:
        return Unknown("the answer does not say how many users there are")
    return PeopleCount(min(counted, COUNT_LIMIT), counted >= COUNT_LIMIT)
