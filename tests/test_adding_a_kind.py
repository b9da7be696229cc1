"""docs/adding-a-kind.md is carried out, word for word, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "adding-a-kind.md"


def blocks() -> dict[str, str]:
    """Path named before a code block -> the block."""
    text = PAGE.read_text(encoding="utf-8")
    return dict(re.findall(r"`([^`\n]+/[^`\n]+)`:\n\n```[a-z]+\n(.*?)```", text, re.DOTALL))


def copy_of_the_project(folder: Path) -> Path:
    project = folder / "project"
    project.mkdir()
    for name in ("reconciler", "schemas"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "tests" / "kinds").mkdir(parents=True)
    for name in ("pyproject.toml", "tests/__init__.py", "tests/kinds/__init__.py", "tests/kinds/test_scenarios.py"):
        shutil.copy(ROOT / name, project / name)
    return project


def run(project: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project), **variables}
    return subprocess.run([sys.executable, *words], cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_the_worked_example_works(tmp_path: Path) -> None:
    project = copy_of_the_project(tmp_path)
    files = blocks()
    register = project / "reconciler" / "catalog" / "register.py"
    (line,) = re.findall(r"of `_KINDS`:\n\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    register.write_text(register.read_text(encoding="utf-8").replace('    "exchange_data",\n', f'    "exchange_data",\n{line}'))
    for name, text in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    assert sorted(files) == [
        "reconciler/catalog/kinds/notes_analysis.py",
        "tests/kinds/notes_analysis/enable/environment.yaml",
        "tests/kinds/notes_analysis/enable/organization.yaml",
    ]
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/kinds", "-k", "notes_analysis")
    golden = run(project, *tests, RICTL_GOLDEN="write")
    assert golden.returncode == 0, golden.stdout + golden.stderr
    again = run(project, *tests)
    assert again.returncode == 0, again.stdout
    folder = project / "tests" / "kinds" / "notes_analysis" / "enable"
    assert "isnotesanalysisenabled" in (folder / "plan.txt").read_text(encoding="utf-8")
    assert (folder / "requests.txt").read_text(encoding="utf-8").startswith("PATCH organizations(")
    schemas = run(project, "-m", "reconciler.cli.generate", "--check")
    assert schemas.returncode == 1
    assert run(project, "-m", "reconciler.cli.generate").returncode == 0
    assert "notesAnalysis" in (project / "schemas" / "environment.schema.json").read_text(encoding="utf-8")
