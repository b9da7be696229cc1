"""Keeps what was read of tables between runs, by organization and version. Touches one folder; everything in it may vanish."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.model.live import Organization, TableMetadata

_LARGEST = 4 * 1024 * 1024
_FORMAT = 1
_SAFE = re.compile(r"[0-9A-Za-z.-]{1,64}")


@dataclass(frozen=True, slots=True)
class MetadataCache:
    """A folder of files that only their owner can read. Losing it, or finding rubbish in it, costs one more request."""

    folder: Path | None

    def load(self, organization: Organization) -> dict[str, TableMetadata]:
        """What is known of the organization's tables; empty when nothing usable is there."""
        path = self._path(organization)
        try:
            if path is None or path.stat().st_size > _LARGEST:
                return {}
            found = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict) or found.get("format") != _FORMAT or not isinstance(found.get("tables"), dict):
            return {}
        return {str(table): metadata for table, entry in found["tables"].items() if (metadata := _metadata(entry)) is not None}

    def store(self, organization: Organization, tables: Mapping[str, TableMetadata]) -> None:
        """Replaces what is kept, in one step; a folder that cannot be written is as good as none."""
        path = self._path(organization)
        if path is None:
            return
        entries = {t: {"columns": dict(m.columns), "optimistic_concurrency": m.optimistic_concurrency} for t, m in sorted(tables.items())}
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mkstemp gives a file that nobody else can read, and os.replace never leaves half a file behind.
            handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".metadata-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"format": _FORMAT, "tables": entries}, file, sort_keys=True)
            os.replace(draft, path)

    def _path(self, organization: Organization) -> Path | None:
        if self.folder is None or not organization.version or not _SAFE.fullmatch(organization.version):
            return None
        return self.folder / f"{organization.id}-{organization.version}.json"


def _metadata(entry: Any) -> TableMetadata | None:
    columns = entry.get("columns") if isinstance(entry, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(type, str) for type in columns.values()):
        return None
    return TableMetadata(columns, entry.get("optimistic_concurrency") is True)
