"""What the tests of this folder share: the witness, a session with it, and an environment that asks for a little."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.live.endpoint import AccessToken, Endpoint, Secret
from reconciler.live.patience import Patience
from tests.live.organization import describe
from tests.live.service import Service, running

TOKEN = "canary-token-5d0f0e2f4b10"


class Rests:
    """Instead of waiting: remembers how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)

    @property
    def patience(self) -> Patience:
        return Patience(rest=self, spread=lambda: 1.0)


@pytest.fixture
def service() -> Iterator[Service]:
    found = Service()
    describe(found)
    with running(found):
        yield found


@pytest.fixture
def rests() -> Rests:
    return Rests()


@pytest.fixture
def endpoint(service: Service) -> Endpoint:
    return Endpoint("contoso-test", service.url, "https://login.example", AccessToken(Secret(TOKEN)))
