"""The table of targets. A back end is loaded when it is asked for, so that no command pays for what it does not use."""

from collections.abc import Callable, Mapping
from importlib import import_module

from cardforge.backends import Backend
from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What ``cardforge build`` can make: the product's ending and the back end that makes it."""

    ending: str
    load: Callable[[], Backend]


def _from(module: str) -> Callable[[], Backend]:
    def load() -> Backend:
        backend: Backend = import_module(module).render
        return backend

    return load


TARGETS: Mapping[str, Target] = {
    "anki": Target("apkg", _from("cardforge.backends.anki")),
    "pdf": Target("pdf", _from("cardforge.backends.pdf")),
    "html": Target("html", _from("cardforge.backends.html")),
}
