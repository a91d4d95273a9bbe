"""Text from logs and documents, made safe to show."""

from __future__ import annotations

import unicodedata

__all__ = ["shorten", "visible"]

_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Scripts and emoji are not written without the two joiners, and they move no other text.
_JOINERS = frozenset("\u200c\u200d")


def visible(text: str) -> str:
    r"""Write control and formatting characters as escapes: a log must not command the terminal that shows it.

    >>> print(visible("GET /\x1b[2J"))
    GET /\x1b[2J
    >>> print(visible("caf\u00e9 \u202eexe.txt"))
    café \u202eexe.txt
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _shows(character) else _escaped(character) for character in text)


def shorten(text: str, length: int) -> str:
    """Cut what a glance does not need, and say so with an ellipsis.

    >>> shorten("Mozilla/5.0 (compatible)", 12)
    'Mozilla/5.0…'
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _shows(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _HIDDEN


def _escaped(character: str) -> str:
    named = _NAMED.get(character)
    if named is not None:
        return named
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - the widths of the escapes of Python's own literals.
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - as above.
