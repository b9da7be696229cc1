"""Asks git about the checkout that holds the environment files. Runs git, which reads the repository and writes nothing."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.workspace import ENVIRONMENTS
from reconciler.model.checkout import Checkout

_SECONDS = 60.0
_MOST_FILES = 5_000
_LARGEST_FILE = 4 * 1024 * 1024
_LARGEST_SUM = 64 * 1024 * 1024
_LONGEST_NAME = 250
_PLAIN_FILES = frozenset({"100644", "100755"})
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
"""Nothing is asked, locked or fetched: a plan needs the network for the environments only."""


class GitProblem(Exception):
    """Why git could not say what was asked; `hint` says what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: its full hash, and the day on which it was made (UTC)."""

    hash: str
    day: dt.date


def checkout_of(root: Path, base: Commit | None = None) -> Checkout | None:
    """The checkout of this folder; None where there is none, or no git, or no commit yet."""
    try:
        head = commit_of(root, "HEAD")
        changed = _git(root, "-c", "core.fsmonitor=false", "status", "--porcelain", "-z", "--", ENVIRONMENTS)
    except GitProblem:
        return None
    return Checkout(head.hash, base.hash if base is not None else None, bool(changed))


def commit_of(root: Path, name: str) -> Commit:
    """The commit of that name. Raises GitProblem when there is none."""
    if not name or name.startswith("-") or len(name) > _LONGEST_NAME or not name.isprintable():
        raise GitProblem(f"{name[:_LONGEST_NAME]!a} cannot be the name of a commit", "name a commit, a tag or a branch, as in origin/main")
    _git(root, "rev-parse", "--git-dir")
    try:
        hash = _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode("ascii").strip()
    except GitProblem as error:
        hint = "fetch it first; a pipeline's checkout often holds one commit only (fetch-depth: 0 brings all)"
        raise GitProblem(f"this repository has no commit {name}", hint) from error
    moment = int(_git(root, "show", "--no-patch", "--format=%ct", hash).split()[0])
    return Commit(hash, dt.datetime.fromtimestamp(moment, dt.UTC).date())


def restore_environments(root: Path, commit: Commit, folder: Path) -> None:
    """Writes the YAML files under `environments/` as they were at that commit into `folder`. Links are left out.

    Raises GitProblem when that is more than rictl reads.
    """
    found = list(_entries(_git(root, "ls-tree", "-r", "-l", "-z", commit.hash, "--", f"{ENVIRONMENTS}/")))
    if len(found) > _MOST_FILES or sum(size for _, size, _ in found) > _LARGEST_SUM or any(size > _LARGEST_FILE for _, size, _ in found):
        raise GitProblem(f"{ENVIRONMENTS}/ is too large at {commit.hash[:12]} to be read", "leave --base out")
    objects = "".join(f"{object}\n" for object, _, _ in found).encode("ascii")
    contents = _blobs(_git(root, "cat-file", "--batch", given=objects), len(found))
    for (_, _, path), content in zip(found, contents, strict=True):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _entries(listing: bytes) -> Iterator[tuple[str, int, Path]]:
    """Object, size and path of each YAML file; git never stores a path that leads out of the folder."""
    for line in listing.split(b"\0"):
        described, _, name = line.partition(b"\t")
        if not name.endswith(b".yaml"):
            continue
        mode, _, object, size = described.decode("ascii").split()
        path = Path(os.fsdecode(name))
        if mode in _PLAIN_FILES and path.parts[0] == ENVIRONMENTS and ".." not in path.parts:
            # A file that this clone lacks has no size here; asking for its content tells so.
            yield object, int(size) if size.isdigit() else 0, path


def _blobs(answer: bytes, count: int) -> Iterator[bytes]:
    """The contents that `cat-file --batch` gives: a line `<object> blob <size>`, the bytes, a line break."""
    place = 0
    for _ in range(count):
        end = answer.find(b"\n", place)
        described = answer[place:end].split()
        if len(described) != 3:
            raise GitProblem("git does not have all files of the commit", "fetch them first: this is a partial clone")
        size = int(described[2])
        yield answer[end + 1 : end + 1 + size]
        place = end + size + 2


def _git(root: Path, *words: str, given: bytes = b"") -> bytes:
    """What git answers. Raises GitProblem when it refuses, is missing, or takes too long."""
    git = shutil.which("git")
    if git is None:
        raise GitProblem("git is not installed", "install git, or leave --base out")
    try:
        # The program is git itself; the only word from outside is the name of a commit, which is checked before.
        done = subprocess.run(  # noqa: S603
            [git, *words], cwd=root, env={**os.environ, **_QUIET}, input=given, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise GitProblem(f"git did not answer within {_SECONDS:.0f} s", "try again, or leave --base out") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitProblem(f"git says: {said[0][:300] if said else 'nothing'}", "run rictl in a git checkout, or leave --base out")
    return done.stdout


__all__: Sequence[str] = ("Commit", "GitProblem", "checkout_of", "commit_of", "restore_environments")
