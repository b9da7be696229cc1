"""An environment that needs the Microsoft 365 consent, in the embedded Dataverse."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

Rictl = Callable[..., tuple[int, str, str]]

NEEDS_CONSENT = """\
apiVersion: rictl/v1
kind: Environment
metadata: {name: small, owner: crm-platform}
accept:
  - inferred-activation-by-patch
  - inferred-exchange-source
  - inferred-options-table
  - inferred-role-storage
  - inferred-widget-xml
connection: {emulator: small}
serviceGeneration: native-exchange
attestations:
  exchangeDataLocation: {country: IE, by: m365-admins, date: 2026-11-05}
relationshipIntelligence:
  whoKnowsWhom: {enabled: true}
  exchangeData:
    enabled: true
    securityRoles: [Salesperson, Sales Manager]
forms:
  - table: lead
    form: Contoso Lead
    widgets:
      - widget: who-knows-whom
"""


def file() -> Path:
    return Path("environments/small.yaml")


def declare(more: str = "") -> None:
    """Writes the file; `more` are further attestations."""
    file().write_text(NEEDS_CONSENT.replace("relationshipIntelligence:\n", f"{more}relationshipIntelligence:\n", 1), encoding="utf-8")


def applied(rictl: Rictl, *words: str) -> str:
    """What an apply prints that converged."""
    code, out, err = rictl("apply", "--auto-approve", *words)
    assert code == 0, out + err
    return out


def after(rictl: Rictl, hours: int) -> str:
    """Moves the clock on and returns the day it is then."""
    code, out, err = rictl("emulator", "clock", "--advance", f"{hours}h")
    assert code == 0, err
    return out[:10]


def joined(text: str) -> str:
    """The text with its folded lines in one."""
    return re.sub(r"\s+", " ", text)
