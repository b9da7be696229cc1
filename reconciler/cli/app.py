"""Turns command-line words into a command and its exit code; each command is imported when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from reconciler.cli.lazy_group import LazyGroup
from reconciler.model.exit_codes import FAILED, INTERRUPTED, USAGE

COMMANDS = {
    "validate": ("reconciler.cli.validate", "Check environment files; everything wrong at once, offline."),
    "plan": ("reconciler.cli.plan", "Show what would change in the environments. Writes nothing."),
    "apply": ("reconciler.cli.apply", "Carry out a plan, wait for the effect and prove it."),
    "status": ("reconciler.cli.status", "Show how every environment stands, and who has to act. Writes nothing."),
    "handoff": ("reconciler.cli.handoff", "Write the message for the Microsoft 365 administrator, and a calendar file."),
    "history": ("reconciler.cli.history", "List the runs of the journal, or show one. Asks no environment."),
    "undo": ("reconciler.cli.undo", "Plan the reversal of a run, and carry it out."),
    "show": ("reconciler.cli.show", "Print a saved plan in any format, offline."),
    "explain": ("reconciler.cli.explain", "Explain a saved plan, a code or a setting in plain sentences, offline."),
    "forms": ("reconciler.cli.forms", "List the main forms with their widgets, or draw one. Writes nothing."),
    "schema": ("reconciler.cli.schema", "Print the JSON Schema of a file format."),
    "emulator": ("reconciler.cli.emulator.group", "The embedded Dataverse: serve it, move its clock, talk to it."),
}
"""Command name -> module that holds a click command of the same name, and its line in --help."""


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.option("--version", is_flag=True, help="Print the version and exit.")
@click.pass_context
def rictl(context: click.Context, version: bool) -> None:
    """Relationship intelligence as code, for Dynamics 365 Sales Premium.

    Files under environments/ declare what should be on, whose Exchange data may be used, how health is scored and which forms carry
    which widgets. `rictl plan` compares that with the live settings; `rictl apply` carries it out and proves it.
    """
    if version:
        from reconciler import __version__

        click.echo(f"rictl {__version__}")
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


def run(words: Sequence[str]) -> int:
    """Runs one command line and returns its exit code. Wrong usage is 64 on every path, never click's 2."""
    try:
        code = rictl.main(list(words), prog_name="rictl", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return USAGE
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        # Whether anything was written is not known here: a second Ctrl-C ends an apply in the middle.
        click.echo("\nAborted.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return FAILED
    except BrokenPipeError:
        # The reader of our output went away (as `| head` does); the shell reports that, not we.
        sys.stderr.close()
        return FAILED
    except OSError as error:
        from reconciler.report.escape import escape

        where = f"{error.filename}: " if error.filename else ""
        click.echo(escape(f"error[cannot-use-file]: {where}{error.strerror or error}"), err=True)
        return FAILED
    except Exception:
        # Whatever files or the remote side do is told in its own words; what arrives here is a mistake of ours.
        _ask_for_a_report()
        return FAILED
    return code if isinstance(code, int) else 0


def _ask_for_a_report() -> None:
    import traceback

    from reconciler import __version__

    click.echo(traceback.format_exc(), err=True)
    click.echo(
        f"error[internal]: this is a mistake in rictl {__version__}, not in your files. Please report it with the text above and the "
        "command. What was written before it is unknown: run plan.",
        err=True,
    )
