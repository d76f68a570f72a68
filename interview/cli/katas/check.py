"""One check, `kata NAME --check`: the file is read, judged, shown, and noted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interview.cli.katas.note import note, pace_line
from interview.cli.katas.task import asked_checks, check_seed
from interview.cli.world import World
from interview.content.reading.source import read_source
from interview.dataclass import dataclass
from interview.practice.kata.submission import Submission, read_submission
from interview.practice.kata.workspace import untouched
from interview.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interview.content.katas.kata import Kata
    from interview.grading.graders import Graders
    from interview.grading.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict is shown: every failed check in full, for a program, for an editor, with the calls; whether the
    file is opened then, and whether a pass is followed by its cards.
    """

    everything: bool = False
    as_json: bool = False
    plain: bool = False
    calls: bool = False
    opened: bool = False
    debrief: bool = True


JUDGING = Text("{kata}: judging …", "{kata}：正在判题 …")


def grade_file(
    world: World,
    folder: Path,
    path: Path,
    agreed: Mapping[str, str] | None,
    *,
    seed: str | None,
    only: tuple[str, ...],
    look: Look,
) -> int:
    """Read, judge, show, and note the attempt. The zygote starts before anything else that takes time."""
    check_seed(seed)
    submission = read_submission(path)
    graders: Graders | None = None
    if submission.trouble is None and not untouched(read_source(folder / "stub.py"), submission.source):
        from interview.grading.graders import Graders

        graders = Graders(world.roots())
        graders.living()

    def judge(kata: Kata, source: str, file: Path) -> Verdict:
        assert graders is not None
        return graders.grade(kata, source, file=file, seed=seed, extent=Extent(asked, look.calls))

    try:
        from interview.content.katas.kata_file import load_kata
        from interview.grading.verdict import Extent
        from interview.practice.kata.checking import check
        from interview.terminal.tui.progress import Sign

        kata = load_kata(folder, agreed)
        asked = asked_checks(kata, only)
        with Sign(world.console(err=True), JUDGING.say(world.lang, kata=kata.id)):
            verdict = check(kata, submission, judge)
        if graders is not None:
            graders.dismiss()  # it takes a moment, in which the verdict is shown and noted
        if look.as_json:
            tell(world, verdict, submission)
        else:
            show(world, verdict, submission, kata, look)
    finally:
        if graders is not None:
            graders.close()
    if verdict.status.value == "passed" and look.debrief and not (look.as_json or look.plain):
        from interview.cli.katas.debrief import debrief

        debrief(world, kata)
    if look.opened:
        from interview.cli.tools.editor import open_editor
        from interview.practice.kata.places import begun_at, found_in

        found = found_in(verdict, submission.source)
        open_editor(path, found[0].line if found else begun_at(path), keyboard=world.has_keyboard())
    return exit_code(verdict)


def show(world: World, verdict: Verdict, submission: Submission, kata: Kata, look: Look) -> None:
    """The verdict on the screen, and only then a note of the attempt: a history that hangs or fails delays nothing."""
    try:
        if look.plain:
            from interview.cli.katas.plain import plain_lines

            for sentence in plain_lines(verdict, submission.source, lang=world.lang):
                print(sentence)
        else:
            from interview.cli.tools.links import knows_links, linked
            from interview.terminal.screens.verdict import render

            console = world.console()
            links = knows_links(terminal=console.is_terminal, color=world.color)
            for line in render(verdict, kata, lang=world.lang, width=console.width, everything=look.everything):
                console.print(linked(line, verdict.file) if links else line, soft_wrap=True)
    finally:  # a reader who has seen enough (`| head`) has made an attempt all the same
        note(world, verdict, submission)
    if not look.plain and (pace := pace_line(world, kata, verdict)):
        world.console().print(f"\n{pace}", style="dim", soft_wrap=True)


def tell(world: World, verdict: Verdict, submission: Submission) -> None:
    """The verdict as JSON, with the attempt's number, or none where it could not be noted."""
    from interview.report.line import as_line
    from interview.report.verdict import verdict_json

    attempt = None
    try:
        attempt = note(world, verdict, submission)
    finally:
        typer.echo(as_line(verdict_json(verdict, lang=world.lang, attempt=attempt)))


def exit_code(verdict: Verdict) -> int:
    return {"passed": 0, "partial": 0, "broken": 4}.get(verdict.status.value, 1)
