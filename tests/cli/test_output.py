"""A plan file is written whole, for its owner only, and never over what is no file."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from reconciler.cli.output import save


def test_a_plan_is_private_even_where_an_old_draft_was_not(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious", encoding="utf-8")
    (tmp_path / "plan.json.partial").symlink_to(victim)

    save(tmp_path / "plan.json", "a plan")

    assert (tmp_path / "plan.json").stat().st_mode & 0o777 == 0o600
    assert victim.read_text(encoding="utf-8") == "precious"
    assert sorted(os.listdir(tmp_path)) == ["plan.json", "plan.json.partial", "victim"]


def test_a_device_is_not_replaced_by_a_plan(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(click.UsageError, match="no regular file"):
        save(tmp_path / "pipe", "a plan")

    assert (tmp_path / "pipe").is_fifo()


def test_a_plan_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="cannot write"):
        save(tmp_path / "missing" / "plan.json", "a plan")
    with pytest.raises(UnicodeEncodeError):
        save(tmp_path / "plan.json", "\ud800")

    assert os.listdir(tmp_path) == []
