"""Names and texts from files and from Dataverse are only ever text: in no format do they act, break its structure or disappear."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from lxml import etree
from markdown_it import MarkdownIt

from reconciler.catalog.register import CATALOG
from reconciler.report.escape import escape
from reconciler.report.formats.book import FORMATS, Style, render
from tests.report.worlds import RUNS, reworded

CORPUS = {
    "controls": "a\x00b\x07c\x08d\x1be\x7ff\x9bg",
    "colours": "\x1b[31mred\x1b[0m\x1b]8;;https://elsewhere.example\x07link\x1b]8;;\x07",
    "line ends": "one\ntwo\r\nthree\rfour\x0bfive\x0csix\u2028seven\u2029eight\x85nine",
    "script": '<script>alert(1)</script><img src=x onerror="alert(2)">',
    "attribute": '" onmouseover="alert(1)" x=\'',
    "end of a script": "</script></style></title></textarea></details></summary></table>--><!--",
    "end of data": "]]>]]&gt;<![CDATA[<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;&amp;&#60;",
    "template": "{{7*7}}{% raw %}{#x#}${7*7}<%= 7*7 %>#{7*7}",
    "markdown": "**bold** _soft_ ~~gone~~ [link](https://elsewhere.example) ![p](https://elsewhere.example/p.png) `code` # h",
    "table": "a | b | c\n|---|---|\n| d \\| e |",
    "fence": "```\n~~~~\n``````` <b> ``````` `",
    "list": "- [ ] a\n* b\n1. c\n> d\n=== \n---",
    "mentions": "@octocat #1 GH-1 octo/repo#1 https://elsewhere.example www.elsewhere.example a@elsewhere.example",
    "schemes": "javascript:alert(1) data:text/html,x mailto:a@elsewhere.example :tada:",
    "github": "::error file=x::owned\n::set-output name=x::y\n::stop-commands::token\n##[group]x",
    "azure": "##vso[task.setvariable variable=x;isOutput=true]owned\n##vso[task.complete result=Succeeded;]x",
    "percent": "%0A::error::x%0D%0A%25%3B%5D;,:=]",
    "directions": "admin\u202etxt.exe\u2066\u2067\u200f\u061c",
    "invisible": "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg\U000e0041h",
    "lone surrogate": "a\ud800b\udfffc",
    "not a character": "a\ufffeb\uffffc\U0001ffffd",
    "combining": "e" + "\u0301" * 80,
    "wide": "営業担当者の役割 🙂👩‍👩‍👧",
    "long": "x" * 10_000,
    "many words": "word " * 2_000,
    "formula": "=cmd|' /C calc'!A1",
    "paths": "../../etc/passwd?x=1#y%2e%2e C:\\x\\y",
    "known host": "https://contoso.crm4.dynamics.com@elsewhere.example/ https://elsewhere.example/#.dynamics.com https://x.dynamics.com.example/",
    "blank": " \t ",
}
COMBINATIONS = [(form.name, subject) for form in FORMATS for subject in sorted(form.subjects)]
# Longer than anything here: what does not fit is tested elsewhere.
STYLE = Style(catalog=CATALOG, limit=10_000_000)


def worded(subject: str, text: str) -> Any:
    """The run with that text in every place, each made its own by a number."""
    numbers: dict[str, int] = {}

    def word(old: str) -> str:
        # What names a widget keeps its three parts.
        parts = old.split("/") if old.count("/") == 2 else [old]
        return "/".join(f"{text}n{numbers.setdefault(part, len(numbers))}e" for part in parts)

    return reworded(RUNS[subject](), word)


@cache
def harmless(name: str, subject: str) -> Any:
    return structure(name, render(name, worded(subject, "name"), STYLE))


@cache
def rendered(name: str, subject: str, hostile: str) -> str:
    return render(name, worded(subject, CORPUS[hostile]), STYLE)


class Page(HTMLParser):
    """The tags with the names of their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Any] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # What stands in backticks is shown as code, in which nothing can be hidden or done.
        if tag != "code":
            self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag != "code":
            self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("declaration", decl))

    def unknown_decl(self, data: str) -> None:
        self.tags.append(("unknown", data))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def shape(value: Any) -> Any:
    """JSON without its texts. An object keeps its keys when they are ours."""
    if isinstance(value, dict):
        return {key: shape(held) for key, held in value.items()}
    if isinstance(value, list):
        return [shape(held) for held in value]
    return type(value).__name__


