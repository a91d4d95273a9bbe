"""How wide text is on a screen, and how it is folded where the screen is narrower."""

from __future__ import annotations

__all__ = ["fold", "text_width"]


def text_width(text: str) -> int:
    """Count the columns that a text takes; a letter of some scripts takes two.

    >>> text_width("GET"), text_width("ログ")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fold(text: str, width: int) -> list[str]:
    """Fold between words, and inside of one that is wider than the screen; nothing is lost.

    >>> fold("payments and refunds/partial", 10)
    ['payments', 'and', 'refunds/pa', 'rtial']
    """
    if text_width(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, width)
        lines += full
    return [*lines, line]


def _cut(word: str, width: int) -> list[str]:
    pieces, piece, taken = [], "", 0
    for character in word:
        wide = text_width(character)
        if piece and taken + wide > width:
            pieces.append(piece)
            piece, taken = "", 0
        piece += character
        taken += wide
    return [*pieces, piece]
