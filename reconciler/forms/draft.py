"""Turns FormXml into a draft that knows its map and its widgets, and that every edit replaces by a new one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from reconciler.forms.anchor import Scene
from reconciler.forms.identity import FORM_LETTERS
from reconciler.forms.locate import FormMap, locate, plain
from reconciler.forms.recognise import Recognised, recognise
from reconciler.forms.splice import Splice, SpliceBroken, spliced
from reconciler.forms.tree import FormUnreadable
from reconciler.forms.values import WidgetSpec


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change while a form is edited. `order` holds the wanted widgets as the file lists them."""

    form_id: str
    known: Sequence[WidgetSpec]
    language: int
    order: Sequence[str]

    def spec(self, widget: str) -> WidgetSpec:
        """The widget of that name, which must be known."""
        return next(each for each in self.known if each.name == widget)


@dataclass(frozen=True, eq=False)
class Draft:
    """One state of the form."""

    setting: Setting
    xml: bytes
    form: FormMap
    seen: Recognised

    @classmethod
    def of(cls, xml: bytes, setting: Setting) -> Draft:
        """The draft of some bytes. Raises FormUnreadable."""
        form = locate(xml)
        return cls(setting, xml, form, recognise(form, setting.known, setting.form_id))

    def edited(self, splices: Iterable[Splice]) -> Draft:
        """The draft after those splices, read again from its bytes."""
        after = spliced(self.xml, splices)
        try:
            return Draft.of(after, self.setting)
        except FormUnreadable as error:
            raise SpliceBroken(f"an edit broke the form: {error}") from error

    @cached_property
    def scene(self) -> Scene:
        """What anchors are read against."""
        return Scene(self.form, self.setting.language, self.seen.owners())

    @property
    def form_letters(self) -> str:
        """What ours on this form remember of `<controlDescriptions>`."""
        return "".join(letter for letter in FORM_LETTERS if any(letter in each.letters for each in self.seen.sections))

    def is_taken(self, identifier: str) -> bool:
        """Whether an identifier occurs anywhere on the form, in any case, with braces or without."""
        return plain(identifier).encode() in self._lowered

    @cached_property
    def _lowered(self) -> bytes:
        return self.xml.lower()

    def is_control(self, name: str) -> bool:
        """Whether a control of that id is on the form."""
        return any((control.get("id") or "").lower() == name for control in self.form.controls)
