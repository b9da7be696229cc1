"""Answers visits to the settings page: finds the page, carries out clicks, shows refusals. Touches what the pages and actions touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from reconciler.catalog import consent as facts
from reconciler.catalog.book import Catalog
from reconciler.emulator.context import DataverseError
from reconciler.emulator.control.instruments import Instruments
from reconciler.emulator.face.actions import ACTIONS, Click, kind_of
from reconciler.emulator.face.clerk import Clerk
from reconciler.emulator.face.pages import asset, page, see
from reconciler.emulator.face.people import people_of, person_of
from reconciler.emulator.face.views import Views, latest_requests
from reconciler.emulator.face.visits import ASSETS, PERSON_COOKIE, Visit, is_page, visit_of
from reconciler.emulator.messages import Answer

SAID = {
    "": "The change was sent.",
    "options": "Saved.",
    "consent": "The decision on the consent was recorded.",
    "clock": "The clock was moved.",
    "requests": "The request log was emptied.",
}
"""What a page says after a click that was sent from the page of that name."""


@dataclass(frozen=True, slots=True)
class Face:
    """The pages of every organization. `organizations` names those that can be opened although nobody did so yet."""

    instruments: Instruments
    catalog: Catalog
    organizations: tuple[str, ...]

    def serves(self, path: str) -> bool:
        """Whether a raw path is one of a page."""
        return is_page(path)

    def answer(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request; refusals are pages too. Header names are lower case."""
        if path in ASSETS:
            return asset(path, ASSETS[path])
        try:
            visit = visit_of(method, path, query, headers, body)
        except ValueError as error:
            return page("refused.html", 400, title="This cannot be read", problem=str(error))
        if visit.method not in ("GET", "POST"):
            return page("refused.html", 405, title="This cannot be done here", problem=f"A page does not answer {method}.")
        if visit.organization is None:
            return self._list()
        try:
            return self._organization(visit, visit.organization)
        except DataverseError as error:
            return page("refused.html", error.status, title=visit.organization, problem=error.message)

    def _list(self) -> Answer:
        known = self.instruments.store.organizations()
        names = sorted({*known, *self.organizations})
        entries = [(name, f"/{quote(name, safe='')}/settings", self._whole(name) if name in known else None) for name in names]
        return page("list.html", 200, entries=entries, now=self.instruments.clock.now())

    def _whole(self, name: str) -> Any:
        try:
            return Views(self._clerk(name), self.catalog, self.instruments, name).whole()[1]
        except DataverseError:
            return None

    def _clerk(self, organization: str) -> Clerk:
        return Clerk(self.instruments.api, self.instruments.audience, organization)

    def _organization(self, visit: Visit, organization: str) -> Answer:
        clerk = self._clerk(organization)
        people = people_of(clerk)
        person = person_of(people, visit.person)
        if visit.method == "GET":
            return self._shown(visit, organization, clerk, people, person)
        here = _address(organization, visit)
        if visit.page == "person":
            chosen = person_of(people, visit.form.get("person", ("",))[0])
            cookie = f"{PERSON_COOKIE}={quote(chosen)}; Path=/; HttpOnly; SameSite=Strict"
            return see(_address(organization), {"Set-Cookie": cookie})
        if visit.page not in ACTIONS:
            raise DataverseError(405, "", "Nothing can be sent to this page.")
        try:
            ACTIONS[visit.page](Click(visit, organization, person, clerk, self.catalog, self.instruments))
        except ValueError as error:
            return self._shown(visit, organization, clerk, people, person, DataverseError(400, "", str(error)))
        except DataverseError as error:
            return self._shown(visit, organization, clerk, people, person, error)
        return see(f"{here}?done={visit.page or 'overview'}")

    def _shown(
        self, visit: Visit, organization: str, clerk: Clerk, people: tuple[str, ...], person: str, refusal: DataverseError | None = None
    ) -> Answer:
        # After somebody else was faster, what is stored matters more than what was sent.
        kept = visit.form if refusal is not None and refusal.status != 412 and visit.page == "options" else None
        views = Views(clerk, self.catalog, self.instruments, organization, kept)
        done = visit.query.get("done", ("",))[0]
        shared = {
            "organization": organization,
            "home": _address(organization),
            "here": visit.page,
            "about": visit.about,
            "people": people,
            "person": person,
            "kinds": self.catalog.kinds,
            "now": self.instruments.clock.now(),
            "refusal": refusal,
            "said": SAID.get("" if done == "overview" else done, "") if done else "",
            "views": views,
            "standing": views.standing,
            "facts": facts,
        }
        return self._one(visit, views, refusal.status if refusal else 200, shared)

    def _one(self, visit: Visit, views: Views, status: int, shared: dict[str, Any]) -> Answer:
        features = views.features()
        match visit.page, visit.about:
            case "", "":
                return page("overview.html", status, features=features, **shared)
            case "options", _ if (kind := kind_of(self.catalog, visit.about)) is not None:
                return page("options.html", status, feature=next(one for one in features if one.kind is kind), **shared)
            case "forms", "":
                return page("forms.html", status, forms=views.forms(), **shared)
            case "history", "":
                return page("history.html", status, events=views.history(), **shared)
            case "requests", "":
                return page("requests.html", status, requests=latest_requests(self.instruments), **shared)
            case (("clock" | "consent"), ""):
                return page("clock.html", status, **shared)
            case _:
                return page("refused.html", 404, title="There is no such page", problem="Choose one from the settings page.")


def _address(organization: str, visit: Visit | None = None) -> str:
    parts = ["", quote(organization, safe=""), "settings", *((visit.page, visit.about) if visit else ())]
    return "/".join(part for number, part in enumerate(parts) if part or number == 0)
