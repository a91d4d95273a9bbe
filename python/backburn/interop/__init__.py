"""Promises and alert policies in the words of other tools, each tool in a package of its own."""

from __future__ import annotations
