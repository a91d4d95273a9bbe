"""A chart as a file: a page, a drawing or an image, made without a network."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from backburn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["check", "rendered"]

_FORMS = (".html", ".svg", ".png")
_SHARP = 2.0
"""An image has so many points for each of the chart's, as good screens have."""


def check(path: str | os.PathLike[str]) -> str:
    """Say what is wrong with the file, or with this installation, before anything is computed; give the file's ending.

    Raises:
        UsageError: the ending names no kind of picture, or what draws is not installed.
    """
    name = os.fspath(path)
    ending = PurePath(name).suffix.lower()
    if ending not in _FORMS:
        remedy = f"name a file that ends with {', '.join(_FORMS)}"
        raise UsageError(f"the ending '{ending}' of '{name}' names no picture", remedy, value=ending)
    missing = [shown for module, shown in (("altair", "Altair"), ("vl_convert", "vl-convert")) if not find_spec(module)]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        message = f"pictures need {' and '.join(missing)}, which {verb} not installed"
        raise UsageError(message, "pip install 'backburn[plot]'")
    return ending


def rendered(chart: dict[str, Any], ending: str) -> bytes:
    """Draw a Vega-Lite chart. The page holds all of its scripts, so that it shows the same without a network."""
    import vl_convert

    ways: dict[str, Callable[[], str | bytes]] = {
        ".html": lambda: _page(chart),
        ".svg": lambda: vl_convert.vegalite_to_svg(chart),
        ".png": lambda: vl_convert.vegalite_to_png(chart, scale=_SHARP),
    }
    drawn = ways[ending]()
    return drawn if isinstance(drawn, bytes) else drawn.encode()


def _page(chart: dict[str, Any]) -> str:
    """Make a page in which no text of the chart ends its script: logs may hold `</script>`.

    A word that the chart does not have stands for each `<` until the page is made, which then escapes it.
    """
    import vl_convert

    text, word = json.dumps(chart), "backburn-less-than"
    while word in text:
        word += "-"
    page: str = vl_convert.vegalite_to_html(json.loads(text.replace("<", word)), bundle=True)
    return page.replace(word, "\\u003c")
