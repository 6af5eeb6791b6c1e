"""genanki, loaded without what it has no use for here.

It takes one decorator from a package that loads asyncio for another, which is a tenth of a small build. Python has the
same.
"""

import sys
from functools import cached_property
from types import ModuleType

_decorator = ModuleType("cached_property")
_decorator.cached_property = cached_property  # type: ignore[attr-defined] # it is put there
sys.modules.setdefault(_decorator.__name__, _decorator)

import genanki  # noqa: E402 - not before its decorator is there

__all__ = ["genanki"]
