"""The graders: one lives at a time, and a lost one is replaced. When to give up is decided here."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.errors import JudgeError
from interview.grading.client import Grader, ZygoteLost
from interview.grading.verdict import WHOLE, Extent, Status, Verdict

TRIES = 2  # graders for one submission


class Graders:
    """Lends one thread a living grader, which stays warm from one submission to the next. A context manager.

    A submission that loses a grader is judged once more by another; one that loses that too is nobody's verdict, and
    JudgeError says why. With `doubting`, a grader that reaches no verdict is replaced as if it were lost, for some part
    of it may have died; where none of three in a row did, it is the kata or the machine, and the third stays.
    """

    def __init__(self, barred: tuple[Path, ...] = (), *, doubting: bool = False) -> None:
        self.barred, self.doubting = barred, doubting
        self.grader: Grader | None = None
        self.fruitless = 0  # graders in a row that reached no verdict
        self.closed = False

    def __enter__(self) -> Graders:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def living(self) -> Grader:
        if self.grader is None and not self.closed:
            self.grader = Grader(self.barred)
        grader = self.grader
        if grader is None or self.closed:  # by another thread, and perhaps just now
            self.replace()
            raise ZygoteLost
        return grader

    def warm(self, kata: Kata) -> None:
        """Collect a suite ahead. What is lost over it is replaced when it is needed."""
        with suppress(ZygoteLost):
            self.living().warm(kata)

    def grade(
        self, kata: Kata, source: str, *, file: Path, seed: str | None = None, one_failure: bool = False,
        extent: Extent = WHOLE,
    ) -> Verdict:  # fmt: skip
        """See Grader. Raises JudgeError where there is no verdict to be had."""
        broken: Verdict | None = None
        words = ""
        for _ in range(TRIES):
            try:
                verdict = self.living().grade(
                    kata, source, file=file, seed=seed, one_failure=one_failure, extent=extent
                )
            except ZygoteLost as error:
                words = str(error)
            else:
                if not self.doubts(verdict):
                    return verdict
                broken = verdict
            self.replace()
            if self.closed:
                break
        if broken is None:
            raise no_zygote(words)
        return broken

    def rehearse(self, kata: Kata, source: str, *, file: Path, seed: str) -> Verdict | None:
        """See Grader. A grader that is lost over it has decided nothing."""
        try:
            return self.living().rehearse(kata, source, file=file, seed=seed)
        except ZygoteLost:
            self.replace()
            return None

    def doubts(self, verdict: Verdict) -> bool:
        if verdict.status is not Status.BROKEN:
            self.fruitless = 0
        elif self.doubting and self.fruitless < TRIES:
            self.fruitless += 1
            return True
        return False

    def replace(self) -> None:
        """Nobody knows what it would answer to the next."""
        lost, self.grader = self.grader, None
        if lost is not None:
            lost.close()

    def cancel(self) -> None:
        """See Grader; of another thread's."""
        with suppress(ZygoteLost):
            if self.grader is not None:
                self.grader.cancel()

    def dismiss(self) -> None:
        """See Grader."""
        if self.grader is not None:
            self.grader.dismiss()

    def close(self) -> None:
        """No grader lives any more, nor will; also while another thread waits for a verdict."""
        self.closed = True
        self.replace()


def no_zygote(words: str) -> JudgeError:
    """The sentence for a zygote that does not live: most often torch is not installed."""
    if "No module named 'torch'" in words:
        return JudgeError(
            "torch is not installed beside interview: install it (the README says how), then check again",
            "没有安装 torch：请安装（方法见 README），再检查一次",
        )
    last = words.splitlines()[-1:]
    en, zh = last or ["it ended without a word"], last or ["没有留下任何信息"]
    return JudgeError(
        f"the judge's process ended twice, so there is no verdict: {en[0]}; `interview doctor` looks for the cause",
        f"判题进程两次中途结束，没有结论：{zh[0]}；可用 `interview doctor` 查原因",
    )
