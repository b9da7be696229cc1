"""What people look at pages with: a phone and a desktop, in light and in dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Window:
    """One way of looking; `script` false is a browser without JavaScript."""

    width: int
    height: int
    scheme: Scheme
    script: bool = True

    def __str__(self) -> str:
        return f"{'phone' if self.width < 600 else 'desktop'}-{self.scheme}"


PHONE_LIGHT, PHONE_DARK = Window(390, 844, "light"), Window(390, 844, "dark")
DESKTOP_LIGHT, DESKTOP_DARK = Window(1280, 900, "light"), Window(1280, 900, "dark")
WITHOUT_SCRIPT = Window(1280, 900, "light", script=False)
WINDOWS = (PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK)
