"""Turns an organization's name into its scenario. Reads YAML and form files from one folder, and the forms of the package."""

from __future__ import annotations

import importlib.resources
import json
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from reconciler.emulator.domain.large_form import LARGE_FORM, large_form
from reconciler.emulator.domain.scenario import Form, Scenario

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_LIMIT = 1_000_000
_FORM_LIMIT = 5_000_000


class ScenarioError(Exception):
    """A scenario cannot be used; the text says which file, what is wrong with it, and what to do."""


class NoSuchOrganization(ScenarioError):
    """There are scenarios, and none for this organization: most likely its name is misspelt."""


class _WithoutAliases(yaml.SafeLoader):
    """Aliases buy nothing here, and nested ones expand without bound."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("anchors and aliases are not allowed in a scenario; write the values out.")
        return super().compose_node(parent, index)


def load_scenario(folder: Path | None, organization: str, others: frozenset[str] = frozenset()) -> Scenario:
    """The scenario of `<folder>/<organization>.yaml`.

    Without any scenario in the folder every name is taken, and so are `others` always: they get the standard one, named after them.
    """
    if not _NAME.fullmatch(organization):
        raise ScenarioError(f"'{organization[:80]}' cannot be the name of an organization: use letters, digits, '-' and '_'.")
    if folder is None or not is_described(folder, organization):
        known = sorted(file.stem for file in folder.glob("*.yaml")) if folder is not None else []
        if known and organization not in others:
            raise NoSuchOrganization(_unknown(organization, known, folder))
        return Scenario(friendlyName=organization, host=f"{organization.lower()}.crm.dynamics.com")
    return _parse(_inside(folder, f"{organization}.yaml"))


def is_described(folder: Path | None, organization: str) -> bool:
    """Whether there is a scenario of that name."""
    return folder is not None and _NAME.fullmatch(organization) is not None and (folder / f"{organization}.yaml").is_file()


def _unknown(organization: str, known: list[str], folder: Path | None) -> str:
    near = get_close_matches(organization, known, n=1, cutoff=0.5)
    hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(known[:10])}."
    return f"The embedded Dataverse has no organization '{organization}'. {hint} Each is a file of {folder}."


def _parse(path: Path) -> Scenario:
    text = _bounded(path, _LIMIT)
    try:
        document = yaml.load(text, _WithoutAliases)  # noqa: S506 - a SafeLoader
        json.dumps(document, default=str, ensure_ascii=False).encode()
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ScenarioError(f"{path}: is not valid YAML: {error}") from None
    if not isinstance(document, dict):
        raise ScenarioError(f"{path}: a scenario is a mapping, such as `friendlyName: Contoso`.")
    try:
        return Scenario.model_validate(document)
    except ValidationError as error:
        lines = "; ".join(f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}" for problem in error.errors()[:20])
        raise ScenarioError(f"{path}: {lines}. The keys are described in docs/emulator-domain.md.") from None


def form_text(folder: Path | None, form: Form) -> str:
    """The FormXml of a form: of the package, or of a file in the scenarios' folder."""
    return text_of(folder, form.file) if form.file else builtin_form(form.builtin or "")


def pending_text(folder: Path | None, name: str) -> str:
    """The FormXml of a draft: a file when the name ends in .xml, else a form of the package."""
    return text_of(folder, name) if name.endswith(".xml") else builtin_form(name)


def text_of(folder: Path | None, name: str) -> str:
    """A file inside the folder; ScenarioError when it is elsewhere, missing or too large."""
    if folder is None:
        raise ScenarioError(f"'{name}': there is no folder of scenarios.")
    try:
        return _bounded(_inside(folder, name), _FORM_LIMIT).decode("utf-8")
    except UnicodeDecodeError:
        raise ScenarioError(f"{folder / name}: is not UTF-8 text.") from None


def _inside(folder: Path, name: str) -> Path:
    try:
        path = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError):
        # A NUL character, or links that lead in a circle.
        raise ScenarioError(f"{name!r}: cannot be the name of a file in {folder}.") from None
    if not path.is_relative_to(folder.resolve()):
        raise ScenarioError(f"{folder / name}: lies outside {folder}; a scenario uses files of its own folder only.")
    return path


@cache
def builtin_form(name: str) -> str:
    """A form that is shipped with the package, or the one that is so large that it is made instead."""
    if name == LARGE_FORM:
        return large_form()
    resource = importlib.resources.files("reconciler.emulator") / "forms" / f"{name}.xml"
    if not re.fullmatch(r"[a-z_]{1,60}", name) or not resource.is_file():
        raise ScenarioError(f"There is no built-in form '{name}'; see the files in reconciler/emulator/forms.")
    return resource.read_text("utf-8")


def _bounded(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            text = file.read(limit + 1)
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}.") from None
    if len(text) > limit:
        raise ScenarioError(f"{path}: is larger than {limit:,} bytes.")
    return text
