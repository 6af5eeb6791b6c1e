"""What mathra 1.5.0 sets otherwise than TeX, spelled so that it comes out as TeX sets it."""

import re
from typing import Final

# Digits keep no alphabet but as characters of their own (Unicode, Mathematical Alphanumeric Symbols).
_ZEROS: Final = {
    **dict.fromkeys(("mathbb", "mathds", "mathbbm"), 0x1D7D8),
    **dict.fromkeys(("mathbf", "boldsymbol", "bm", "symbf"), 0x1D7CE),
    "mathsf": 0x1D7E2,
    "mathtt": 0x1D7F6,
}
_SLANTED_GAMMA: Final = 0x1D6E4
_GREEK: Final = dict(
    zip("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(), "ΓΔΘΛΞΠΣΥΦΨΩ", strict=True)
)
_OTHERWISE: Final = {
    # amsmath: long arrows with thick spaces around them
    "iff": r"\;\Longleftrightarrow\;",
    "implies": r"\;\Longrightarrow\;",
    "impliedby": r"\;\Longleftarrow\;",
    "varinjlim": r"\mathop{\underrightarrow{\lim}}",
    "varprojlim": r"\mathop{\underleftarrow{\lim}}",
    "varlimsup": r"\mathop{\overline{\lim}}",
    "varliminf": r"\mathop{\underline{\lim}}",
    **{f"var{name}": f"{{{chr(_SLANTED_GAMMA + ord(char) - ord('Γ'))}}}" for name, char in _GREEK.items()},
}

_GROUP: Final = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_PRIMES: Final = r"(?:'+|\^\s*(?:\\prime(?![A-Za-z])|\{\s*(?:\\prime\s*)+\}))"
_PLACES: Final = re.compile(
    rf"""
    \\(?:text[a-z]*|mbox|ce)\s*{_GROUP} | \\[^A-Za-z]          # no mathematics, or no name: left alone
    | \\(?P<alphabet>{"|".join(_ZEROS)})(?:\s*\{{(?P<letters>[A-Za-z0-9]+)\}}|\s*(?P<digit>[0-9]))
    | \\operatorname(?P<limits>\*?)\s*\{{(?P<operator>(?:[A-Za-z]|\\[,;:! ]|[ ~])+)\}}(?P<script>\s*[_^])?
    | \\(?P<name>[A-Za-z]+)
    | (?<!')(?P<before>{_PRIMES})(?=\s*_)
    | _\s*(?P<lower>[A-Za-z0-9]|\\[A-Za-z]+|{_GROUP})\s*(?P<after>{_PRIMES})
    """,
    re.VERBOSE,
)


def respelled(tex: str) -> str:
    """A formula in other words where mathra would set it wrong; it may be one that mathra refuses."""
    return _PLACES.sub(_otherwise, tex)


def _otherwise(place: re.Match[str]) -> str:
    found = place.groupdict()
    if found["alphabet"]:
        return _styled(found["alphabet"], found["letters"] or found["digit"]) or place[0]
    if found["operator"]:
        return _operator(place[0], found["operator"], found["script"] or "", starred=bool(found["limits"]))
    if found["name"]:
        return _OTHERWISE.get(found["name"], place[0])
    if found["before"]:
        return _primes(found["before"])
    if found["after"]:
        return f"_{respelled(found['lower'])}{_primes(found['after'])}"
    return place[0]


def _styled(alphabet: str, letters: str) -> str:
    """The digits as characters, the letters still by the command; "" if there is no digit."""
    if not re.search("[0-9]", letters):
        return ""
    runs = re.findall("[0-9]|[A-Za-z]+", letters)
    parts = [chr(_ZEROS[alphabet] + int(run)) if run.isdigit() else rf"\{alphabet}{{{run}}}" for run in runs]
    return "{" + "".join(parts) + "}"


def _operator(whole: str, name: str, script: str, *, starred: bool) -> str:
    """An operator whose name has spaces, which mathra drops; one with indices beside it cannot be said otherwise."""
    if name.isalpha() or (script and not starred):
        return whole
    name = re.sub(r"(?<!\\) ", "", name)  # in mathematics a blank is none
    return rf"\mathop{{\mathrm{{{name}}}}}{script}"


def _primes(primes: str) -> str:
    """Primes as a superscript that has its index below, not before it."""
    count = primes.count("'") or primes.count("prime")
    return r"^{\kern0pt" + r"\prime" * count + "}"
