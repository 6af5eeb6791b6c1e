"""Ends a run where the person interrupts it, whatever part of the program that meets."""

import _thread
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, Final, NoReturn

INTERRUPTED: Final = 130
"""What a shell says of a program that ended by an interruption from the keyboard."""
_SOON: Final = 0.01  # seconds


class Interrupted(BaseException):
    """The person wants the run to end. Whatever was begun is undone on its way up."""


def until_interrupted(run: Callable[[], int]) -> int:
    """The status that ``run`` returns, or that of a run the person ended."""
    try:
        before = signal.signal(signal.SIGINT, _stop)
    except ValueError:  # only the main thread hears signals
        return run()
    hook, sys.unraisablehook = sys.unraisablehook, _again
    try:
        return run()
    except BaseException as error:
        if not _is_interruption(error):
            raise
        return INTERRUPTED
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


def _stop(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not stop the tidying up
    raise Interrupted


def _again(lost: Any) -> None:
    """Interrupt once more: Python goes on where an exception comes up in a callback of its own, as imports have."""
    if not issubclass(lost.exc_type, Interrupted):
        sys.__unraisablehook__(lost)
        return
    signal.signal(signal.SIGINT, _stop)
    _thread.start_new_thread(_interrupt_soon, (_thread.get_ident(),))  # not here, where it would be lost too


def _interrupt_soon(main: int) -> None:
    time.sleep(_SOON)
    if signal.getsignal(signal.SIGINT) is not _stop:
        return  # the run came to its end meanwhile
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        signal.pthread_kill(main, signal.SIGINT)  # unlike the other, it wakes one that waits


def _is_interruption(error: BaseException | None) -> bool:
    """Whether an error is the interruption, or was made of it, as by a class that is just being made."""
    return error is not None and (isinstance(error, Interrupted) or _is_interruption(error.__cause__))
