r"""Whether a formula is plain, told without mathra: letters, numbers, signs, ``\frac``, ``\sqrt`` and scripts of these.

Most formulas of a project are. That mathra sets what is said to be plain here is tested against it; of any other
formula nothing is said.
"""

import re
from typing import Final

_LONGEST: Final = 400
_DEEPEST: Final = 8
# What stands for parts that were read: an argument in braces, what has a letter's place, a command of a name below.
_GROUP, _ATOM, _SIGN = "\x01", "\x02", "\x03"
NAMES: Final = frozenset(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi
    varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega infty partial nabla hbar ell emptyset
    sin cos tan log ln exp min max sup inf lim det sum prod int
    cdot times div pm mp ast circ cup cap wedge vee oplus otimes setminus
    le leq ge geq ne neq equiv approx sim propto in notin subset subseteq to rightarrow leftarrow Rightarrow mapsto
    forall exists neg dots ldots cdots quad mid lvert rvert lVert rVert langle rangle lfloor rfloor lceil rceil
    """.split()
)
"""Commands that stand where a letter or a sign does."""
_COMMAND: Final = re.compile(r"\\([A-Za-z]+)")
_SCRIPT: Final = f"[A-Za-z0-9{_SIGN}{_GROUP}]"
_NUCLEUS: Final = rf"(?:[A-Za-z{_SIGN}{_ATOM}]|[0-9]+(?:\.[0-9]+)?|\\frac{_GROUP}{_GROUP}|\\sqrt{_GROUP})"
_TERM: Final = (
    rf"{_NUCLEUS}(?:_{_SCRIPT}(?:\^{_SCRIPT})?|\^{_SCRIPT}(?:_{_SCRIPT})?|'(?!['^_ ]))?|[-+=<>,.;:!?()/*|]|\\[,;]"
)
_TERMS: Final = rf" *(?:(?:{_TERM}) *)++"
_PLAIN: Final = re.compile(_TERMS)
_PART: Final = re.compile(rf"(?P<argument>\{{{_TERMS}\}})|\\left *[(|.]{_TERMS}\\right *[)|.]")
_STYLED: Final = re.compile(r"\\(?:mathbb|mathbf|mathrm|mathcal|text)\{[A-Za-z0-9]+\}")  # scripts within them reach out
_READ: Final = re.compile(f"[{_GROUP}{_ATOM}{_SIGN}]")


def is_plain(tex: str) -> bool:
    """Whether a formula, inline or displayed, is one that mathra sets."""
    if len(tex) > _LONGEST or _READ.search(tex) or "<math" in tex:
        return False
    tex = _COMMAND.sub(lambda command: _SIGN if command[1] in NAMES else command[0], _STYLED.sub(_ATOM, tex))
    for _ in range(_DEEPEST):
        if _PLAIN.fullmatch(tex):
            return True
        tex, parts = _PART.subn(lambda part: _GROUP if part["argument"] else _ATOM, tex)
        if not parts:
            break
    return False
