"""Turns one file into a document of sound structure, with what is wrong in it. Reads files."""

from __future__ import annotations

from collections.abc import Mapping as Variables
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.desired.codes import finding
from reconciler.desired.compose import compose
from reconciler.desired.nearest import did_you_mean
from reconciler.desired.read import read_text
from reconciler.desired.schema import FileKind
from reconciler.desired.sound import sound_part
from reconciler.desired.structure import Structure
from reconciler.desired.tree import Mapping, Scalar, entry_at, node_at
from reconciler.desired.variables import expand
from reconciler.model.diagnostic import Diagnostic

API_VERSION = "rictl/v1"
BASELINES = "_base"
KINDS: tuple[FileKind, ...] = ("Environment", "Baseline")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file. `root` is None when it has no sound structure; `kind` and `name` are told as far as they can be.

    `part` is what of it is sound, and all of it where `root` is there; None when nothing can be said of its structure.
    """

    path: Path
    file: str
    text: str
    kind: FileKind
    root: Mapping | None
    name: str | None
    problems: tuple[Diagnostic, ...]
    part: Mapping | None = None

    @property
    def extends(self) -> tuple[str, ...]:
        """The names under `extends`."""
        values = node_at(self.root, ("extends",)) if self.root is not None else None
        if values is None or isinstance(values, Scalar | Mapping):
            return ()
        return tuple(str(item.value) for item in values.items if isinstance(item, Scalar))


@dataclass(slots=True)
class Reader:
    """Reads each file once."""

    structure: Structure
    variables: Variables[str, str]
    environments: Path
    here: Path
    _read: dict[Path, Document] = field(default_factory=dict)

    def document(self, path: Path) -> Document:
        """The document of that file."""
        if path not in self._read:
            self._read[path] = self._open(path)
        return self._read[path]

    @property
    def texts(self) -> dict[str, str]:
        """The text of every file that was read."""
        return {document.file: document.text for document in self._read.values()}

    def _open(self, path: Path) -> Document:
        file = self._shown(path)
        kind: FileKind = "Baseline" if path.parent.name == BASELINES else "Environment"
        text = read_text(path, file)
        if isinstance(text, Diagnostic):
            return Document(path, file, "", kind, None, None, (text,))
        root, found = compose(text, file)
        if root is None:
            return Document(path, file, text, kind, None, None, found)
        name = _name(root)
        declared, said = self._kind(root, path, kind)
        if said:
            return Document(path, file, text, declared, None, name, (*found, *said))
        if any(diagnostic.code == "unknown-alias" for diagnostic in found):
            # What stands in its place is not known, so nothing can be said of the structure.
            return Document(path, file, text, declared, None, name, found)
        root, unknown = expand(root, self.variables) if "${" in text else (root, ())
        told = {diagnostic.where for diagnostic in (*found, *unknown)}
        broken = tuple(diagnostic for diagnostic in self.structure.problems(root, declared) if diagnostic.where not in told)
        problems = (*found, *unknown, *broken)
        sound = None if problems else root
        too_many = any(diagnostic.code == "too-many-problems" for diagnostic in broken)
        part = None if too_many else sound_part(root, problems)
        return Document(path, file, text, declared, sound, name, (*problems, *_file_name(root, path, name)), part)

    def _kind(self, root: Mapping, path: Path, expected: FileKind) -> tuple[FileKind, tuple[Diagnostic, ...]]:
        version, kind = root.get("apiVersion"), root.get("kind")
        if isinstance(version, Scalar) and isinstance(version.value, str) and version.value != API_VERSION:
            said = f"`{version.value[:80]}` is no version of this format that this rictl knows"
            hint = f"write `apiVersion: {API_VERSION}`, or use a newer rictl"
            return expected, (finding("unknown-api-version", said, version.place, hint),)
        if not isinstance(kind, Scalar) or not isinstance(kind.value, str):
            return expected, ()
        declared = next((known for known in KINDS if known == kind.value), None)
        if declared is None:
            hint = did_you_mean(kind.value, KINDS) or "kinds: `Environment`, `Baseline`"
            return expected, (finding("wrong-kind", f"`{kind.value[:80]}` is no kind of file", kind.place, hint),)
        if declared != expected and (expected == "Baseline" or path.parent == self.environments):
            folder = f"{self.environments.name}/{BASELINES}/" if declared == "Baseline" else f"{self.environments.name}/"
            said = f"a file of the kind `{declared}` does not belong into this folder"
            return declared, (finding("wrong-kind", said, kind.place, f"move it to `{folder}`, or write `kind: {expected}`"),)
        return declared, ()

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self.here)) if path.is_relative_to(self.here) else str(path)


def declared_name(path: Path) -> str | None:
    """The name that a file gives to what it describes, or None when it cannot be told."""
    text = read_text(path, path.name)
    root = None if isinstance(text, Diagnostic) else compose(text, path.name)[0]
    return None if root is None else _name(root)


def _name(root: Mapping) -> str | None:
    node = node_at(root, ("metadata", "name"))
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _file_name(root: Mapping, path: Path, name: str | None) -> tuple[Diagnostic, ...]:
    if name is None or name == path.stem:
        return ()
    _, place = entry_at(root, ("metadata", "name"))
    said = f"the file is called `{path.name}`, what it describes `{name[:80]}`"
    return (finding("file-name", said, place, "give both the same name, so that people find the file"),)
