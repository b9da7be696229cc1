"""Turns the words of a command line into an exit code; prints the version without importing anything else."""

import sys


def main() -> int:
    """Entry point of `rictl` and of `python -m reconciler`; returns the exit code (docs/exit-codes.md)."""
    if sys.argv[1:] == ["--version"]:
        from reconciler import __version__

        sys.stdout.write(f"rictl {__version__}\n")
        return 0
    from reconciler.cli.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
