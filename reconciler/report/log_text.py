"""Turns text into text that is safe in the log of a pipeline: no line of it is a command to the build server. Pure.

GitHub's runner takes a line for a command that begins with `::` behind white space, and, from its first version, one that holds `##[NAME]`
anywhere (github.com/actions/runner, ActionCommand.cs). The agent of Azure Pipelines takes one that holds `##vso[AREA.EVENT]` anywhere
(github.com/microsoft/azure-pipelines-agent, Command.cs). Both compare by the rules of a language, which pass over characters that have no
weight, such as U+034F: only the ASCII characters of a line tell whether it could be a command.
"""

from __future__ import annotations

import re

_NOT_ASCII = re.compile(r"[^ -~]")
_LINE_END = re.compile(r"(\r\n|\r|\n)")


def inert(text: str) -> str:
    """The same lines; one that could be a command begins with a bar, or has a space behind each number sign.

    >>> inert("::error::not by us")
    '| ::error::not by us'
    >>> inert("a role named ##vso[task.complete]")
    'a role named # # vso[task.complete]'
    """
    if "::" not in text and "##" not in text and text.isascii():
        return text
    return "".join(_inert_line(part) for part in _LINE_END.split(text))


def _inert_line(line: str) -> str:
    ascii_only = _NOT_ASCII.sub("", line)
    if "##" in ascii_only:
        line = line.replace("#", "# ")
    return f"| {line}" if ascii_only.lstrip().startswith("::") else line
