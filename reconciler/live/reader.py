"""Reads everything that an environment file mentions, in two batches, into one LiveState. Touches the network through a session."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reconciler.catalog.book import Catalog
from reconciler.live import documents, surroundings
from reconciler.live.answer import Answer
from reconciler.live.definitions import FORM_TABLE, definition_of, metadata_of
from reconciler.live.metadata_cache import MetadataCache
from reconciler.live.people import count_of, question
from reconciler.live.questions import Topic, questions
from reconciler.live.scope import Scope, scope_of
from reconciler.live.session import Session
from reconciler.live.settings import settings_of
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.errors import Rejected, RemoteError
from reconciler.model.fact import Unknown
from reconciler.model.live import LiveState, MetadataFact, Organization, PeopleCount, RoleIds, TableMetadata
from reconciler.model.ports import PeopleReading

_MOST_PAGES = 20


class DataverseReader:
    """Reads through one session. Has no way to write, whatever the session could do."""

    def __init__(self, session: Session, catalog: Catalog, *, cache: Path | None) -> None:
        self._session = session
        self._catalog = catalog
        self._cache = MetadataCache(cache)

    async def read(self, desired: DesiredEnvironment) -> LiveState:
        """One reading. A part that fails makes its facts Unknown; raises RemoteError only when nothing can be said at all."""
        before = self._session.requests
        scope = scope_of(desired, self._catalog)
        answers = await self._ask(questions(scope))
        read_at = self._session.now
        organization = surroundings.organization_of(answers, self._session.endpoint.url)
        caller = surroundings.caller_of(answers)
        roles, templates = surroundings.roles_of(answers), surroundings.templates_of(answers)
        settings = settings_of(scope, answers, surroundings.names_of(roles, templates))
        forms = documents.forms_of(scope, answers, caller.language)
        metadata = await self._metadata(scope, organization)
        return LiveState(
            organization=organization,
            caller=caller,
            read_at=read_at,
            settings=settings.settings,
            rows=settings.rows,
            activations=settings.activations,
            metadata=metadata,
            roles=roles,
            templates=templates,
            forms=forms,
            pending=documents.pending_of(scope, answers, forms),
            controls=documents.controls_of(scope, answers),
            solutions=documents.solutions_of(scope, answers),
            consent=settings.consent,
            encodings=settings.encodings,
            requests=self._session.requests - before,
        )

    async def people(self, wanted: Sequence[RoleIds]) -> PeopleReading:
        """Counts the enabled people of each entry, in one batch. What cannot be counted is Unknown; raises no RemoteError."""
        before = self._session.requests
        counts: dict[RoleIds, PeopleCount | Unknown] = {}
        asked: dict[RoleIds, str] = {}
        for roles in wanted:
            try:
                asked[roles] = question(roles)
            except ValueError as error:
                counts[roles] = Unknown(str(error))
        try:
            answers = await self._session.batch_get(list(asked.values())) if asked else ()
            counts |= {roles: count_of(answer) for roles, answer in zip(asked, answers, strict=True)}
        except RemoteError as error:
            # The rest of the plan stands without these numbers.
            counts |= dict.fromkeys(asked, Unknown(f"user: {error.what}"))
        return PeopleReading(counts, self._session.requests - before)

    async def _ask(self, asked: dict[Topic, str]) -> dict[Topic, Answer]:
        answers = dict(zip(asked, await self._session.batch_get(list(asked.values())), strict=True))
        for topic, answer in answers.items():
            if _next_page(answer):
                answers[topic] = await self._whole(answer)
        return answers

    async def _whole(self, first: Answer) -> Answer:
        """A collection with its further pages; an answer that cannot be continued becomes the failure that it is."""
        rows, answer = first.rows(), first
        try:
            for _ in range(_MOST_PAGES):
                link = _next_page(answer)
                if link is None:
                    return dataclasses.replace(first, body=json.dumps({"value": rows}).encode())
                (answer,) = await self._session.batch_get([self._session.path_of(link)])
                rows = rows + answer.rows()
            raise Rejected("the list does not end", request=first.request, why=f"more than {_MOST_PAGES} pages")
        except RemoteError as error:
            body = {"error": {"code": "", "message": f"the list could not be read to its end: {error.what}"}}
            return dataclasses.replace(first, status=500, body=json.dumps(body).encode())

    async def _metadata(self, scope: Scope, organization: Organization) -> dict[str, MetadataFact]:
        wanted = [*scope.columns, *((FORM_TABLE,) if scope.forms else ())]
        known = self._cache.load(organization)
        if missing := [table for table in wanted if table not in known]:
            answers = await self._session.batch_get([definition_of(table) for table in missing])
            read = {table: metadata_of(answer, table) for table, answer in zip(missing, answers, strict=True)}
            found = {table: fact for table, fact in read.items() if isinstance(fact, TableMetadata)}
            if found:
                self._cache.store(organization, known | found)
            return {**{table: known[table] for table in wanted if table in known}, **read}
        return {table: known[table] for table in wanted}


def _next_page(answer: Answer) -> str | None:
    if not answer.is_success or b"@odata.nextLink" not in answer.body:
        return None
    try:
        link: Any = answer.document().get("@odata.nextLink")
        answer.rows()
    except RemoteError:
        return None
    return link if isinstance(link, str) else None
