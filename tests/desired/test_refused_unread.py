"""What is no text file of a sane size is refused with a diagnostic, and what would cost without bound is stopped early."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.desired.bounds import FILE_BYTES
from reconciler.desired.compose import compose
from tests.desired.loading import HEAD, loaded, write, write_baseline


def codes(*paths: Path, root: Path) -> list[str]:
    return [diagnostic.code for diagnostic in loaded(*paths, root=root).diagnostics]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert codes(tmp_path / "nothing.yaml", root=tmp_path) == ["file-not-found"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert codes(tmp_path, root=tmp_path) == ["not-a-file"]


def test_a_socket_is_refused_without_waiting_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("pipe.yaml")

        assert codes(tmp_path / "pipe.yaml", root=tmp_path) == ["not-a-file"]


def test_a_name_that_no_file_can_have_is_unreadable(tmp_path: Path) -> None:
    assert codes(tmp_path / ("a" * 300 + ".yaml"), root=tmp_path) == ["file-unreadable"]


def test_a_loop_of_links_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")

    assert codes(tmp_path / "loop.yaml", root=tmp_path) == ["file-unreadable"]


def test_a_hundred_megabytes_are_refused_by_their_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 100_000_000)
    begun = time.perf_counter()

    found = codes(path, root=tmp_path)

    assert (found, time.perf_counter() - begun < 1) == (["file-too-large"], True)


def test_a_file_that_reports_no_size_is_read_only_up_to_the_bound(tmp_path: Path) -> None:
    path = write(tmp_path, "long", "# " + "x" * FILE_BYTES)

    assert codes(path, root=tmp_path) == ["file-too-large"]


def test_text_in_another_encoding_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: b\nname: München\n".encode("latin-1"))

    found = loaded(path, root=tmp_path).diagnostics

    assert [(d.code, d.where.line, d.where.column) for d in found if d.where] == [("not-utf-8", 2, 8)]


def test_a_nul_character_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "nul.yaml"
    path.write_bytes(b"a: b\nc: \x00\n")

    found = loaded(path, root=tmp_path).diagnostics

    assert [(d.code, d.where.line, d.where.column) for d in found if d.where] == [("nul-character", 2, 4)]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "marked")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert codes(path, root=tmp_path) == []


def test_windows_line_ends_do_no_harm_and_keep_the_lines_right(tmp_path: Path) -> None:
    path = write(tmp_path, "windows", "serviceGeneration: C\n")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    found = loaded(path, root=tmp_path).diagnostics

    assert [(d.code, d.where.line, d.source_line) for d in found if d.where] == [("unknown-value", 5, "serviceGeneration: C")]


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "[\n", "{a: ", "!!x [", "&a [", "{[", "[{"])
def test_nesting_without_end_is_stopped_at_once(opening: str) -> None:
    begun = time.perf_counter()

    root, found = compose(opening * (900_000 // len(opening)), "deep.yaml")

    assert (root, bool(found)) == (None, True)
    assert time.perf_counter() - begun < 2


def test_aliases_of_aliases_are_stopped_before_they_expand() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 60))]

    root, found = compose("\n".join(lines), "laughs.yaml")

    assert (root, [d.code for d in found]) == (None, ["alias-expansion"])


def test_a_wide_file_of_mistakes_is_answered_with_a_bounded_text(tmp_path: Path) -> None:
    path = write(tmp_path, "wide", "".join(f"k{i}: 1\n" for i in range(50_000)))

    found = codes(path, root=tmp_path)

    assert (len(found), "too-many-problems" in found) == (51, True)


def test_a_very_long_line_is_not_quoted(tmp_path: Path) -> None:
    path = write(tmp_path, "line", f"serviceGeneration: {'x' * 5_000}\n")

    found = loaded(path, root=tmp_path).diagnostics

    assert [d.source_line for d in found] == [None]
    assert max(len(d.summary) for d in found) < 200


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_no_bytes_make_it_raise(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(content)

    assert loaded(path, root=tmp_path).diagnostics


YAMLISH = st.text(alphabet=st.sampled_from("abc:-,[]{}&*!|>'\"%@` \n\t#?~01.<\\x$\u2028é"), max_size=80)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=YAMLISH)
def test_no_text_makes_it_raise(text: str, tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(HEAD.format(name="any") + text, encoding="utf-8")

    found = loaded(path, root=tmp_path)

    assert found.environments or found.diagnostics


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("${RICTL_VAR_X}")
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3), max_leaves=8
)
KEYS = ("metadata", "extends", "connection", "accept", "attestations", "forms", "relationshipIntelligence", "serviceGeneration")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=st.dictionaries(st.sampled_from(KEYS), TREES, max_size=4))
def test_no_shape_of_a_document_makes_it_raise(document: dict[str, object], tmp_path: Path) -> None:
    import yaml

    path = tmp_path / "any.yaml"
    path.write_text("apiVersion: rictl/v1\nkind: Environment\n" + yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")

    assert loaded(path, root=tmp_path).diagnostics


def test_baselines_that_fan_out_are_walked_once(tmp_path: Path) -> None:
    wide = ", ".join
    for level in range(8):
        above = f"extends: [{wide(f'l{level + 1}-{number}' for number in range(8))}]\n" if level < 7 else ""
        for number in range(8):
            write_baseline(tmp_path, f"l{level}-{number}", above)
    path = write(tmp_path, "fan", f"extends: [{wide(f'l0-{number}' for number in range(8))}]\n")
    begun = time.perf_counter()

    assert codes(path, root=tmp_path) == []
    assert time.perf_counter() - begun < 5


def test_a_long_mixed_list_is_checked_for_repetitions_in_bounded_time(tmp_path: Path) -> None:
    path = write(tmp_path, "mixed", "extends: [1, " + ", ".join(f"n{number}" for number in range(60_000)) + "]\n")
    begun = time.perf_counter()

    assert sorted(codes(path, root=tmp_path)) == ["out-of-range", "wrong-type"]
    assert time.perf_counter() - begun < 5
