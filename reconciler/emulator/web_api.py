"""Answers requests of the Web API and remembers them. Writes to the store."""

from __future__ import annotations

from urllib.parse import unquote_plus

from reconciler.catalog.book import Catalog
from reconciler.emulator.batch.batches import Batch
from reconciler.emulator.context import DataverseError, Domain
from reconciler.emulator.execution import FAULTS, Consent, Execution, Place
from reconciler.emulator.failures import failure, unexpected
from reconciler.emulator.faults.shelf import FaultShelf
from reconciler.emulator.messages import Answer, Request
from reconciler.emulator.serving.request_log import LoggedRequest, RequestLog
from reconciler.emulator.storage.clock import VirtualClock
from reconciler.emulator.storage.store import Store

_NOT_EMULATED = 501


class WebApi:
    """The Web API of every organization, free of any transport."""

    def __init__(self, store: Store, clock: VirtualClock, domain: Domain, catalog: Catalog, log: RequestLog, faults: FaultShelf) -> None:
        self._log = log
        self._faults = faults
        self._execution = Execution(store, clock, domain, catalog)

    def answer(self, place: Place, request: Request) -> Answer:
        """The answer to one HTTP request; a refusal is an answer too. The log gets a batch before its parts."""
        try:
            self._execution.prepare(place)
        except DataverseError as error:
            return self._told(place, request, failure(error))
        except FAULTS as error:
            return self._told(place, request, failure(unexpected(error)))
        if request.path != "$batch":
            return self._told(place, request, self._execution.alone(place, request))
        batch = Batch(self._execution, place, self._faults)
        try:
            told = batch.answer(request)
        except FAULTS as error:
            told = failure(unexpected(error))
        answer = self._told(place, request, told)
        for part, part_answer in batch.ran:
            self._told(place, part, part_answer)
        return answer

    def refused(self, place: Place, request: Request, error: DataverseError) -> Answer:
        """The answer to a request that is not carried out, remembered like every other."""
        return self._told(place, request, failure(error))

    def lock(self, place: Place, operation: str, seconds: float) -> None:
        """See `Execution.lock`."""
        self._execution.lock(place, operation, seconds)

    def forget_callers(self) -> None:
        """See `Execution.forget_callers`."""
        self._execution.forget_callers()

    def look(self, place: Place, request: Request) -> Answer:
        """The answer to a GET for a page that shows an organization. Not in the log: a page that refreshes itself would fill it."""
        try:
            self._execution.prepare(place)
        except DataverseError as error:
            return failure(error)
        except FAULTS as error:
            return failure(unexpected(error))
        return self._execution.alone(place, request)

    def check_organization(self, name: str) -> None:
        """See `Execution.check_organization`."""
        self._execution.check_organization(name)

    def set_consent(self, place: Place, state: Consent) -> None:
        """See `Execution.set_consent`."""
        self._execution.set_consent(place, state)

    def _told(self, place: Place, request: Request, answer: Answer) -> Answer:
        path = f"{request.path}?{unquote_plus(request.query)}" if request.query else request.path
        self._log.add(LoggedRequest(request.method, path, answer.status, place.organization, request.in_batch))
        if answer.status == _NOT_EMULATED and isinstance(answer.body, dict):
            self._log.add_unsupported(str(answer.body["error"]["message"]))
        return answer
