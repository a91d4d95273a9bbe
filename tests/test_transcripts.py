"""What the README and the transcripts show is what the program prints.

`python tests/test_transcripts.py --write` runs every transcript anew. One is a list of commands, `$ backburn ...`, each
followed by what a terminal of 100 columns shows, and by `# exit N` where N is not 0. All its commands run in one folder
that holds the project's `data`, and `situations` (tests/situations.py).
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from shell import run
from situations import make as make_situations

HERE = Path(__file__).parent
ROOT = HERE.parent
SHARED = ROOT.parent / "shared" / "data"
FOLDER = HERE / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what follows it."""

    command: str
    output: str


def steps(text: str) -> list[Step]:
    """The commands of a transcript."""
    pieces = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    if pieces[0]:
        raise ValueError(f"a transcript begins with a command, not with {pieces[0]!r}")
    return [Step(command, output) for command, output in zip(pieces[1::2], pieces[2::2], strict=True)]


def prepare(folder: Path) -> Path:
    """Make the folder in which a transcript runs: the project's data, and the real data beside it."""
    project = folder / "project"
    for part in ("samples", "examples"):
        shutil.copytree(ROOT / "data" / part, project / "data" / part)
    make_situations(project / "situations")
    if SHARED.is_dir():
        (folder / "shared").mkdir()
        (folder / "shared" / "data").symlink_to(SHARED)
    return project


def play(step: Step, folder: Path, *, warm: bool = True) -> Step:
    """Run a command as the transcript shows it."""
    outcome = run(step.command, folder, merged=True, warm=warm)
    text = outcome.stdout
    if text and not text.endswith("\n"):
        text += "\n"
    return Step(step.command, text + (f"# exit {outcome.exit}\n" if outcome.exit else ""))


def written(played: list[Step]) -> str:
    return "".join(f"$ {step.command}\n{step.output}" for step in played)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_shows_what_is_printed(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    if "../shared" in text:
        request.getfixturevalue("shared_data")
    project = prepare(tmp_path)
    for step in steps(text):
        # The first five minutes are as long as they are for a person.
        assert play(step, project, warm=path.stem != "five-minutes") == step


def test_there_are_transcripts() -> None:
    assert {path.stem for path in TRANSCRIPTS} >= {"five-minutes", "rollup", "formats"}


def test_the_readme_shows_nothing_but_parts_of_transcripts() -> None:
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    texts = [path.read_text(encoding="utf-8") for path in TRANSCRIPTS]
    assert blocks
    for block in blocks:
        assert any(block in text for text in texts), block


def main() -> int:
    """Write every transcript anew from its own commands."""
    for path in TRANSCRIPTS:
        with tempfile.TemporaryDirectory(prefix="backburn-transcript-") as name:
            project = prepare(Path(name))
            played = [play(step, project) for step in steps(path.read_text(encoding="utf-8"))]
        path.write_text(written(played), encoding="utf-8")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python tests/test_transcripts.py --write")
    sys.exit(main())
