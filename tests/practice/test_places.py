"""Where a verdict's findings are in the person's file, and the plain lines that editors read."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from judging import dropout

from interview.cli.katas.plain import plain_lines
from interview.grading.messages.events import At, CheckDone, End, Event, Judged, Late, NotLoaded
from interview.grading.messages.findings import Passed, Raised, Refuted
from interview.grading.verdict import Status, Verdict, blank, conclude
from interview.practice.kata.places import found_in
from interview.text import Text

KATA = dropout()
IDS = [each.id for each in KATA.checks]
SOURCE = """import torch


def dropout_mask(x):
    return x


def dropout(x, p=0.5):
\tif p:
        boom(x)
    return x
"""
CALL = "dropout(x, p=0.3)    x: (4, 5) float32"


def verdict_of(*events: Event | End, asked: tuple[str, ...] = ()) -> Verdict:
    file = Path.cwd() / "dropout.py"
    return conclude(KATA, events, source=SOURCE, file=file, seed="1", seconds=1.0, asked=asked)


def judged(**findings: Raised | Refuted) -> Verdict:
    done = [CheckDone(each, CALL, findings.get(each, Passed())) for each in IDS]
    return verdict_of(*done, Judged(()), End())


def test_an_exception_is_found_where_it_was_raised() -> None:
    """The line that raised, and the column of its first character; a tab counts one."""
    (found,) = found_in(judged(interface=Raised("NameError: boom", "NameError", 10)), SOURCE)
    assert (found.line, found.column) == (10, 9)
    (found,) = found_in(judged(interface=Raised("NameError: boom", "NameError", 9)), SOURCE)
    assert (found.line, found.column) == (9, 2)


def test_a_wrong_answer_is_found_at_its_function() -> None:
    """No exception tells a line: it is that of the function that was called, not of one whose name begins so."""
    (found,) = found_in(judged(interface=Refuted(Text("wrong", "错"))), SOURCE)
    assert (found.line, found.column) == (8, 1)
    assert "wrong" in found.said.en
    assert "错" in found.said.zh


def test_what_follows_is_left_out_unless_asked_for() -> None:
    """A check that fails with the one it comes after is one finding with it; one that was asked for is its own."""
    after = next(each for each in KATA.checks if each.after)
    wrong = {str(after.after): Refuted(Text("first", "一")), after.id: Refuted(Text("then", "二"))}
    said = [each.said.en for each in found_in(judged(**wrong), SOURCE)]
    assert len(said) == 1
    assert "first" in said[0]
    done = [CheckDone(each, CALL, found) for each, found in wrong.items()]
    asked = verdict_of(*done, Judged(()), End(), asked=(after.id,))
    assert any("then" in each.said.en for each in found_in(asked, SOURCE))


@pytest.mark.parametrize(
    ("verdict", "line"),
    [
        (verdict_of(NotLoaded("SyntaxError", "invalid syntax", 11), End()), 11),
        (verdict_of(NotLoaded("SyntaxError", "invalid syntax", 400), End()), 400),  # the parser counts on
        (verdict_of(Late(At("import"), 1.0), End(line=5)), 5),
        (verdict_of(Late(At(CALL, "interface"), 1.0), End(line=9)), 9),
        (blank(KATA, Status.UNTOUCHED, source=SOURCE, file=Path("dropout.py")), 1),
    ],
)
def test_what_stops_a_run_is_one_finding(verdict: Verdict, line: int) -> None:
    """A file that does not load, a loop: one finding, at the line where it stopped."""
    (found,) = found_in(verdict, SOURCE)
    assert found.line == line


def test_nothing_is_found_in_a_right_answer() -> None:
    """A pass has no finding, and nor has what we could not judge: it is not the file's fault."""
    assert found_in(judged(), SOURCE) == []
    assert found_in(verdict_of(), SOURCE) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_vim_reads_the_plain_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """Vim's own errorformat finds file, line and column in each finding, whatever was said; the sum is no error."""
    if shutil.which("vim") is None:
        pytest.skip("no vim here")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dropout.py").write_text(SOURCE, "utf-8")
    said = Text("two\nlines: 3:4: \x1b[31mred", "两行\n第 3:4: 行")
    verdict = judged(interface=Refuted(said), range_of_p=Raised("NameError: boom", "NameError", 10))
    lines = plain_lines(verdict, SOURCE, lang=lang)
    Path("out.txt").write_text("\n".join(lines) + "\n", "utf-8")
    read = "map(getqflist(), {_, e -> [bufname(e.bufnr), e.lnum, e.col, e.valid]})"
    script = ["set encoding=utf-8", "cgetfile out.txt", f"call writefile([json_encode({read})], 'found.json')", "qa!"]
    command = ["vim", "-u", "NONE", "-i", "NONE", "-es", *(word for each in script for word in ("-c", each))]
    subprocess.run(command, timeout=60, check=False, stdin=subprocess.DEVNULL)
    found = json.loads(Path("found.json").read_text("utf-8"))
    assert found == [["dropout.py", 10, 9, 1], ["dropout.py", 8, 1, 1], ["", 0, 0, 0]]


def test_a_path_is_as_it_would_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the folder one is in by the path from there, elsewhere whole."""
    verdict = judged(interface=Refuted(Text("wrong", "错")))
    assert plain_lines(verdict, SOURCE, lang="en")[0].startswith("dropout.py:8:1: error: ")
    monkeypatch.chdir(tmp_path)
    assert plain_lines(verdict, SOURCE, lang="en")[0].startswith(f"{verdict.file}:8:1: error: ")
