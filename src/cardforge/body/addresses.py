"""Addresses that are links without brackets (CommonMark 0.31, section 6.5; GFM 0.29, section 6.9)."""

import re

_POINTED = re.compile(r"<([A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>\x00-\x20]*+)>")
_POINTED_MAIL = re.compile(
    r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)>"
)
_SCHEME = re.compile(r"(?<![A-Za-z])(?:https?|ftp)\Z", re.IGNORECASE)
_HOST = re.compile(r"[^\W_](?:[\w.\\-])*+")
_REST = re.compile("[^\\s<\ufdd0\ufdd1]*+")
_ENTITY_END = re.compile(r"&[A-Za-z]++;\Z")
_MANY_DOTS = 10
_MAIL_NAME = re.compile(r"[A-Za-z0-9.+_-]{1,254}\Z")
_MAIL_HOST = re.compile(r"[A-Za-z0-9_-]++(?:\.(?=[A-Za-z0-9])[A-Za-z0-9_-]++)++")
_LONGEST_SCHEME = 6

Found = tuple[str, int, int]
"""An address, and where it begins and ends in the text."""


def pointed_address(text: str, at: int) -> tuple[str, str, int] | None:
    """``<https://…>`` or ``<name@host>`` at ``text[at]``: the address, the words to show, where it ends."""
    if found := _POINTED.match(text, at):
        return found[1], found[1], found.end()
    if found := _POINTED_MAIL.match(text, at):
        return f"mailto:{found[1]}", found[1], found.end()
    return None


def bare_address(text: str, at: int) -> Found | None:
    """The address whose ``://`` or ``www.`` stands at ``text[at]``."""
    if text.startswith("w", at):
        if at and not (text[at - 1].isspace() or text[at - 1] in "*_~("):
            return None
        start, host = at, at
    else:
        scheme = _SCHEME.search(text, max(at - _LONGEST_SCHEME, 0), at)
        if scheme is None:
            return None
        start, host = scheme.start(), at + len("://")
    name = _HOST.match(text, host)
    if name is None:
        return None
    labels = name[0].split(".")
    if "_" in "".join(labels[-2:]) and len(labels) <= _MANY_DOTS:
        return None
    if start == host and len(labels) == 1:
        return None
    end = _trimmed(text, start, _REST.match(text, name.end()).end())  # type: ignore[union-attr] # it matches nothing too
    if end <= host:
        return None
    written = text[start:end]
    return (f"http://{written}" if start == host else written), start, end


def bare_mail(text: str, at: int) -> Found | None:
    """The mail address whose ``@`` stands at ``text[at]``."""
    name = _MAIL_NAME.search(text, max(at - 254, 0), at)
    host = _MAIL_HOST.match(text, at + 1)
    if name is None or host is None or text.startswith("@", host.end()):
        return None
    end = host.end()
    if not text[end - 1].isalpha():
        return None
    start = name.start()
    written = text[start:end]
    if text[max(start - 7, 0) : start].lower() == "mailto:":
        start -= len("mailto:")
        return f"mailto:{written}", start, end
    return f"mailto:{written}", start, end


def _trimmed(text: str, start: int, end: int) -> int:
    """Where an address ends that a sentence goes on after."""
    closers = text.count(")", start, end) - text.count("(", start, end)
    while end > start:
        last = text[end - 1]
        if last in "?!.,:*_~'\"":
            end -= 1
        elif last == ";":
            reference = _ENTITY_END.search(text, max(end - 40, start), end)
            end = reference.start() if reference else end - 1
        elif last == ")" and closers > 0:
            closers -= 1
            end -= 1
        else:
            break
    return end
