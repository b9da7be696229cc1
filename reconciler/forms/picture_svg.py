"""Turns FormXml into the drawing of its grid as one self-contained SVG: readable in light and dark, and by screen readers. Pure.

Nothing outside is referred to, nothing is run, and every text from the form is clean and escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

from reconciler.forms.picture_grid import DrawnSection, DrawnTab, DrawnWidget, Grid, clean, columns_of, grid_of, heading
from reconciler.forms.picture_words import counted, described
from reconciler.forms.values import WidgetSpec

WIDTH = 960
MARGIN, GAP, PAD = 20, 12, 10
LINE, BIG_LINE, WIDGET_HEIGHT = 17, 22, 26
TALLEST = 6000
"""Tabs beyond this height are counted and not drawn."""

MOST_SECTIONS = 60
"""Sections of one column that are drawn; the rest is counted."""

_TAIL = 10
"""What of a section's name is never cut: the designer tells sections apart by their ends, as in `tab_3_section_12`."""

_NARROW, _BROAD = frozenset("iljtfI.,:;|!'()[]· "), frozenset("mwMW@%")
_LIGHT = {
    "page": "#ffffff",
    "line": "#d0d7de",
    "box": "#f6f8fa",
    "text": "#1f2328",
    "soft": "#59636e",
    "ours": "#0969da",
    "fill": "#ddf4ff",
}
_DARK = {"page": "#0d1117", "line": "#3d444d", "box": "#151b23", "text": "#f0f6fc", "soft": "#9198a1", "ours": "#4493f8", "fill": "#121d2f"}
_HALF = {"light": ("#bc4c00", "#fff1e5"), "dark": ("#db6d28", "#221a14")}


def picture_svg(xml: bytes, *, known: Sequence[WidgetSpec], title: str = "Form", form_id: str | None = None) -> str:
    """The grid of one form under its title. Raises FormUnreadable as `locate` does."""
    grid = grid_of(xml, known, form_id)
    drawing = _drawing(grid, title, 0)
    return _document([drawing], clean(title), described(grid))


def before_and_after(before: bytes, after: bytes, *, known: Sequence[WidgetSpec], title: str = "Form", form_id: str | None = None) -> str:
    """Both grids side by side. Raises FormUnreadable as `locate` does."""
    grids = grid_of(before, known, form_id), grid_of(after, known, form_id)
    drawings = [_drawing(grids[0], f"{title}, before", 0), _drawing(grids[1], f"{title}, after", WIDTH)]
    return _document(drawings, f"{clean(title)}, before and after", f"Before: {described(grids[0])} After: {described(grids[1])}")


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Some lines of SVG and the height that they take."""

    lines: list[str]
    height: int


def _document(drawings: Sequence[_Drawing], title: str, description: str) -> str:
    height = max(each.height for each in drawings) + LINE + 2 * MARGIN
    width = WIDTH * len(drawings)
    body = [line for each in drawings for line in each.lines]
    # Several pictures may stand in one page, where an id may occur once.
    key = "form-" + sha256("\n".join([title, description, *body]).encode()).hexdigest()[:12]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="rictl-form" role="img" aria-labelledby="{key}-title {key}-desc"'
            f' viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="system-ui, sans-serif" font-size="13">',
            f'<title id="{key}-title">{escape(title)}</title>',
            f'<desc id="{key}-desc">{escape(description)}</desc>',
            f"<style>{_style()}</style>",
            f'<rect class="page" width="{width}" height="{height}" rx="8"/>',
            *body,
            *_legend(height - MARGIN),
            "</svg>",
            "",
        ]
    )


def _style() -> str:
    """Light colours, and dark ones where the reader's system asks for them; every rule begins with our class, for pages have styles."""
    return f"{_rules(_LIGHT, *_HALF['light'])}@media (prefers-color-scheme: dark){{{_rules(_DARK, *_HALF['dark'])}}}"


