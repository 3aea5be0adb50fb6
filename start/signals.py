"""Ctrl+C, a polite kill and a closed terminal all end our commands in the same orderly way."""

import signal
from types import FrameType

_ASKS_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_in_order() -> None:
    """Let each raise KeyboardInterrupt, so that `finally` blocks run. Under nohup a closed terminal is no reason."""
    for number in _ASKS_TO_STOP:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)


def finish_undisturbed() -> None:
    """From here to the end of the process, cleaning up is not interrupted by an impatient second Ctrl+C."""
    for number in _ASKS_TO_STOP:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
