"""Which of the findings are told: as the profile wants it, and as comments in the sources pass them over."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge.diagnostics import Code, Diagnostic, Severity, Sink, severity_of
from cardforge.pipeline.discover import STDIN_NAME
from cardforge.profile import GROUPS, Profile
from cardforge.values import dataclass

if TYPE_CHECKING:
    from cardforge.checks.waivers import Waiver

_WAIVER = "cardforge-ignore"
"""What every such comment has in it: most files have none, and then their reader is not loaded."""


def is_heard_in(text: str) -> bool:
    """Whether a text may hold comments that pass over findings."""
    return _WAIVER in text


_ELSEWHERE = frozenset({Code.MISSING_GLYPH, Code.TOO_WIDE, Code.RENUMBERED_CLOZE, Code.UNUSED_IGNORE})
"""What only a build, or a comparison with the last one, brings to light."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How findings are chosen. ``thorough`` says that every rule was asked, so that a useless comment shows."""

    profile: Profile
    cwd: Path
    root: Path | None
    thorough: bool = False

    def of(self, found: Iterable[Diagnostic], texts: Mapping[str, str]) -> list[Diagnostic]:
        """The findings to be told; errors always are. ``texts`` are those that may hold comments."""
        waivers = _waivers(texts)
        kept = [d for d in found if not self._passed_over(d, waivers)]
        if self.thorough:
            sink = Sink()
            for each in (each for file in waivers.values() for each in file):
                each.report(GROUPS["all"] - _ELSEWHERE, sink)
            kept += sink
        paths = {file: self.path_of(file) for file in {d.span.file for d in kept}}
        return [d for d in kept if self.profile.wants(d.code, paths[d.span.file])]

    def _passed_over(self, finding: Diagnostic, waivers: "Mapping[str, Iterable[Waiver]]") -> bool:
        if severity_of(finding.code) is Severity.ERROR or not finding.span.line:
            return False
        here = [each for each in waivers.get(finding.span.file, ()) if each.line == finding.span.line]
        taken = [each for each in here if each.takes(finding.code)]  # each is asked: two may be of use
        return bool(taken)

    def path_of(self, shown: str) -> str:
        """The POSIX path of a file from the project's root, or from the working directory without a project.

        Files elsewhere keep their whole path.
        """
        if not shown or shown == STDIN_NAME:
            return shown
        base = self.root or self.cwd
        path = Path(os.path.normpath(self.cwd / shown))
        return (path.relative_to(base) if path.is_relative_to(base) else path).as_posix()


def _waivers(texts: Mapping[str, str]) -> "dict[str, list[Waiver]]":
    some = {file: text for file, text in texts.items() if is_heard_in(text)}
    if not some:
        return {}
    from cardforge.checks.waivers import waivers_in

    return {file: list(waivers_in(file, text)) for file, text in some.items()}
