"""Where somebody wrote something. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.about import about


@dataclass(frozen=True, slots=True, order=True)
class SourceSpan:
    """A place in a text file: lines and columns count from 1, columns in characters."""

    file: str = about("Path of the file as it was given.", "environments/contoso-prod.yaml")
    line: int = about("Line, counted from 1.", 31)
    column: int = about("Column, counted from 1 in characters.", 5)
    end_column: int | None = about("Column after the last character, when it is on the same line.", 12, None)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Why an effective value is what it is: the place that says so and, if it is not literal there, how it follows."""

    span: SourceSpan | None = about("The place in the YAML files that asks for it.", None)
    because: str | None = about(
        "How the value follows, when it is not written there literally.", "implied by relationshipIntelligence.enabled", None
    )
