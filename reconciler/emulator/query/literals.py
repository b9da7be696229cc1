"""Turns a $filter into the form that the expression parser can read, and says what is wrong with one that nobody can. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from reconciler.emulator.errors import bad_request

ESCAPED = "column__"
"""Put before identifiers that begin with a keyword; the parser's lexer would cut `allowance` into `all` and `owance`."""

_STRING = re.compile(r"""("[^"]*"|'(?:[^']|'')*')""")
_KEYWORD = re.compile(r"\b((?:any|all|null|true|false)\w+)", re.IGNORECASE)
_SINGLE = re.compile(r"(\sin\s{0,20})\(\s{0,20}([^(),\s]+)\s{0,20}\)", re.IGNORECASE)
_TIGHT = re.compile(r"(?<=\))(and|or)\b|\b(and|or|not)(?=\()")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_MAX_LENGTH = 32_768
_MAX_DEPTH = 50


@lru_cache(maxsize=256)
def parsed(text: str) -> Any:
    """The syntax tree of a $filter (odata-query's)."""
    # The grammar costs 70 ms to import, and most requests have no filter.
    from odata_query.exceptions import ODataException
    from odata_query.grammar import ODataLexer, ODataParser

    if len(text) > _MAX_LENGTH or _depth(text) > _MAX_DEPTH:
        raise bad_request("The $filter is too long or nested too deeply.")
    try:
        return ODataParser().parse(ODataLexer().tokenize(readable(text)))
    except (ODataException, AttributeError):
        # The grammar stumbles over its own tree where `any` stands behind a long path.
        raise bad_request(f"Syntax error in the query option '$filter': '{text}'.") from None


def readable(text: str) -> str:
    """The same filter in the dialect of the parser.

    Words stand apart, lists of one item get a comma, `[...]` becomes `(...)`, double quotes become single.
    """
    pieces = _STRING.split(text)
    strings = [f"'{piece[1:-1].replace(chr(39), chr(39) * 2)}'" if piece[0] == '"' else piece for piece in pieces[1::2]]
    bare = "".join(f"\x00{number // 2}\x00" if number % 2 else piece for number, piece in enumerate(pieces))
    if "'" in bare or '"' in bare:
        # What stands open is the last of its kind.
        position = max(text.rfind("'"), text.rfind('"'))
        raise bad_request(f"There is an unterminated literal at position {position} in '{text}'.")
    # Clients write `not(...)` and `(...)and(...)`; the grammar wants spaces around its words.
    bare = _TIGHT.sub(r" \g<0> ", bare)
    bare = _KEYWORD.sub(lambda found: ESCAPED + found[1], bare)
    bare = _SINGLE.sub(r"\1(\2,)", bare)
    bare = _BRACKETS.sub(lambda found: f"({found[1]}{'' if ',' in found[1] else ','})", bare)
    return re.sub(r"\x00(\d+)\x00", lambda found: strings[int(found[1])], bare).strip()


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest
