"""``build pdf --calibrate``: a leaf to measure the printer with, in the place of the cards."""

import sys

from cardforge.cli.options import Manners
from cardforge.cli.report import Format, summary, visible
from cardforge.cli.session import failed, print_options, say_findings, status_of
from cardforge.cli.streams import emit, refuse, say
from cardforge.diagnostics import Sink
from cardforge.pipeline import Request
from cardforge.pipeline.discover import show_path
from cardforge.pipeline.places import Refusal, places
from cardforge.pipeline.render import Order, calibrate
from cardforge.pipeline.write import write_all
from cardforge.printing import read_options

_NAME = "calibration"


def write_calibration(
    request: Request, sink: Sink, told: dict[str, object], output: str | None, how: Format, manners: Manners
) -> int:
    """Make the leaf as print is asked for, by the project and by ``told``; returns the exit status."""
    cwd, root = request.cwd, request.settings.root
    where = places(["pdf"], output, _NAME, cwd=cwd, root=root)
    if isinstance(where, Refusal):
        refuse(visible(where.message))
    path = where["pdf"]
    order = Order(where, request.clock, print=print_options(request.settings, told))
    product = None if failed(list(sink)) else calibrate(path, order, sink)
    sources = () if root is None else (cwd / request.settings.file,)
    dry = manners.dry_run
    if product and path and not dry and not write_all({path: product.data}, sources, cwd, sink):
        product = None
    found = list(sink)
    say_findings(found, None, how, manners, sys.stderr if output == "-" else sys.stdout)
    if product and path is None and not dry:
        emit(product.data)
    if not manners.quiet and product:
        place = visible(show_path(path, cwd)) if path else "standard output"
        say(f"pdf: a leaf to measure the printer with {'would go to' if dry else '→'} {place}")
        edge = _edge(order)
        say(f"pdf: print both sides at actual size, and let the printer turn the leaf about its {edge} edge.")
    elif not manners.quiet:
        say(f"Nothing was written: {summary(found)}.")
    return status_of(found)


def _edge(order: Order) -> str:
    from cardforge.backends.pdf.pages.imposition import edge_of, two_sided  # here, for it was made with them

    return edge_of(two_sided(read_options(order.print, lambda *_: None)))
