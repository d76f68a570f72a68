"""The note of an attempt in the history. No fault of the history takes a verdict away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interview.cli.world import World
from interview.errors import InterviewError
from interview.text import Text

if TYPE_CHECKING:
    from interview.grading.verdict import Verdict
    from interview.practice.kata.submission import Submission

NOT_NOTED = Text(
    "this attempt was not noted, and no card is due for it: {why}",
    "这次作答没有记录，也没有让卡片到期：{why}",
)
NOT_DATED = Text(
    "when it was handed out was not noted, so that its minutes are not counted: {why}",
    "没有记下领题时间，因此不会计时：{why}",
)


def note(world: World, verdict: Verdict, submission: Submission) -> int | None:
    """Note the attempt, if it is one, and say so if that fails."""
    attempt, trouble = noted(world, verdict, submission)
    if trouble:
        warn(world, NOT_NOTED, trouble)
    return attempt


def noted(world: World, verdict: Verdict, submission: Submission) -> tuple[int | None, str]:
    """The attempt's number once it is on disk, or why it is not. No fault of the history takes a verdict away."""
    from interview.log.store import Store
    from interview.practice.kata.checking import counts, record

    if not counts(verdict):
        return None, ""
    try:
        now, today = world.now(), world.today()
        with Store.open(world.home() / "history.db") as store:
            return record(store, world.home(), verdict, submission.source, now=now, day=today), ""
    except Exception as error:
        return None, why_not(error, world.lang)


def note_blank(world: World, kata_id: str) -> None:
    """The hand-out in the history; the file is there, whether that can be written or not."""
    from interview.log.store import Store
    from interview.practice.kata.ledger import note_hand_out

    try:
        with Store.open(world.home() / "history.db") as store:
            note_hand_out(store, kata_id, now=world.now(), day=world.today())
    except Exception as error:
        warn(world, NOT_DATED, why_not(error, world.lang))


def why_not(error: Exception, lang: str) -> str:
    """What kept us from writing, in a sentence; a bug of ours leaves its traceback in a file."""
    if isinstance(error, InterviewError):
        return error.say(lang)
    from interview.cli.crash import log_crash, refusal

    if isinstance(error, OSError | UnicodeError | MemoryError):
        return refusal(error, lang)
    return log_crash(lang)


def warn(world: World, what: Text, why: str) -> None:
    from interview.cli.output import complain

    complain(what.say(world.lang, why=why))
