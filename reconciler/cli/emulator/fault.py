"""`rictl emulator fault`: makes requests go wrong, on purpose. Touches the state file, stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from reconciler.cli.emulator.options import scenario_folder, scenarios_option, state_file, state_option
from reconciler.model.exit_codes import DONE

if TYPE_CHECKING:
    from reconciler.emulator.faults.fault import Fault
    from reconciler.emulator.storage.store import Store

_OTHER_PARAMETERS = frozenset({"state", "scenarios", "listing", "clearing"})


@click.command()
@click.argument("organization", required=False)
@click.option("--effect", metavar="EFFECT", help="What happens; see above.")
@click.option("--method", help="Only requests with this method.")
@click.option("--path", default="*", help="Only such paths below the Web API's root: a pattern with * and ?.  [default: every path]")
@click.option(
    "--count", type=click.IntRange(1, 1_000_000), default=1, show_default=True, help="How many requests it hits; then it is gone."
)
@click.option("--every", is_flag=True, help="It hits every such request, until it is cleared.")
@click.option("--nth", type=click.IntRange(1, 1_000_001), default=1, help="The first such request that it hits.  [default: the next one]")
@click.option("--outer", "where", flag_value="outer", help="Only whole requests, not parts of a batch.")
@click.option("--part", "where", flag_value="part", help="Only parts of a batch.")
@click.option("--entra", "where", flag_value="entra", help="Requests for the embedded Entra ID, in place of those for organizations.")
@click.option("--seconds", type=float, help="How long `delay` waits, or over what time `slow-body` trickles.")
@click.option("--status", type=int, help="Status of the effect `status`.  [default: 503]")
@click.option(
    "--retry-after", type=int, help="Seconds that `status` and `throttle` ask to wait.  [default: `throttle` 5, `status` does not say]"
)
@click.option("--no-retry-after", is_flag=True, help="`throttle` does not say how long to wait.")
@click.option("--reason", help="What `throttle`, `conflict` and `sign-in-refused` are for.")
@click.option("--list", "listing", is_flag=True, help="List the faults that are due.")
@click.option("--clear", "clearing", is_flag=True, help="Remove all faults.")
@state_option
@scenarios_option
@click.pass_context
def fault(
    context: click.Context,
    /,
    *,
    state: Path | None,
    scenarios: Path | None,
    listing: bool,
    clearing: bool,
    every: bool,
    nth: int,
    **how: Any,
) -> int:
    """Make requests to an organization go wrong: those of rictl too, and of every other program on this state file.

    Without ORGANIZATION it happens to all of them.

    \b
    EFFECT is one of
      delay            the answer comes --seconds late
      drop-before      the connection ends, and nothing was done
      drop-after       the request is carried out, and its answer is lost
      reset            the connection is reset (TCP RST), and nothing was done
      truncate         the request is carried out, and half of the answer arrives
      slow-body        the body of the answer trickles over --seconds
      status           --status 500, 502, 503 or 504, with a page in HTML
      throttle         429; --reason requests, time or concurrent
      conflict         412; --reason version, row, key or duplicates
      publish-lock     429, as while a solution is imported
      token-expired    401, as with a token that has run out
      sign-in-refused  for --entra; --reason invalid-grant, secret-expired or consent-missing
    """
    given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    _refuse_contradictions(given, listing=listing, clearing=clearing, every=every)
    from reconciler.emulator.faults.shelf import FaultShelf
    from reconciler.emulator.storage.store import Store

    asked = None if listing or clearing else _asked(nth, every=every, how=how)
    store = Store(state_file(state))
    try:
        shelf = FaultShelf(store)
        _check_organization(asked, scenario_folder(scenarios), store)
        if clearing:
            click.echo(f"cleared: {shelf.clear()}")
        for due in [shelf.add(asked)] if asked is not None else shelf.all() if listing else ():
            click.echo(_line(due))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    finally:
        store.close()
    return DONE


def _refuse_contradictions(given: set[str], *, listing: bool, clearing: bool, every: bool) -> None:
    if (listing or clearing) and (given - _OTHER_PARAMETERS or (listing and clearing)):
        raise click.UsageError("--list and --clear stand alone: they concern all faults")
    if every and "count" in given:
        raise click.UsageError("--every and --count exclude each other")
    if not listing and not clearing and "effect" not in given:
        raise click.UsageError("say what happens with --effect, or use --list or --clear")


def _check_organization(asked: Fault | None, folder: Path, store: Store) -> None:
    """Refuses a name that nobody serves: no scenario, no copy of one, and nothing stored under it."""
    if asked is None or asked.organization is None:
        return
    from reconciler.catalog.register import CATALOG
    from reconciler.emulator.context import DataverseError
    from reconciler.emulator.domain import build_domain

    try:
        build_domain(CATALOG, folder if folder.is_dir() else None, frozenset(store.organizations())).settings(asked.organization)
    except DataverseError as error:
        raise click.UsageError(error.message) from None


def _asked(nth: int, *, every: bool, how: dict[str, Any]) -> Fault:
    from reconciler.emulator.faults.fault import fault_of

    said = {name: value for name, value in how.items() if value is not None}
    try:
        return fault_of(said | {"skip": nth - 1} | ({"count": None} if every else {}))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _line(fault: Fault) -> str:
    from reconciler.report.escape import escape

    where = "Entra ID" if fault.where == "entra" else fault.organization or "every organization"
    parts = {"outer": ", whole requests", "part": ", parts of batches"}.get(fault.where, "")
    left = "every time" if fault.count is None else f"{fault.count} to come"
    after = f", after {fault.skip}" if fault.skip else ""
    how = [
        fault.chosen_reason,
        str(fault.chosen_status or ""),
        f"{fault.seconds:g} s" if fault.seconds is not None else "",
        f"retry after {fault.wait} s" if fault.wait is not None else "",
    ]
    effect = " ".join([fault.effect, *filter(None, how)])
    return escape(f"{fault.id}  {effect}: {where}{parts}, {fault.method or 'any method'} {fault.path} ({left}{after})")
