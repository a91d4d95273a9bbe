"""The parser's complaints in plain words."""

from __future__ import annotations

import re

__all__ = ["explain"]

# (what the library says, what we say, the remedy); the first that matches is used, and its groups fill the sentence.
_SAYINGS: tuple[tuple[str, str, str | None], ...] = (
    (r"found character '(?:\\t|\t)'", "a tab cannot indent or separate", "use spaces"),
    (
        r"found character '(.)' that cannot start",
        "a value cannot begin with {0!r}",
        "quote the value",
    ),
    (
        r"mapping values are not allowed",
        "a colon stands where no key can be",
        "quote a value that contains ': ', and indent fields of one mapping alike",
    ),
    (r"expected ',' or '([\]}])', but got '<stream end>'", "the closing {0!r} is missing", "close what was opened"),
    (
        r"expected ',' or '([\]}])', but got '(.*)'",
        "expected a comma or the closing {0!r}",
        "close the list or mapping, and quote values that contain , [ ] {{ }} or ': '",
    ),
    (r"unexpected end of stream", "the closing quote is missing", "close the quoted value"),
    (r"expected <block end>", "this line does not fit the lines above it", "indent the fields of one mapping alike"),
    (r"unknown escape character", "a backslash in double quotes begins an escape", "use single quotes"),
    (r"expected escape sequence", "an escape in double quotes is cut short", "use single quotes"),
    (
        r"could not find expected ':'",
        "a key without a colon",
        "write 'key: value', and quote values that span lines",
    ),
    (
        r"expected a comment or a line break|indentation indicator",
        "after | or > the text begins on the next line",
        None,
    ),
    (
        r"sequence entries are not allowed",
        "a list item stands where none can be",
        "begin the list on the line below its key, and quote a value that begins with '- '",
    ),
    (r"mapping keys are not allowed", "a key stands where none can be", "quote a value that begins with '? '"),
    (r"unexpected document separator", "the closing quote is missing", "close the quoted value before the next ---"),
    (r"expected chomping or indentation", "after | or > the text begins on the next line", None),
    (r"expected the node content, but found '(.*)'", "a value is missing before {0!r}", "write the value, or quote it"),
    (r"expected '<document start>'", "something follows the end of the document", "begin a further document with ---"),
    (
        r"expected alphabetic or numeric character",
        "a value cannot begin with * or & unless it is an alias or an anchor",
        "quote the value",
    ),
    (r"found undefined tag handle|expected URI|while scanning a tag", "a value cannot begin with !", "quote the value"),
    (r"invalid indentation", "this line does not fit the lines above it", "indent the fields of one mapping alike"),
)


def explain(error: Exception, text: str) -> tuple[int, int, str, str | None]:
    """The line, column, message and remedy of an error that the parser raised."""
    mark = getattr(error, "problem_mark", None)
    position = getattr(error, "position", None)
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    elif isinstance(position, int):
        before = text[:position]
        line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
    else:
        line, column = 1, 1
    if isinstance(position, int) and mark is None:
        return line, column, f"the control character {text[position : position + 1]!r} is not allowed", "remove it"
    problem = str(getattr(error, "problem", None) or "")
    context = str(getattr(error, "context", None) or "")
    for pattern, sentence, remedy in _SAYINGS:
        found = re.search(pattern, f"{problem} {context}", re.DOTALL)
        if found:
            return line, column, sentence.format(*found.groups()), remedy.format() if remedy else None
    return line, column, f"the text is not YAML: {problem or 'it cannot be parsed'}", None
