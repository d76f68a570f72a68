"""The note of an attempt in the history. No fault of the history takes a verdict away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from interview.cli.world import World
from interview.errors import InterviewError
from interview.text import Text

if TYPE_CHECKING:
    from interview.content.katas.kata import Kata
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


NO_RECALL = Text(
    "{kata} stays due: this file has passed before, so that checking it is no recall."
    " `interview kata {kata} --again` keeps it and hands out a blank one.",
    "{kata} 仍然到期：这个文件以前就通过了，再判一次不算回忆。"
    "`interview kata {kata} --again` 会保留它，并发一份空白文件。",
)


def note(world: World, verdict: Verdict, submission: Submission) -> int | None:
    """Note the attempt, if it is one, and say so if that fails, or if it moved no schedule."""
    attempt, trouble = noted(world, verdict, submission)
    if trouble:
        warn(world, NOT_NOTED, trouble)
    elif attempt and is_stale(world, verdict.kata, verdict.sha256):
        from interview.cli.output import complain

        complain(NO_RECALL.say(world.lang, kata=verdict.kata))
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


def is_stale(world: World, kata_id: str, sha256: str) -> bool:
    """Is the kata due, and this file an answer that passed before? A history that cannot be read says no."""
    from interview.cli.settings import goal_of
    from interview.drill.hand import hands_of, is_old_answer, status_of
    from interview.drill.plan import aim_kata
    from interview.log.store import Store

    try:
        today, settings = world.today(), world.settings
        with Store.peek(world.home() / "history.db") as store:
            hand = hands_of(store.kata_events(kata_id), settings.rules).get(kata_id)
        goal = goal_of(settings, today)
        if hand is None or not is_old_answer(hand, sha256):
            return False
        return status_of(replace(hand, memory=aim_kata(hand.memory, goal)) if goal else hand, today) == "due"
    except InterviewError:
        return False


def pace_line(world: World, kata: Kata, verdict: Verdict) -> str:
    """On a pass: the minutes of this time, of last time, of an interviewer; nothing where nobody knows."""
    from interview.drill.attempts import attempts_of, pace_of
    from interview.log.store import Store
    from interview.terminal.screens.answers.words import pace_words

    if verdict.status.value != "passed" or verdict.asked:
        return ""
    try:
        with Store.peek(world.home() / "history.db") as store:
            pace = pace_of(attempts_of(store.kata_events(kata.id)), verdict.sha256)
    except InterviewError:
        return ""
    return pace_words(pace, kata.minutes, world.lang) if pace else ""


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
