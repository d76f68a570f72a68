"""The batch: many submissions of one kata, each a task for any `concurrent.futures.Executor`.

`grade_path` takes and returns plain values, so a pool of threads serves as well as one of processes or a cluster.
Each thread that runs it keeps one zygote warm; a zygote that dies is replaced and the submission judged once more.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, as_completed
from dataclasses import replace
from functools import cache
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.dataclass import dataclass
from interview.errors import InterviewError, JudgeError
from interview.grading.client import Grader, ZygoteLost, no_zygote
from interview.grading.verdict import Status, Verdict, blank, broken
from interview.practice.kata.checking import check
from interview.practice.kata.submission import UnreadError, read_within
from interview.text import Text


@dataclass(frozen=True, slots=True)
class Task:
    """One submission to grade. `barred` are the folders that no worker may read; the reading of the file does not leave
    `within` (None: the folder that holds it). `agreed`: see Kata."""

    kata: Path
    file: Path
    seed: str | None
    barred: tuple[Path, ...]
    within: Path | None = None
    agreed: Mapping[str, str] | None = None


class Stations(threading.local):
    """This thread's warm grader, if it has one."""

    grader: Grader | None = None
    fruitless: int = 0  # graders in a row that reached no verdict


STATIONS = Stations()
OPEN: list[Grader] = []  # every thread's, to be closed by whoever ends the batch


def grade_path(task: Task) -> Verdict:
    """The verdict on one file, whatever the file is and whatever it does. What fails on our side is its verdict too."""
    kata = replace(load_once(task.kata), agreed=task.agreed)
    try:
        submission = read_within(task.within or task.file.parent, task.file, ours=strangers_to(task))
        return check(kata, submission, lambda kata, source, file: judge_twice(kata, source, file, task))
    except UnreadError as error:
        return unjudged(task, error.why)
    except Exception as error:
        leave_station()  # nobody knows what it would answer to the next
        return unjudged(task, fault(error))


@cache
def load_once(folder: Path) -> Kata:
    return load_kata(folder)


def strangers_to(task: Task) -> frozenset[tuple[int, int]]:
    """The katas' own files, by device and inode: no name makes one of them a submission. Who grades in a kata's folder
    means its files."""
    within = task.within or task.file.parent
    if any(within.is_relative_to(root / "katas") for root in task.barred):
        return frozenset()
    return own_files(task.barred)


@cache
def own_files(roots: tuple[Path, ...]) -> frozenset[tuple[int, int]]:
    known = set()
    for each in (path for root in roots for path in (root / "katas").rglob("*.py")):
        try:
            status = each.stat()
        except OSError:  # gone in the meantime
            continue
        known.add((status.st_dev, status.st_ino))
    return frozenset(known)


def unjudged(task: Task, reason: Text) -> Verdict:
    return broken(blank(load_once(task.kata), Status.BROKEN, source="", file=task.file), reason)


def fault(error: BaseException) -> Text:
    """A bug of ours, with the place where it shows."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f" ({Path(each.filename).name}:{each.lineno})" for each in last)
    said = f"{type(error).__name__}: {error}{place}"
    return Text(f"the judge is at fault: {said}", f"判题程序自身出错：{said}")


def judge_twice(kata: Kata, source: str, file: Path, task: Task) -> Verdict:
    """With this thread's zygote, and once more with a new one if it is lost, cannot be started or reaches no verdict:
    some part of it may have died. Where none of three did it is the kata or the machine, and the third stays."""
    broke: Verdict | None = None
    words = ""
    for _ in range(2):
        try:
            verdict = station(task.barred).grade(kata, source, file=file, seed=task.seed)
        except (ZygoteLost, JudgeError) as error:
            words = str(error)
        else:
            if verdict.status is not Status.BROKEN:
                STATIONS.fruitless = 0
            if verdict.status is not Status.BROKEN or STATIONS.fruitless > 1:
                return verdict
            STATIONS.fruitless += 1
            broke = verdict
        if not leave_station():
            break
    reason = no_zygote(words)
    return broke or unjudged(task, Text(str(reason), reason.zh))


def station(barred: tuple[Path, ...]) -> Grader:
    if STATIONS.grader is None or STATIONS.grader not in OPEN:  # none yet, or one of a batch that was ended
        STATIONS.grader = Grader(barred)
        OPEN.append(STATIONS.grader)
    return STATIONS.grader


def leave_station() -> bool:
    """Close this thread's grader; False if the batch was ended, and with it every grader, in the meantime."""
    grader, STATIONS.grader = STATIONS.grader, None
    if grader is None:
        return True
    try:
        OPEN.remove(grader)
    except ValueError:
        return False
    grader.close()
    return True


def close_stations() -> None:
    """End every zygote of this process."""
    while OPEN:
        OPEN.pop().close()


def grade_many(tasks: Iterable[Task], executor: Executor) -> Iterator[Verdict]:
    """A verdict for each task, in the order of completion. What is not yet begun is cancelled when the caller stops
    listening. Raises for a kata that cannot be read, and for nothing else: a pool that breaks is told of each file."""
    futures: dict[Future[Verdict], Task] = {}
    try:
        for task in tasks:
            futures[begin(task, executor)] = task
        for future in as_completed(futures):
            error = future.exception()
            if isinstance(error, InterviewError):
                raise error
            yield future.result() if error is None else unjudged(futures[future], fault(error))
    finally:
        for future in futures:
            future.cancel()


def begin(task: Task, executor: Executor) -> Future[Verdict]:
    try:
        return executor.submit(grade_path, task)
    except RuntimeError as error:  # no thread to be had, or a pool that broke before
        failed: Future[Verdict] = Future()
        failed.set_exception(error)
        return failed
