"""Which commit of the configuration a run worked with. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.about import about


@dataclass(frozen=True, slots=True)
class Checkout:
    """The git checkout that holds the environment files."""

    commit: str = about("The commit that is checked out.", "3f786850e387550fdab836ed7e6dc881de23001b")
    base: str | None = about("The commit whose files tell what changed in git, when one was named.", None, None)
    dirty: bool = about("Whether files under environments/ differ from the commit.", False, False)
