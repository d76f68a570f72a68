"""The watch, `kata NAME --check --watch`: the zygote stays, and every save gets one verdict."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from interview.cli.katas.check import exit_code
from interview.cli.katas.debrief import debrief as ask_cards
from interview.cli.katas.note import NO_RECALL, NOT_NOTED, is_stale, noted, pace_line, why_not
from interview.cli.katas.task import NOT_REMEMBERED, asked_checks
from interview.cli.world import World
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.errors import InterviewError, UsageError
from interview.grading.graders import Graders
from interview.grading.verdict import Extent, Verdict
from interview.practice.kata.attempts import difference
from interview.practice.kata.checking import check
from interview.practice.kata.submission import Submission
from interview.practice.kata.watch import Watched, compare
from interview.practice.kata.workspace import next_hint, remember_hint
from interview.terminal.screens.watch import Difference, Hints, Watching, watch_view
from interview.terminal.tui.keys import REDRAW, Keyboard
from interview.terminal.tui.screen import Screen
from interview.terminal.tui.signals import Interrupted
from interview.text import Text

TICK = 0.015  # seconds between two looks at the file


def watch_file(
    world: World, folder: Path, path: Path, agreed: Mapping[str, str] | None, *, only: tuple[str, ...], plain: bool,
    debrief: bool,
) -> int:  # fmt: skip
    """Until q or Ctrl-C; the exit code tells whether the last verdict was a pass."""
    if plain:
        from interview.cli.katas.plain import watch_plainly

        watch_plainly(world, folder, path, agreed, only)
    if not world.has_keyboard():
        raise UsageError(
            "--watch reads single keys, and there is no terminal: use --check alone, or add --plain",
            "--watch 要读单个按键，而这里没有终端：请只用 --check，或加上 --plain",
        )
    judge = Graders(world.roots())
    pool = ThreadPoolExecutor(1)
    try:
        kata = load_kata(folder, agreed)
        judge.warm(kata)
        with Keyboard() as keyboard:
            watch = Watch(world, kata, path, judge, pool, keyboard, Extent(asked_checks(kata, only)))
            keyboard.watch()
            code = watch.run()
    except Interrupted as signal:
        return signal.code
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        judge.close()
    if code == 0 and debrief and not only:
        ask_cards(world, kata)
    return code


class Watch:
    """One watch: the file, the verdict in the making, and the screen."""

    def __init__(
        self, world: World, kata: Kata, path: Path, judge: Graders, pool: ThreadPoolExecutor, keyboard: Keyboard,
        extent: Extent,
    ) -> None:  # fmt: skip
        self.extent = extent
        self.world, self.kata, self.judge, self.pool, self.keyboard = world, kata, judge, pool, keyboard
        self.file = Watched(path)
        self.shown = Watching(kata, world.lang)
        self.screen = Screen(keyboard.target, world.color)
        self.running: tuple[Submission, Future[Verdict]] | None = None
        self.newer: Submission | None = None  # saved while another was judged
        self.sources = ("", "")  # of the last verdict but one, and of the last

    def run(self) -> int:
        self.show()
        while True:
            press = self.keyboard.poll(TICK)
            if press == "q":
                return 1 if self.shown.verdict is None else min(1, exit_code(self.shown.verdict))
            if press is not None:
                self.obey(str(press))
            self.look()
            if self.running is not None and self.running[1].done():
                self.conclude(*self.running)

    def look(self) -> None:
        match self.file.look(time.monotonic()):
            case Text() as sentence:
                self.show(trouble=sentence.say(self.world.lang), busy="judging" if self.running else None)
            case Submission() as submission if self.running is None:
                self.begin(submission)
            case Submission() as submission:
                self.newer = submission
                self.judge.cancel()
                self.show(busy="judging", trouble=None)
            case None:
                pass

    def begin(self, submission: Submission) -> None:
        self.running = submission, self.pool.submit(check, self.kata, submission, self.judged)
        self.show(busy="judging" if self.shown.verdict else "starting", trouble=None)

    def judged(self, kata: Kata, source: str, file: Path) -> Verdict:
        return self.judge.grade(kata, source, file=file, extent=self.extent)

    def conclude(self, submission: Submission, future: Future[Verdict]) -> None:
        self.running = None
        if self.newer is not None:  # what was judged is not there any more: no verdict, no attempt
            newer, self.newer = self.newer, None
            self.begin(newer)
            return
        try:
            verdict = future.result()
        except (InterviewError, OSError) as error:  # no judge to be had: for now, perhaps
            self.show(trouble=why_not(error, self.world.lang), busy=None)
            return
        change = compare(self.shown.verdict, verdict) if self.shown.verdict else None
        self.sources = (self.sources[1], submission.source)
        clock = f"{self.world.now():%H:%M:%S}"
        self.screen.top = 0
        self.show(verdict=verdict, change=change, clock=clock, busy=None, trouble=None, aside=None, pace="")
        attempt, trouble = noted(self.world, verdict, submission)
        if trouble:
            self.show(trouble=NOT_NOTED.say(self.world.lang, why=trouble))
        elif attempt is not None:
            stale = is_stale(self.world, self.kata.id, verdict.sha256)
            aside = NO_RECALL.say(self.world.lang, kata=self.kata.id) if stale else None
            self.show(attempt=attempt, pace=pace_line(self.world, self.kata, verdict), trouble=aside)

    def obey(self, press: str) -> None:
        match press:
            case "r":
                self.file.again()
                self.show(busy="judging")
            case "h":
                self.hint()
            case "d":
                asked = None if isinstance(self.shown.aside, Difference) else Difference(difference(*self.sources))
                self.screen.top = 0
                self.show(aside=asked)
            case "s":
                self.solution()
            case "a":
                self.show(everything=not self.shown.everything)
            case "down" | "space":
                self.screen.scroll(3)
                self.show()
            case "up":
                self.screen.scroll(-3)
                self.show()
            case _ if press == REDRAW:
                self.show()

    def hint(self) -> None:
        home = self.world.home()
        try:
            rung = next_hint(home, self.kata)
            self.screen.top = 0
            self.show(aside=Hints(rung + 1))
            remember_hint(home, self.kata, rung)
        except OSError as error:
            self.show(trouble=NOT_REMEMBERED.say(self.world.lang, why=why_not(error, self.world.lang)))

    def solution(self) -> None:
        """Once it is earned, ours beside the file as it is now; before, what is owed."""
        from interview.cli.katas.solution import what_is_shown
        from interview.practice.answers.solution import Shown

        try:
            asked = (
                None if isinstance(self.shown.aside, Shown) else what_is_shown(self.world, self.kata, self.file.path)
            )
        except InterviewError as error:
            self.show(trouble=error.say(self.world.lang))
            return
        self.screen.top = 0
        self.show(aside=asked, trouble=None)

    def show(self, **news: object) -> None:
        self.shown = replace(self.shown, **news)  # type: ignore[arg-type]
        width, rows = self.screen.size()
        view = watch_view(self.shown, max(20, width - 1))
        if len(view.body) + len(view.foot) >= rows:
            view = watch_view(self.shown, max(20, width - 1), scrolls=True)
        self.screen.paint(view)
