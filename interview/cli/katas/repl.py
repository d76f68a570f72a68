"""The REPL, `kata NAME --repl`: Python among one's own functions and the arguments of the call that failed.

What is typed runs where the file runs, behind the same locks; only lines go there, and only what they print comes back.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rich.text import Text as Styled

from interview.cli.katas.task import asked_checks, check_seed
from interview.cli.output import complain
from interview.cli.world import World
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.errors import JudgeError, UsageError
from interview.grading.client import FORKS, ZygoteLost
from interview.grading.conversation import Conversation, Lost
from interview.grading.graders import Graders, no_zygote
from interview.grading.messages.events import Said, Which
from interview.grading.verdict import CheckResult, Extent, Verdict, failures_in_order
from interview.practice.kata.submission import Submission, read_submission
from interview.terminal.text.wrap import wrap
from interview.terminal.tui.progress import Sign
from interview.text import Text

NO_CALL = Text("no check made a call", "没有一项检查做过调用")
FIRST: Which = (1, 0)
LONGEST = 100_000  # characters of a line
MARKS = (">>> ", "... ")


class ReplWords:
    judging = Text("{kata}: looking for the call that fails …", "{kata}：正在找出错的那次调用 …")
    failed = Text("The call at which `{check}` failed:", "`{check}` 没通过时的调用：")
    none = Text(
        "No check failed. The first call of the first, `{check}`:", "没有检查未通过。第一项 `{check}` 的第一次调用："
    )
    asked = Text("`{check}` passed. Its last call:", "`{check}` 通过了。它的最后一次调用：")
    names = Text(
        "Its arguments are here by their names and as args and kwargs, with torch and what your file defines; call()"
        " makes the call as the judge did, at its seed. Ctrl-D leaves.",
        "参数可以按名字用，也在 args 和 kwargs 里；还有 torch 和你文件里定义的一切。"
        "call() 用同样的参数和种子再调用一次。按 Ctrl-D 离开。",
    )
    left_out = Text("… {n} more lines were printed and left out", "…… 还打印了 {n} 行，没有显示")
    lost = Text(
        "{why}: what you had defined here is gone; Python goes on in a new process",
        "{why}：这里定义过的名字都没了；提示符在新进程里继续",
    )
    long = Text("a line here has at most {n} characters", "这里一行最多 {n} 个字符")


def open_repl(
    world: World, folder: Path, path: Path, agreed: Mapping[str, str] | None, *, seed: str | None,
    only: tuple[str, ...],
) -> int:  # fmt: skip
    """Until it is left. Without a terminal the lines of standard input are run, and one that raised is code 1."""
    check_seed(seed)
    if not FORKS:
        raise UsageError(
            "--repl needs Linux: elsewhere no process is kept for a second line", "--repl 只在 Linux 上可用"
        )
    submission = read_submission(path)
    if submission.trouble is not None:
        raise UsageError(f"{path}: {submission.trouble.en}", f"{path}：{submission.trouble.zh}")
    with Graders(world.roots()) as graders:
        graders.living()
        kata = load_kata(folder, agreed)
        extent = Extent(asked_checks(kata, only))
        with Sign(world.console(err=True), ReplWords.judging.say(world.lang, kata=kata.id)):
            verdict = graders.grade(kata, submission.source, file=path, seed=seed, extent=extent)
        at = call_of(verdict)
        if at is None:
            reason = (verdict.reason or NO_CALL).say(world.lang)
            complain(f"{path.name}:{verdict.line}: {reason}" if verdict.line else reason)
            return 4 if verdict.status.value == "broken" else 1
        try:
            return Repl(world, graders, kata, submission, verdict, at).run()
        except ZygoteLost as error:
            raise no_zygote(str(error)) from None


def call_of(verdict: Verdict) -> CheckResult | None:
    """The check whose call is looked at: one that was asked for, the first that failed, the first; if any was made."""
    asked = [each for each in verdict.judged if each.check.id in verdict.asked]
    failed = [each for each, _ in failures_in_order(verdict)]
    ordered = [*(each for each in failed if each in asked), *asked, *failed, *verdict.checks]
    return next((each for each in ordered if each.made != (0, 0)), None)


class Repl:
    """One conversation as a person has it: what is typed, and what it comes to."""

    def __init__(
        self, world: World, graders: Graders, kata: Kata, submission: Submission, verdict: Verdict, at: CheckResult
    ) -> None:
        self.world, self.at = world, at
        failed = at in [each for each, _ in failures_in_order(verdict)]
        self.about = ReplWords.failed if failed else ReplWords.asked if verdict.asked else ReplWords.none
        which = at.made if failed or verdict.asked else FIRST
        self.talk = Conversation(
            graders.living(), kata, submission.source, file=submission.path, seed=verdict.seed, at=(at.check.id, which)
        )
        self.by_hand = sys.stdin.isatty()
        self.more = False  # a block was begun
        self.anew = False  # and given up
        self.bad = False  # a line raised, or was ended
        self.left: int | None = None

    def run(self) -> int:
        """The exit code: that of `exit(…)`; else, of lines that nobody typed, whether one of them raised."""
        self.open()
        while self.left is None and (line := self.line()) is not None:
            if len(line) > LONGEST:
                self.bad = True
                complain(ReplWords.long.say(self.world.lang, n=LONGEST))
            else:
                self.take(self.talk.type(line, anew=self.anew))
        if self.by_hand:
            return 0
        return min(1, abs(self.left)) if self.left is not None else int(self.bad)

    def open(self) -> None:
        opened = self.talk.open()
        if isinstance(opened, Lost):
            raise JudgeError(opened.why.en, opened.why.zh)
        if self.by_hand:
            self.greet(opened.call)

    def greet(self, call: str) -> None:
        if sys.stdout.isatty():
            with suppress(ImportError):
                import readline  # noqa: F401  (its import gives `input` a history)
        lang, console = self.world.lang, self.world.console()
        title = self.at.check.title.say(lang)
        for line in (
            Styled(self.about.say(lang, check=title)),
            Styled("  " + call, "cyan"),
            Styled(ReplWords.names.say(lang), "dim"),
        ):
            for each in wrap(line, console.width, rest="  " if line.plain.startswith("  ") else ""):
                console.print(each, soft_wrap=True)

    def line(self) -> str | None:
        """The next one; None at the end."""
        while self.by_hand:
            try:
                return input(MARKS[self.more])
            except EOFError:
                print()
                return None
            except KeyboardInterrupt:  # as Python's own REPL has it: what was begun is dropped
                print("\nKeyboardInterrupt")
                self.more, self.anew = False, True
        read = sys.stdin.readline()
        if read:
            return read.removesuffix("\n")
        return "" if self.more else None  # a block that the end of the input ends

    def take(self, said: Said | Lost) -> None:
        self.more = self.anew = False
        match said:
            case Lost(why):
                self.bad = True
                if self.by_hand:
                    print()
                complain(ReplWords.lost.say(self.world.lang, why=why.say(self.world.lang)))
                again = self.talk.open()
                if isinstance(again, Lost):
                    raise JudgeError(again.why.en, again.why.zh)
            case Said(lines, left_out, more, raised, left):
                for each in lines:
                    print(each)
                if left_out:
                    print(ReplWords.left_out.say(self.world.lang, n=left_out))
                sys.stdout.flush()
                self.more, self.left = more, left
                self.bad |= raised
