"""Turns plans into a document that can be saved, reviewed and applied later, and such a document into plans again. Pure.

The seal finds damage and careless edits of anything in it, its expiry too. By itself it is no signature: whoever may change the file can
compute it anew. Against that stands a signature over the seal, or the SHA-256 of the file kept elsewhere.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from reconciler.model.about import about
from reconciler.model.checkout import Checkout
from reconciler.model.diagnostic import Diagnostic
from reconciler.model.digest import sha256_of
from reconciler.model.plan import Plan
from reconciler.model.run import PlanRun, SavedPlan, Unreadable
from reconciler.report.ascii_json import ascii_json
from reconciler.report.counts import Summary, summary_of
from reconciler.report.escape import escape
from reconciler.report.published import published_plan

FORMAT_VERSION = "1.0"
VALID_FOR = dt.timedelta(hours=24)
LARGEST = 32 * 1024 * 1024
"""Characters. A fleet's plan is far smaller; what is larger is not even parsed."""

PLAN_ALTERED = "plan-altered"
PLAN_VERSION = "plan-version"
NOT_A_PLAN = "not-a-plan"
DOCUMENT_PROBLEMS = (PLAN_ALTERED, PLAN_VERSION, NOT_A_PLAN)

_SHOWN = 5
_UNSEALED = frozenset({"seal", "signature"})


@dataclass(frozen=True, slots=True)
class PlanDigest:
    """What one plan of the document must still be."""

    environment: str = about("Name of the environment.", "contoso-prod")
    sha256: str = about("SHA-256 of the plan's canonical JSON.", "9f86d081…")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for a document: an Ed25519 signature over `signed_bytes`."""

    algorithm: Literal["ed25519"] = about("The algorithm.", "ed25519")
    key_id: str = about("First 16 hexadecimal digits of the SHA-256 of the raw public key.", "8f2d6c0a41b7e953")
    value: str = about("The signature in base64.", "MEUCIQ…")


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """Plans of one run, ready to be saved. Within format 1.x only optional fields are added."""

    format_version: str = about("Version of this format.", FORMAT_VERSION)
    tool_version: str = about("Version of rictl that made it.", "0.1.0")
    created_at: dt.datetime = about("When it was made.", "2026-11-23T10:02:12Z")
    expires_at: dt.datetime = about("Until when it may be applied.", "2026-11-24T10:02:12Z")
    plans: tuple[Plan, ...] = about("The plans, in the order of the run.", [])
    summary: Summary = about("The counts of the run.", {"environments": 4})
    digests: tuple[PlanDigest, ...] = about("One digest a plan, in the same order.", [])
    unreadable: tuple[Unreadable, ...] = about("Environments that have no plan, for nothing could be read there.", [], ())
    source: Checkout | None = about("The checkout that holds the environment files.", None, None)
    seal: str = about("SHA-256 of everything else in the document but its signature.", "60303ae2…", "")
    signature: Signature | None = about("Ed25519 signature over the seal.", None, None)


def document_of(run: PlanRun, *, valid_for: dt.timedelta = VALID_FOR) -> PlanDocument:
    """The document of this run, without names of people. Moments are kept in UTC."""
    moment = run.made_at.astimezone(dt.UTC)
    plans = tuple(published_plan(plan) for plan in run.plans)
    document = PlanDocument(
        format_version=FORMAT_VERSION,
        tool_version=run.tool_version,
        created_at=moment,
        expires_at=moment + valid_for,
        plans=plans,
        summary=summary_of(plans, len(run.unreadable)),
        digests=_digests(plans),
        unreadable=run.unreadable,
        source=run.source,
    )
    return replace(document, seal=_seal(document))


def run_of(document: PlanDocument) -> PlanRun:
    """The run that was saved."""
    return PlanRun(document.plans, document.unreadable, document.created_at, document.tool_version, document.source)


def saved_as(document: PlanDocument, sha256: str) -> SavedPlan:
    """What identifies the file of that SHA-256 in which the document was saved."""
    return SavedPlan(sha256, document.expires_at, document.signature.key_id if document.signature is not None else None)


def signed_bytes(document: PlanDocument) -> bytes:
    """What a signature of this document is over."""
    return f"rictl plan {document.format_version} {document.seal}".encode("ascii")


def _seal(document: PlanDocument) -> str:
    return sha256_of(document, _UNSEALED)


def _digests(plans: Sequence[Plan]) -> tuple[PlanDigest, ...]:
    return tuple(PlanDigest(plan.environment, sha256_of(plan)) for plan in plans)


def document_json(document: PlanDocument) -> str:
    """The document as JSON text in ASCII, so that no control character of a name can reach a terminal."""
    return ascii_json(_adapter().dump_python(document, mode="json"))


def parse_document(text: str) -> PlanDocument | tuple[Diagnostic, ...]:
    """The document, verified; or what is wrong with it. Never raises for what the text holds."""
    if len(text) > LARGEST:
        return _refused(NOT_A_PLAN, f"the text is longer than any plan ({LARGEST} characters)")
    try:
        version = _version(text)
    except (ValueError, RecursionError):
        return _refused(NOT_A_PLAN, "the text is not JSON")
    if version is None:
        return _refused(NOT_A_PLAN, "the JSON is not a plan of rictl: it has no format_version")
    if version != FORMAT_VERSION:
        hint = "plan again with this rictl, or apply with the rictl that made it"
        return _refused(PLAN_VERSION, f"the plan has format {escape(version[:20])}, this rictl reads {FORMAT_VERSION}", hint)
    try:
        document = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        return _invalid(error)
    if document.seal != _seal(document) or document.digests != _digests(document.plans):
        return _refused(PLAN_ALTERED, "the plan is not the one that rictl saved: its seal does not fit its content")
    if document.summary != summary_of(document.plans, len(document.unreadable)):
        return _refused(PLAN_ALTERED, "the plan is not the one that rictl saved: its summary does not fit its plans")
    return document


def _version(text: str) -> str | None:
    content = json.loads(text)
    version = content.get("format_version") if isinstance(content, dict) else None
    return version if isinstance(version, str) else None


def _refused(code: str, summary: str, hint: str = "make a new one: rictl plan --out FILE") -> tuple[Diagnostic, ...]:
    return (Diagnostic(code, summary, hint=hint),)


def _invalid(error: ValidationError) -> tuple[Diagnostic, ...]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(
        Diagnostic(NOT_A_PLAN, escape(f"{'.'.join(str(part) for part in entry['loc'])}: {entry['msg']}"), hint="make a new one")
        for entry in found[:_SHOWN]
    )


def _adapter() -> TypeAdapter[PlanDocument]:
    return TypeAdapter(PlanDocument)
