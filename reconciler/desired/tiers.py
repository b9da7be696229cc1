"""Finds what production declares although no test environment ever tried it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.catalog.book import Catalog
from reconciler.desired.codes import finding
from reconciler.desired.compared import Said, place_of, settings_said, widgets_said
from reconciler.model.desired import TIER, DesiredEnvironment
from reconciler.model.diagnostic import Diagnostic

TEST = frozenset({"test", "testing"})
"""Values of the label `tier` that name a rehearsal."""

Key = tuple[str, str]


def ahead_of_test(built: Sequence[DesiredEnvironment], catalog: Catalog) -> Iterator[Diagnostic]:
    """A finding for each kind of setting and each form of a production environment that holds something no test environment declares.

    Values may differ; a feature that is on in production has to be on in a test environment. A fleet without any test environment has
    no such rule, and what stands in a section with a `why` is not told.
    """
    tests = [environment for environment in built if (environment.label(TIER) or "").casefold() in TEST]
    if not tests:
        return
    tried = {key for environment in tests for key, _ in _tried(environment, catalog)}
    for environment in built:
        if environment.is_production:
            untried: dict[str, list[Said]] = {}
            for (group, thing), said in _tried(environment, catalog):
                if (group, thing) not in tried and not said.is_explained:
                    untried.setdefault(group, []).append(said)
            yield from (_finding(environment, group) for group in untried.values())


def _finding(environment: DesiredEnvironment, untried: Sequence[Said]) -> Diagnostic:
    names = ", ".join(dict.fromkeys(f"`{said.name}`" for said in untried))
    own = [said.where for said in untried if said.where is not None and said.where.file == environment.file]
    where = place_of(environment, own[0] if own else None)
    assert where is not None
    verb = "is" if len({said.name for said in untried}) == 1 else "are"
    hint = "declare it in a test environment first, or write `why:` in that section"
    return finding("production-ahead-of-test", f"{names} {verb} declared in production, and in no test environment", where, hint)


def _tried(environment: DesiredEnvironment, catalog: Catalog) -> Iterator[tuple[Key, Said]]:
    for (kind, field), said in settings_said(environment, catalog):
        if said.what is not False:
            yield (kind, field), said
    for (table, widget), said in widgets_said(environment):
        yield (f"forms of {table}", widget), said
