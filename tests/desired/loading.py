"""Loads files the way the tests of this folder need it: a fixed day, few variables, this catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from reconciler.catalog.register import CATALOG
from reconciler.desired.load import Loaded, load

TODAY = dt.date(2026, 11, 23)
VARIABLES = {"RICTL_VAR_ORGANIZATION": "contoso", "RICTL_VAR_EMPTY": "", "SECRET": "hunter2"}
HEAD = "apiVersion: rictl/v1\nkind: Environment\nmetadata: {{name: {name}}}\nconnection: {{url: 'https://{name}.crm4.dynamics.com'}}\n"


def loaded(*paths: Path, root: Path, variables: Mapping[str, str] = VARIABLES) -> Loaded:
    """The files, as rictl sees them."""
    return load(paths, root=root, catalog=CATALOG, today=TODAY, variables=variables)


def write(root: Path, name: str, body: str = "", *, head: bool = True) -> Path:
    """An environment file under `root`, complete but for `body`."""
    path = root / "environments" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text((HEAD.format(name=name) if head else "") + body, encoding="utf-8")
    return path


def write_baseline(root: Path, name: str, body: str) -> Path:
    """A baseline file under `root`."""
    path = root / "environments" / "_base" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(f"apiVersion: rictl/v1\nkind: Baseline\nmetadata: {{name: {name}}}\n{body}", encoding="utf-8")
    return path
