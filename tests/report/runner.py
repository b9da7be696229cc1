"""What the runner of GitHub Actions and the agent of Azure Pipelines take for commands, written after their public sources."""

from __future__ import annotations

from collections.abc import Sequence

Found = list[tuple[str, dict[str, str], str]]
_GITHUB = {"error", "warning", "notice", "group", "endgroup", "set-env", "add-mask", "add-path", "set-output", "stop-commands", "debug"}


def github_commands(lines: Sequence[str]) -> Found:
    """Name, properties and data of each command, of both forms (actions/runner, ActionCommand.cs)."""
    found = []
    for line in lines:
        start = line.lstrip()
        if start.startswith("::") and "::" in start[2:]:
            head, _, data = start[2:].partition("::")
            pieces = (",", {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}, {"%0D": "\r", "%0A": "\n", "%25": "%"})
        elif "##[" in line and "]" in line[line.index("##[") :]:
            head, _, data = line[line.index("##[") + 3 :].partition("]")
            both = {"%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%25": "%"}
            pieces = (";", both, both)
        else:
            continue
        name, _, properties = head.partition(" ")
        if name in _GITHUB:
            found.append((name, _properties(properties.strip(), pieces[0], pieces[1]), _unescaped(data, pieces[2])))
    return found


def azure_commands(lines: Sequence[str]) -> Found:
    """The same of the agent (microsoft/azure-pipelines-agent, Command.cs)."""
    signs = {"%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%AZP25": "%"}
    found = []
    for line in lines:
        if "##vso[" in line and "]" in line[line.index("##vso[") :]:
            head, _, data = line[line.index("##vso[") + 6 :].partition("]")
            name, _, properties = head.partition(" ")
            if name.count(".") == 1:
                found.append((name, _properties(properties, ";", signs), _unescaped(data, signs)))
    return found


def _properties(text: str, between: str, signs: dict[str, str]) -> dict[str, str]:
    pairs = [pair.split("=", 1) for pair in text.split(between) if "=" in pair]
    return {name: _unescaped(value, signs) for name, value in pairs}


def _unescaped(text: str, signs: dict[str, str]) -> str:
    for sign, character in signs.items():
        text = text.replace(sign, character)
    return text
