"""Journals to be harmed: a run with every kind of entry, in real files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from reconciler.model.fact import Absent, Known, Ref
from reconciler.model.journal import (
    FORMAT,
    Actor,
    Answered,
    Begun,
    Ended,
    Entry,
    FieldRecord,
    FormIntent,
    PublishIntent,
    ReadBack,
    RowIntent,
    StepEnded,
    Waiting,
)
from reconciler.model.packed import packed
from reconciler.rollout.journal_file import JournalFile

START = dt.datetime(2026, 11, 23, 10, 2, 11, tzinfo=dt.UTC)
ROLE = Ref("5f0c9f0e-2f43-4f0c-9d0e-0d6c1d0f1a11", "Vânzător")
FIELDS = (
    FieldRecord("who_knows_whom", "enabled", "msdyn_iswkwenabled", Known(False), True),
    FieldRecord("exchange_data", "securityRoles", "msdyn_enabledroles", Absent(), (ROLE,)),
)
BEGUN = Begun(
    FORMAT,
    "0.1.0",
    "contoso",
    "organization-1",
    "Contoso",
    "https://contoso.crm4.dynamics.com",
    "a" * 64,
    "b" * 64,
    Actor("rictl", True, "ana", "https://ci.example/1"),
    ("write the row", "wait", "write the form", "publish lead"),
    "c" * 40,
    True,
    (("consent-not-given", "due on Friday"),),
)
FORM = FormIntent(2, "lead", "form-1", "Contoso Lead", 'W/"9"', packed(b"<form/>"), "d" * 64, "e" * 64, 1033, False)
RUN: tuple[Entry, ...] = (
    BEGUN,
    RowIntent(0, "msdyn_wkwconfig", "row-1", 'W/"7"', FIELDS),
    Answered(0, "taken", 204, "server-1", "client-1"),
    StepEnded(0, "done", 12, "", ReadBack('W/"8"', (("who_knows_whom", "enabled", Known(True)),))),
    Waiting(1, "who_knows_whom", "on", 900),
    StepEnded(1, "done", 3000),
    FORM,
    Answered(2, "taken", 204),
    StepEnded(2, "done", 9, "", ReadBack('W/"10"', form_sha256="f" * 64)),
    PublishIntent(3, "lead"),
    Answered(3, "taken", 204),
    StepEnded(3, "done", 40),
    Ended("converged"),
)


def journal(folder: Path, run: str = "20261123-100211-aaaaaa", **attributes: object) -> JournalFile:
    made = JournalFile(folder, "contoso", run, lambda: START)
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def written(folder: Path, entries: tuple[Entry, ...] = RUN) -> Path:
    """A journal with these entries; its file."""
    made = journal(folder)
    for entry in entries:
        made.record(entry)
    return folder / "contoso.jsonl"
