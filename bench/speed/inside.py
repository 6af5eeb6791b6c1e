"""Figures from inside one process: ``python -m bench.speed.inside fields|page`` in a project; a number on stdout."""

import gc
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.speed.measure import CLOCK


def main(arguments: Sequence[str]) -> None:
    """Print the figure asked for."""
    sys.stdout.write(f"{_FIGURES[arguments[0]]()}\n")


def _fields() -> float:
    """How many fields ``build all`` parses in this process, the only one that reads with ``CARDFORGE_JOBS=1``."""
    from cardforge import cli, reader

    parse = reader.read_body  # type: ignore[attr-defined]
    parsed = 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal parsed
        parsed += 1
        return parse(*arguments, **named)

    reader.read_body = counted  # type: ignore[attr-defined]
    if status := cli.run(["build", "all", "-q"]):
        raise SystemExit(status)
    return parsed


def _page() -> float:
    """Seconds of the processor for the practice page around fields whose HTML is there, from a render before it."""
    from cardforge.backends import Context, html
    from cardforge.backends.html.fields import FieldWriter
    from cardforge.config import load_settings
    from cardforge.diagnostics import Sink
    from cardforge.model import bodies_of
    from cardforge.pipeline import Request, read
    from cardforge.pipeline.media import load

    sink, root = Sink(), Path.cwd()
    clock = int(CLOCK)
    collection = read(Request(load_settings(root, {}, sink), root, clock), sink).collection
    for card in collection.cards:  # a tree that another process read comes in when it is first asked for
        for body in bodies_of(card):
            _ = body.blocks
    gc.collect()
    gc.disable()  # as the command line does
    context = Context(clock, load, sink, {"fragment": False, "source_url": ""})
    write, fields = FieldWriter.html, []

    def kept(*arguments: Any, **named: Any) -> str:
        fields.append(write(*arguments, **named))
        return fields[-1]

    FieldWriter.html = kept  # type: ignore[method-assign]
    html.render(collection, context)
    written = iter(fields)
    FieldWriter.html = lambda *_, **__: next(written)  # type: ignore[method-assign]
    began = time.process_time()
    html.render(collection, context)
    return time.process_time() - began


_FIGURES: dict[str, Callable[[], float]] = {"fields": _fields, "page": _page}

if __name__ == "__main__":
    main(sys.argv[1:])
