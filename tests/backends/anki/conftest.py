"""The real Anki for these tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anki_harness import Anki, opened


@pytest.fixture
def anki(need: Callable[[str], str], tmp_path: Path) -> Iterator[Anki]:
    """An empty collection."""
    need("anki")
    with opened(tmp_path / "anki") as collection:
        yield collection
