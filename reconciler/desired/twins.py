"""Finds where environments that are declared twins say different things without saying why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.catalog.book import Catalog
from reconciler.desired.codes import finding
from reconciler.desired.compared import Said, forms_said, place_of, settings_said
from reconciler.model.desired import DesiredEnvironment
from reconciler.model.diagnostic import Diagnostic

TWIN = "twin"
"""The label whose equal values make environments twins."""

Key = tuple[str, str]


def differing_twins(built: Iterable[DesiredEnvironment], catalog: Catalog) -> Iterator[Diagnostic]:
    """A finding for each setting and form in which an environment differs from the first, by name, of its twins.

    Not told: what stands in a section with a `why`, in either of the two.
    """
    for first, *others in _groups(built):
        pattern = _declared(first, catalog)
        for other in others:
            theirs = _declared(other, catalog)
            for key in dict.fromkeys((*theirs, *pattern)):
                yield from _difference(other, theirs.get(key), first, pattern.get(key))


def _groups(built: Iterable[DesiredEnvironment]) -> Iterator[Sequence[DesiredEnvironment]]:
    groups: dict[str, list[DesiredEnvironment]] = {}
    for environment in sorted(built, key=lambda environment: environment.name):
        name = environment.label(TWIN)
        if name is not None:
            groups.setdefault(name, []).append(environment)
    yield from groups.values()


def _declared(environment: DesiredEnvironment, catalog: Catalog) -> Mapping[tuple[str, Key], Said]:
    settings = {("setting", key): said for key, said in settings_said(environment, catalog)}
    return settings | {("form", key): said for key, said in forms_said(environment)}


def _difference(here: DesiredEnvironment, ours: Said | None, there: DesiredEnvironment, theirs: Said | None) -> Iterator[Diagnostic]:
    if (ours is not None and ours.is_explained) or (theirs is not None and theirs.is_explained):
        return
    if ours is not None and theirs is not None:
        if ours.what == theirs.what:
            return
        if _is_own(there, theirs) and not _is_own(here, ours):
            here, ours, there, theirs = there, theirs, here, ours
        said = f"{_named(ours)} is {ours.shown} here, and {theirs.shown} in its twin `{there.name}`"
        if ours.shown == theirs.shown:
            said = f"{_named(ours)} is placed otherwise in its twin `{there.name}`"
    else:
        if ours is None:
            here, ours, there, theirs = there, theirs, here, ours
        assert ours is not None
        said = f"{_named(ours)} is declared here, and not in its twin `{there.name}`"
    where = place_of(here, ours.where)
    assert where is not None
    yield finding("twins-differ", said, where, "make both say the same, or write `why:` in that section")


def _is_own(environment: DesiredEnvironment, said: Said) -> bool:
    return said.where is not None and said.where.file == environment.file


def _named(said: Said) -> str:
    form = getattr(said.what, "form", None)
    return f"`{said.name}`" if form is None else f"the form `{form}`"