def _rules(colors: dict[str, str], half: str, half_fill: str) -> str:
    rules = {
        "page": f"fill:{colors['page']};stroke:{colors['line']}",
        "tab": f"fill:{colors['page']};stroke:{colors['line']}",
        "box": f"fill:{colors['box']};stroke:{colors['line']}",
        "text": f"fill:{colors['text']}",
        "soft": f"fill:{colors['soft']};font-size:12px",
        "ours": f"fill:{colors['fill']};stroke:{colors['ours']};stroke-width:2",
        "theirs": f"fill:{colors['page']};stroke:{colors['soft']};stroke-width:1.5;stroke-dasharray:5 3",
        "half": f"fill:{half_fill};stroke:{half};stroke-width:2;stroke-dasharray:2 3",
        "hidden .text": f"fill:{colors['soft']}",
        "hidden .box": f"fill:{colors['page']};stroke-dasharray:3 3",
        "hidden rect": "opacity:.7",
    }
    return "".join(f".rictl-form .{name}{{{rule}}}" for name, rule in rules.items())


def _drawing(grid: Grid, title: str, left: int) -> _Drawing:
    x, y, width = left + MARGIN, MARGIN, WIDTH - 2 * MARGIN
    lines = [_text(x, y + 15, title, width, "text", bold=True)]
    y += BIG_LINE + 6
    for done, tab in enumerate(grid.tabs):
        if y > TALLEST:
            lines.append(_text(x, y + 13, f"… and {len(grid.tabs) - done} more tabs", width, "soft"))
            y += BIG_LINE
            break
        drawn, height = _tab(tab, x, y, width)
        lines += drawn
        y += height + GAP
    if not grid.tabs:
        lines.append(_text(x, y + 13, "(no tabs)", width, "soft"))
        y += BIG_LINE
    for where, widgets in (("header and footer", grid.outside), ("in no cell", grid.nowhere)):
        if widgets:
            drawn, height = _loose(where, widgets, x, y, width)
            lines += drawn
            y += height + GAP
    return _Drawing(lines, y)


def _tab(tab: DrawnTab, x: int, y: int, width: int) -> tuple[list[str], int]:
    """A frame with the tab's name and its columns side by side."""
    top = PAD + BIG_LINE
    count = max(1, len(tab.columns))
    each = (width - 2 * PAD - (count - 1) * GAP) // count
    body: list[str] = []
    tallest = 0
    for number, column in enumerate(tab.columns):
        drawn, height = _column(column, x + PAD + number * (each + GAP), y + top, each)
        body += drawn
        tallest = max(tallest, height)
    left_out = f" (and {tab.left_out} more columns)" if tab.left_out else ""
    none = "" if tab.columns else " (no columns)"
    title = f"{heading(tab.name, tab.label)}{' (hidden)' if tab.is_hidden else ''}{none}{left_out}"
    height = top + tallest + PAD
    frame = f'<rect class="tab" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
    name = _text(x + PAD, y + PAD + 12, title, width - 2 * PAD, "text", bold=True)
    return _dimmed([frame, name, *body], tab.is_hidden), height


def _column(sections: tuple[DrawnSection, ...], x: int, y: int, width: int) -> tuple[list[str], int]:
    lines: list[str] = []
    height = 0
    for section in sections[:MOST_SECTIONS]:
        drawn, taken = _section(section, x, y + height, width)
        lines += drawn
        height += taken + GAP
    if not sections:
        lines.append(_text(x, y + 13, "(empty)", width, "soft"))
        height = LINE + GAP
    if len(sections) > MOST_SECTIONS:
        lines.append(_text(x, y + height + 13, f"… and {len(sections) - MOST_SECTIONS} more sections", width, "soft"))
        height += LINE + GAP
    return lines, height - GAP


