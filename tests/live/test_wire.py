"""Codes and canonical values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalog.types import Choice, FieldType, Flag, RoleSet, TemplateRef, Whole
from reconciler.live.wire import Names, Unwritable, encoding_of, fact_of, stored_of
from reconciler.model.fact import Absent, Fact, Known, Ref, Unknown, Value

A, B = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
NAMES = Names({A: "Salesperson", B: "Sales Manager"}, {A: "Introduction request"})
SOURCE, SHOWN, ROLES = Flag(on=3, off=1), Flag(on=1, off=2), RoleSet(4000)
WORDS = Choice((("once-a-day", 1), ("once-a-week", 3)))


@pytest.mark.parametrize(
    ("type", "stored", "fact"),
    [
        (Flag(), True, Known(True)),
        (Flag(), False, Known(False)),
        (Flag(), None, Absent()),
        (SOURCE, 3, Known(True)),
        (SOURCE, 1, Known(False)),
        (SHOWN, 2, Known(False)),
        (Whole(3, 9), 6, Known(6)),
        (Whole(3, 9), 0, Known(0)),
        (WORDS, 3, Known("once-a-week")),
        (TemplateRef(), f"{{{A.upper()}}}", Known(Ref(A))),
        (TemplateRef(), "  ", Absent()),
        (ROLES, json.dumps([B.upper(), A, A]), Known((Ref(A), Ref(B)))),
        (ROLES, f"{{{A}}}, {{{B}}}", Known((Ref(A), Ref(B)))),
        (ROLES, "", Absent()),
        (ROLES, "[]", Absent()),
    ],
)
def test_a_stored_code_has_one_meaning(type: FieldType, stored: Any, fact: Fact) -> None:
    assert fact == fact_of(type, stored, NAMES)


@pytest.mark.parametrize(
    ("type", "stored"),
    [
        (Flag(), 1),
        (Flag(), "true"),
        (SOURCE, True),
        (SOURCE, 2),
        (Whole(3, 9), True),
        (Whole(3, 9), 6.5),
        (WORDS, 2),
        (WORDS, "once-a-day"),
        (WORDS, True),
        (TemplateRef(), "Introduction request"),
        (TemplateRef(), 7),
        (ROLES, 7),
        (ROLES, "{}"),
        (ROLES, '{"roles": []}'),
        (ROLES, "[1]"),
        (ROLES, "[" * 4000),
        (ROLES, f"{A},,{B}"),
        (ROLES, f"{A},Salesperson"),
        (ROLES, "Salesperson;Sales Manager"),
        (ROLES, "salesperson"),
        (ROLES, f"{A}," * 200),
        (ROLES, " " * 3999 + "xyz"),
    ],
)
def test_a_code_that_nobody_described_is_unknown(type: FieldType, stored: Any) -> None:
    fact = fact_of(type, stored, NAMES)
    assert isinstance(fact, Unknown)
    assert None is encoding_of(type, stored, NAMES)


def test_names_that_two_roles_share_are_not_believed() -> None:
    assert isinstance(fact_of(ROLES, "Salesperson", Names({A: "Salesperson", B: "Salesperson"})), Unknown)


@pytest.mark.parametrize(
    ("type", "value", "encoding", "stored"),
    [
        (Flag(), True, None, True),
        (SOURCE, False, None, 1),
        (SHOWN, True, None, 1),
        (Whole(3, 9), 9, None, 9),
        (WORDS, "once-a-day", None, 1),
        (TemplateRef(), Ref(A.upper()), None, A),
        (ROLES, (Ref(B), Ref(A)), None, f'["{A}","{B}"]'),
        (ROLES, (Ref(B), Ref(A)), "comma-ids", f"{A},{B}"),
        (ROLES, (Ref(B, "Sales Manager"), Ref(A, "Salesperson")), "json-names", '["Salesperson","Sales Manager"]'),
        (ROLES, (Ref(B, "Sales Manager"), Ref(A, "Salesperson")), "comma-names", "Salesperson,Sales Manager"),
    ],
)
def test_a_value_is_stored_as_its_code(type: FieldType, value: Value, encoding: str | None, stored: Any) -> None:
    assert stored == stored_of(type, value, encoding)


@pytest.mark.parametrize(
    ("type", "value", "encoding"),
    [
        (Flag(), 1, None),
        (Whole(3, 9), True, None),
        (Whole(3, 9), 10, None),
        (WORDS, "never", None),
        (TemplateRef(), Ref("none"), None),
        (ROLES, (), None),
        (ROLES, (Ref("none"),), None),
        (ROLES, (Ref(A),), "json-names"),
        (ROLES, (Ref(A, "Sales, all"),), "comma-names"),
        (ROLES, (Ref(A),), "yaml"),
    ],
)
def test_a_value_that_is_none_of_the_type_is_refused(type: FieldType, value: Value, encoding: str | None) -> None:
    with pytest.raises(Unwritable):
        stored_of(type, value, encoding)


def test_a_role_selection_that_does_not_fit_is_refused_and_not_cut() -> None:
    roles = tuple(Ref(f"00000000-0000-4000-8000-{number:012}") for number in range(103))
    assert len(str(stored_of(ROLES, roles[:102], None))) <= 4000
    with pytest.raises(Unwritable, match="103 roles take 4018 characters, and the column holds 4000"):
        stored_of(ROLES, roles, None)


@given(st.sets(st.uuids(), min_size=1, max_size=50), st.sampled_from(["json-ids", "comma-ids", "json-names", "comma-names"]))
def test_what_is_stored_reads_as_what_was_wished(ids: set[Any], encoding: str) -> None:
    names = {str(id): f"Role of {id}" for id in ids}
    wished = tuple(sorted(Ref(id, name) for id, name in names.items()))
    stored = stored_of(ROLES, wished, encoding)
    assert Known(wished) == fact_of(ROLES, stored, Names(names))
    assert encoding == encoding_of(ROLES, stored, Names(names))


@given(st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.lists(st.text()), st.floats(), st.text(alphabet='[]{}",ab-01 ')))
def test_no_stored_value_is_too_strange(stored: Any) -> None:
    for type in (Flag(), SOURCE, Whole(3, 9), WORDS, ROLES, TemplateRef()):
        assert isinstance(fact_of(type, stored, NAMES), Known | Absent | Unknown)
