from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backburn.output.answer import Answer, Cell, Flat, Heading, Lines, Table, View
from backburn.output.delimited import as_csv, flatten
from backburn.output.fold import fold, text_width
from backburn.output.markdown import as_markdown
from backburn.output.render import Look, render
from backburn.output.structured import as_json
from backburn.output.text import shorten, visible


@given(st.text())
def test_visible_text_has_no_control_characters(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(one) not in {"Cc", "Cs", "Zl", "Zp"} for one in shown)
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize("text", ["", "GET /pay?x=1", "café", "ログ", "👩‍💻", "a b"])
def test_visible_text_stays_itself(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\U000e0041", r"\U000e0041"),
        ("\udcff", r"\udcff"),
    ],
)
def test_what_commands_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_shortened_text_says_that_it_is() -> None:
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde…"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Mn", "Zl", "Zp"])), st.integers(2, 30))
def test_folding_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = fold(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line) <= width for line in lines)


def test_words_are_folded_fairly_where_a_table_is_too_wide() -> None:
    table = Table([Heading("a"), Heading("n", "number"), Heading("b")], [[Cell("x" * 40), Cell("12"), Cell("y" * 16)]])
    answer = Answer(envelope=dict, view=lambda: View([table]), flat=lambda: Flat((), ()))
    assert render(answer, "table", Look(width=40)).splitlines() == [
        f"a{' ' * 20}n  b",
        f"{'x' * 18}  12  {'y' * 16}",
        "x" * 18,
        "x" * 4,
    ]
    assert render(answer, "table").splitlines()[1] == f"{'x' * 40}  12  {'y' * 16}"


def test_markdown_keeps_rows_rows_and_starts_no_markup() -> None:
    view = View(
        [
            Lines([Cell("# <b>1 * 2</b>")]),
            Table([Heading("a|b"), Heading("n", "number")], [[Cell("x|y\n`z` [l](u) \\"), Cell("1")]]),
            Lines([Cell("- one"), Cell("two")], listed=True),
        ]
    )
    assert as_markdown(view) == (
        "\\# \\<b>1 \\* 2\\</b>\n"
        "\n"
        "| a\\|b | n |\n"
        "| --- | ---: |\n"
        "| x\\|y\\\\n\\`z\\` \\[l](u) \\\\ | 1 |\n"
        "\n"
        "- - one\n"
        "- two\n"
    )


def test_lines_of_markdown_stay_apart() -> None:
    assert as_markdown(View([Lines([Cell("a"), Cell("b")])])) == "a  \nb\n"


def test_csv_leaves_text_as_it_is() -> None:
    record = {"a": 'x"y,\n\x1b', "b": True, "c": None, "d": [1, "é"]}
    assert as_csv(Flat(("a", "b", "c", "d"), [record])) == 'a,b,c,d\n"x""y,\n\x1b",true,,"[1, ""é""]"\n'


def test_flattening_gives_every_result_every_column() -> None:
    flat = flatten([{"a": {"b": 1}}, {"a": {"b": 2, "c": 3}, "d": None}])
    assert tuple(flat.columns) == ("a_b", "a_c", "d")
    assert as_csv(flat) == "a_b,a_c,d\n1,,\n2,3,\n"


def test_json_keeps_the_letters_of_every_language() -> None:
    assert as_json({"name": "Zahlung-ä"}) == '{\n  "name": "Zahlung-ä"\n}\n'


def test_json_has_no_words_that_are_not_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"sli": float("nan")})
