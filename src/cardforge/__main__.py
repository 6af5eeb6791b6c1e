"""The command's entry: answers ``--version`` before anything is loaded, then hands over to the command line."""

import gc
import sys

from cardforge import __version__


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"cardforge {__version__}\n")
        return
    try:
        from cardforge.interruption import until_interrupted

        status = until_interrupted(_status)
    except KeyboardInterrupt:  # before anyone listens
        status = 130
    sys.exit(status)


def _status() -> int:
    from cardforge.cache.record import replay

    status = replay(sys.argv[1:])
    if status is not None:
        return status
    # Cards are trees without circles: to look for circles among all their objects takes a tenth of a build.
    gc.disable()
    try:
        from cardforge.cli import run
    except ImportError as error:  # half an installation is nothing a person should see a traceback for
        sys.stderr.write(f"cardforge is not wholly installed: {error}. Mend it: python -m pip install cardforge\n")
        return 3
    return run(sys.argv[1:])


if __name__ == "__main__":
    main()