def github_commands(text: str) -> list[Any]:
    """As the runner reads lines: a command begins with `::`, behind white space; in its first version it is `##[...]` anywhere."""
    found: list[Any] = []
    for line in re.split(r"\r\n|\r|\n", text):
        second = re.match(r"\s*::([^\s:]+)(?: ((?:(?!::).)*))?::", line)
        if second:
            found.append((second[1], tuple(part.split("=")[0] for part in (second[2] or "").split(","))))
        found += re.findall(r"##\[\w+", line)
    return found


def azure_commands(text: str) -> list[Any]:
    """As the agent reads lines: a command is `##vso[AREA.EVENT PROPERTIES]`, anywhere; `##[...]` formats the line that it begins."""
    found: list[Any] = []
    for line in re.split(r"\r\n|\r|\n", text):
        if "##vso[" in line:
            inside = line.split("##vso[", 1)[1].split("]")[0]
            name, _, properties = inside.partition(" ")
            found.append((name, tuple(part.split("=")[0] for part in properties.split(";"))))
        found += re.findall(r"^\s*##\[\w+", line)
    return found


def markdown_html(text: str) -> str:
    return str(MarkdownIt("gfm-like", {"html": True}).render(text))


def xml_shape(text: str) -> list[Any]:
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    return [(element.tag, tuple(sorted(element.attrib))) for element in root.iter()]


def structure(name: str, text: str) -> Any:
    """What a reader of the format makes of it, but for the words. A new format needs its line here."""
    read: dict[str, Callable[[], Any]] = {
        "text": lambda: re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", text),
        "html": lambda: Page(text).tags,
        "markdown": lambda: Page(markdown_html(text)).tags,
        "json": lambda: shape(json.loads(text)),
        "sarif": lambda: shape(json.loads(text)),
        "junit": lambda: xml_shape(text),
        "github": lambda: github_commands(text),
        "azdo": lambda: azure_commands(text),
    }
    return read[name]()


def words(name: str, text: str) -> str:
    """The text that a reader of the format sees."""
    see: dict[str, Callable[[str], str]] = {
        "html": lambda page: "".join(Page(page).text),
        "markdown": lambda page: "".join(Page(markdown_html(page)).text),
        "json": lambda document: strings(json.loads(document)),
        "sarif": lambda document: strings(json.loads(document)),
        "github": lambda log: replaced(log, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}),
        "azdo": lambda log: replaced(log, {"%3B": ";", "%5D": "]", "%0D": "\r", "%0A": "\n", "%AZP25": "%"}),
        "junit": lambda document: xml_words(document),
    }
    return see.get(name, str)(text)


def xml_words(document: str) -> str:
    elements: list[Any] = list(etree.fromstring(document.encode()).iter())
    return " ".join(f"{' '.join(element.attrib.values())} {element.text or ''}" for element in elements)


def replaced(text: str, pairs: dict[str, str]) -> str:
    """As the build server undoes its escapes, in its order."""
    for escaped, character in pairs.items():
        text = text.replace(escaped, character)
    return text


def strings(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(strings(held) for held in value.values())
    return " ".join(strings(held) for held in value) if isinstance(value, list) else str(value)


def seen(text: str) -> str:
    """Letters and digits only: white space is folded and punctuation escaped, in one way or another, by most formats."""
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize("hostile", CORPUS)
@pytest.mark.parametrize(("name", "subject"), COMBINATIONS, ids=lambda each: str(each))
def test_hostile_words_leave_the_structure_of_every_format_as_it_is(name: str, subject: str, hostile: str) -> None:
    assert structure(name, rendered(name, subject, hostile)) == harmless(name, subject)


@pytest.mark.parametrize("hostile", CORPUS)
@pytest.mark.parametrize(("name", "subject"), COMBINATIONS, ids=lambda each: str(each))
def test_hostile_words_are_seen_in_every_format(name: str, subject: str, hostile: str) -> None:
    text = rendered(name, subject, hostile)

    assert seen(escape(CORPUS[hostile])[:40]) in seen(escape(words(name, text)))


@pytest.mark.parametrize(("name", "subject"), COMBINATIONS, ids=lambda each: str(each))
def test_no_format_lets_a_character_through_that_cannot_be_seen(name: str, subject: str) -> None:
    text = render(name, worded(subject, "".join(CORPUS.values())), STYLE)

    assert sorted({character for character in text if escape(character) != character}) in ([], ["\n"])
