"""The shape that the documentation promises: sizes, words that must not occur, layers, one place for each fact."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import reconciler
from reconciler.catalog.register import CATALOG

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "reconciler"
MODULES = sorted(PACKAGE.rglob("*.py"))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions() -> list[tuple[str, int]]:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append((f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1))
    return found


def test_no_module_is_longer_than_350_lines() -> None:
    long = {str(path.relative_to(ROOT)): lines_of(path) for path in MODULES if lines_of(path) > 350}

    assert long == {}


def test_the_median_module_is_shorter_than_100_lines() -> None:
    assert statistics.median(lines_of(path) for path in MODULES) < 100


def test_no_function_is_longer_than_50_lines() -> None:
    assert [(name, length) for name, length in functions() if length > 50] == []


@pytest.mark.parametrize("word", ["dry_run", "print(", "TODO", "FIXME", "NotImplementedError"])
def test_the_package_does_not_contain(word: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in MODULES if word in path.read_text(encoding="utf-8")] == []


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    silent = [str(path.relative_to(ROOT)) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]

    assert silent == []


def test_no_kind_is_named_outside_the_catalogue() -> None:
    names = re.compile("|".join(rf"\b{kind.name}\b" for kind in CATALOG.kinds))
    outside = [path for path in MODULES if "catalog" not in path.parts]

    assert [f"{path.relative_to(ROOT)}" for path in outside if names.search(code_of(path))] == []


def code_of(path: Path) -> str:
    """The source without docstrings and comments: examples in them may name kinds."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "about":
            node.args = []
    return ast.unparse(tree)


def test_the_import_contract_holds() -> None:
    checked = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def test_every_folder_of_the_package_has_its_place_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = {name.strip() for layer in contracts[0]["layers"] for name in layer.split("|")}
    there = {path.stem for path in PACKAGE.iterdir() if path.name not in ("__pycache__", "__init__.py", "__main__.py")}

    assert layers == there


def test_the_reading_order_names_every_folder() -> None:
    described = reconciler.__doc__ or ""
    there = {path.stem for path in PACKAGE.iterdir() if path.name not in ("__pycache__", "__init__.py", "__main__.py")}

    assert sorted(name for name in there if f"`{name}`" not in described) == []


def test_the_architecture_page_shows_the_tree_as_it_is() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.split("```")[1]
    shown = set(re.findall(r"^ +([a-z_]+(?:/|\.py))", tree, re.MULTILINE))
    there = {f"{path.name}/" if path.is_dir() else path.name for path in PACKAGE.iterdir() if not path.name.startswith("__")}

    assert shown == there


def test_version_is_printed_without_importing_anything_of_ours() -> None:
    program = (
        "import sys; sys.argv = ['rictl', '--version']; from reconciler.__main__ import main; main(); "
        "print(sorted(m for m in sys.modules if 'click' in m or 'reconciler.' in m))"
    )
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert printed.splitlines() == [f"rictl {reconciler.__version__}", "['reconciler.__main__']"]


@pytest.mark.parametrize("module", ["httpx", "msal", "deepdiff", "starlette", "uvicorn", "pydantic", "jsonschema"])
def test_help_imports_no_heavy_library(module: str) -> None:
    program = f"import sys; from reconciler.cli.app import run; run(['--help']); sys.exit({module!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False).returncode == 0
