"""The verdict in plain lines, `--plain`: `dropout.py:12:5: error: …`, as `:make` and problem matchers read them.

With --watch a line before each judging and one after it, in one wording whatever the language, tell a matcher in the
background when it begins and ends.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from interview.cli.katas.note import NOT_NOTED, noted, why_not
from interview.cli.katas.task import asked_checks
from interview.cli.output import complain
from interview.cli.world import World
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.errors import InterviewError
from interview.grading.graders import Graders
from interview.grading.verdict import Extent, Verdict
from interview.practice.kata.checking import check
from interview.practice.kata.places import found_in
from interview.practice.kata.submission import Submission
from interview.practice.kata.watch import Watched
from interview.printable import printable_line
from interview.text import Text

TICK = 0.05  # seconds between two looks at the file
LONGEST = 500  # characters of what is said on one line
BEGINS, ENDS = "[interview] begin {kata}", "[interview] end {kata}"  # a problem matcher waits for these
SUMMED = Text("{kata}: {passed} of {total} checks passed", "{kata}：通过 {passed}/{total} 项检查")
SEED = Text(", seed {seed}", "，种子 {seed}")
UNJUDGED = Text("{kata}: no verdict: {reason}", "{kata}：没有结论：{reason}")


def plain_lines(verdict: Verdict, source: str, *, lang: str) -> list[str]:
    """One thing found a line, by the path as the person would type it; then the sum, which names no place."""
    path = printable_line(typed(verdict.file))
    found = [
        f"{path}:{each.line}:{each.column}: error: {on_one_line(each.said.say(lang))}"
        for each in found_in(verdict, source)
    ]
    return [*found, summed(verdict, lang)]


def summed(verdict: Verdict, lang: str) -> str:
    if verdict.status.value == "broken" and verdict.reason is not None:
        return UNJUDGED.say(lang, kata=verdict.kata, reason=on_one_line(verdict.reason.say(lang)))
    said = SUMMED.say(lang, kata=verdict.kata, passed=verdict.passed, total=len(verdict.judged))
    return said + (SEED.say(lang, seed=verdict.seed) if verdict.seed else "")


def on_one_line(text: str) -> str:
    return printable_line(" ".join(text.split()), LONGEST)


def typed(path: Path) -> str:
    """From here on, where it lies below; else whole."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def watch_plainly(
    world: World, folder: Path, path: Path, agreed: Mapping[str, str] | None, only: tuple[str, ...]
) -> NoReturn:
    """A verdict at each save, until Ctrl-C. No key is read."""
    judge = Graders(world.roots())
    try:
        kata = load_kata(folder, agreed)
        extent = Extent(asked_checks(kata, only))
        judge.warm(kata)
        watched = Watched(path)
        while True:
            match watched.look(time.monotonic()):
                case Text() as sentence:
                    mark(BEGINS, kata)
                    complain(sentence.say(world.lang))
                    mark(ENDS, kata)
                case Submission() as submission:
                    mark(BEGINS, kata)
                    judge_once(world, judge, kata, submission, extent)
                    mark(ENDS, kata)
                case None:
                    time.sleep(TICK)
    finally:
        judge.close()


def judge_once(world: World, judge: Graders, kata: Kata, submission: Submission, extent: Extent) -> None:
    def judged(kata: Kata, source: str, file: Path) -> Verdict:
        return judge.grade(kata, source, file=file, extent=extent)

    try:
        verdict = check(kata, submission, judged)
    except (InterviewError, OSError) as error:  # no judge to be had: for now, perhaps
        complain(why_not(error, world.lang))
        return
    for line in plain_lines(verdict, submission.source, lang=world.lang):
        print(line)
    _, trouble = noted(world, verdict, submission)
    if trouble:
        complain(NOT_NOTED.say(world.lang, why=trouble))


def mark(words: str, kata: Kata) -> None:
    print(words.format(kata=kata.id))
    sys.stdout.flush()