def _section(section: DrawnSection, x: int, y: int, width: int) -> tuple[list[str], int]:
    """A box: the name; whether it is hidden, how many fields, the label; and the widgets in it."""
    hidden = ["hidden"] if section.is_hidden else []
    fields = [counted(section.fields, "field")] if section.fields or not section.widgets else []
    label = [f'"{section.label}"'] if section.name and section.label not in ("", section.name) else []
    under = " · ".join([*hidden, *fields, *label])
    height = PAD + 2 * LINE + len(section.widgets) * (WIDGET_HEIGHT + 6) + 4
    lines = [
        f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>',
        _text(x + PAD, y + PAD + 10, section.name or section.label or "(no name)", width - 2 * PAD, "text", keep=_TAIL),
        _text(x + PAD, y + PAD + LINE + 9, under, width - 2 * PAD, "soft"),
    ]
    for number, widget in enumerate(section.widgets):
        lines += _widget(widget, x + PAD, y + PAD + 2 * LINE + number * (WIDGET_HEIGHT + 6), width - 2 * PAD)
    return _dimmed(lines, section.is_hidden), height


def _loose(where: str, widgets: Sequence[DrawnWidget], x: int, y: int, width: int) -> tuple[list[str], int]:
    """The widgets that stand in no section, one below the other."""
    lines = [_text(x, y + 13, where, width, "soft")]
    for number, widget in enumerate(widgets):
        lines += _widget(widget, x, y + LINE + 4 + number * (WIDGET_HEIGHT + 6), width // 3)
    return lines, LINE + 4 + len(widgets) * (WIDGET_HEIGHT + 6)


def _widget(widget: DrawnWidget, x: int, y: int, width: int) -> list[str]:
    style = "half" if widget.is_half else "ours" if widget.is_ours else "theirs"
    marks = [*(["half"] if widget.is_half else []), *(["hidden"] if widget.is_hidden else []), *([] if widget.is_ours else ["not ours"])]
    text = f"{widget.name} ({', '.join(marks)})" if marks else widget.name
    box = f'<rect class="{style}" x="{x}" y="{y}" width="{width}" height="{WIDGET_HEIGHT}" rx="4"/>'
    return _dimmed([box, _text(x + 8, y + 17, text, width - 16, "text")], widget.is_hidden)


def _legend(y: int) -> list[str]:
    lines, x = [], MARGIN
    for style, meaning in (("ours", "placed by rictl"), ("theirs", "placed by somebody else"), ("half", "half there")):
        lines.append(f'<rect class="{style}" x="{x}" y="{y - 11}" width="22" height="13" rx="3"/>')
        lines.append(_text(x + 29, y, meaning, 400, "soft"))
        x += 29 + _extent(meaning, "soft") + 12
    lines.append(_text(x, y, "pale: hidden by default", 400, "soft"))
    return lines


def _dimmed(lines: list[str], is_hidden: bool) -> list[str]:
    return ['<g class="hidden">', *lines, "</g>"] if is_hidden else lines


def _text(x: int, y: int, text: str, width: int, style: str, *, bold: bool = False, keep: int = 0) -> str:
    """One line of text, shortened to the width but for its last `keep` characters; the whole of it is the tooltip."""
    whole = clean(text)
    shown = _fitting(whole, width * 0.92 if bold else width, style, keep)
    more = f"<title>{escape(whole)}</title>" if shown != whole else ""
    weight = ' font-weight="600"' if bold else ""
    return f'<text class={quoteattr(style)} x="{x}" y="{y}"{weight}>{more}{escape(shown)}</text>'


def _fitting(text: str, width: float, style: str, keep: int) -> str:
    """The text, shortened with an ellipsis until it is not wider than that."""
    if _extent(text, style) <= width:
        return text
    head, tail = text[: len(text) - keep], text[len(text) - keep :]
    while head and _extent(f"{head}…{tail}", style) > width:
        head = head[:-1]
    return f"{head}…{tail}"


def _extent(text: str, style: str) -> int:
    """How wide a text is drawn, rather estimated too wide than too narrow: fonts differ, and nothing here can measure one."""
    widths = (0.36 if each in _NARROW else 0.98 if each in _BROAD else 0.74 if each.isupper() else 0.63 * columns_of(each) for each in text)
    return round(sum(widths) * (12 if style == "soft" else 13))
