"""Where products go and what they are called."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cardforge.backends.targets import TARGETS
from cardforge.pipeline.discover import STDIN, is_folder
from cardforge.values import dataclass

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the products cannot go where they were sent: a mistake in the command."""

    message: str


Places = Mapping[str, Path | None]
"""The place of each target's product; None is standard output."""


def places(
    targets: Sequence[str], output: str | None, name: str, *, cwd: Path, root: Path | None, split: bool = False
) -> Places | Refusal:
    """The place of each target's product for ``-o output``; ``name`` is the products' name without ending."""
    several = f"{' and '.join(targets)} are several products"
    if output is None:
        folder = (root or cwd) / "build"
    elif not output:
        return Refusal("-o needs a file, a folder or -, and got an empty name.")
    elif output == STDOUT and split:
        return Refusal("--split makes several products: -o - has room for one only.")
    elif output == STDOUT:
        return {targets[0]: None} if len(targets) == 1 else Refusal(f"{several}: -o - has room for one only.")
    elif output.endswith(("/", os.sep)) or is_folder(cwd / output):
        folder = cwd / output
    elif split:
        return Refusal(f"--split makes several products: -o needs a folder. Write -o {output}/ for one.")
    elif len(targets) > 1:
        return Refusal(f"{several}: -o needs a folder. Write -o {output}/ for one.")
    else:
        return _harmless({targets[0]: cwd / output})
    return _harmless({target: folder / f"{name}.{TARGETS[target].ending}" for target in targets})


def _harmless(chosen: Mapping[str, Path]) -> Places | Refusal:
    """Refuse the names that make Anki replace a whole collection instead of importing a package."""
    for path in chosen.values():
        lowered = path.name.lower()
        if lowered == "collection.apkg" or (lowered.startswith("backup-") and lowered.endswith(".apkg")):
            return Refusal(
                f"Anki takes a file named {path.name} for a backup and would replace the whole collection with it: "
                "choose another name with -o."
            )
    return dict(chosen)


def product_name(sources: Sequence[str], name: str, *, cwd: Path, root: Path | None) -> str:
    """The products' name: the first source's stem when sources are given, else the project's, else its folder's."""
    if not sources:
        return name or (root or cwd).name or "cards"
    if sources[0] == STDIN:
        return "stdin"
    path = Path(os.path.normpath(cwd / sources[0]))
    return (path.name if is_folder(path) else path.stem) or "cards"
