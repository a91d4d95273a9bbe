"""Every bad input is answered by the words and the exit code of `tests/errors.md`."""

from __future__ import annotations

import errors
import pytest

CASES = errors.cases()
FIRST = {case.chapter: case.name for case in reversed(CASES)}
"""The first case of each chapter starts the program as a person does; the others start it warm."""
RECORDED = errors.recorded(errors.PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_bad_input_is_answered_as_the_page_says(case: errors.Case) -> None:
    section, wrong = errors.answer(case, warm=case.name != FIRST[case.chapter])
    assert not wrong
    assert section == RECORDED.get(case.name)


def test_the_page_is_made_of_the_cases_in_their_order() -> None:
    sections = [(case, RECORDED.get(case.name, "")) for case in CASES]
    assert errors.PAGE.read_text(encoding="utf-8") == errors.page(sections)


def test_case_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
