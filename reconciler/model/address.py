"""Which object of which environment a line speaks of. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.about import about


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """The same in every output: `contoso-prod/exchange_data`, `contoso-prod/form_widgets["lead/Contoso Lead/who-knows-whom"]`."""

    environment: str = about("Name of the environment.", "contoso-prod")
    kind: str = about("Name of the kind in the catalogue.", "exchange_data")
    key: str = about("Which one, for kinds of which there are several.", "lead/Contoso Lead/who-knows-whom", "")

    def __str__(self) -> str:
        return f'{self.environment}/{self.kind}["{self.key}"]' if self.key else f"{self.environment}/{self.kind}"
