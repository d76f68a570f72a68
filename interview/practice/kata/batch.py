"""The batch: many submissions of one kata, each a task for any `concurrent.futures.Executor`.

`grade_path` takes and returns plain values, so a pool of threads serves as well as one of processes or a cluster.
Each thread that runs it keeps its graders, one of them warm.
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
from interview.grading.graders import Graders
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
    """This thread's graders, if it has some."""

    graders: Graders | None = None


STATIONS = Stations()
OPEN: list[Graders] = []  # every thread's, to be closed by whoever ends the batch


def grade_path(task: Task) -> Verdict:
    """The verdict on one file, whatever the file is and whatever it does. What fails on our side is its verdict too."""
    kata = replace(load_once(task.kata), agreed=task.agreed)
    try:
        submission = read_within(task.within or task.file.parent, task.file, ours=strangers_to(task))
        graders = station(task.barred)
        return check(
            kata, submission, lambda kata, source, file: graders.grade(kata, source, file=file, seed=task.seed)
        )
    except UnreadError as error:
        return unjudged(task, error.why)
    except JudgeError as error:
        return unjudged(task, Text(str(error), error.zh))
    except Exception as error:
        station(task.barred).replace()  # nobody knows what it would answer to the next
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


def station(barred: tuple[Path, ...]) -> Graders:
    if STATIONS.graders is None or STATIONS.graders.closed:  # none yet, or those of a batch that was ended
        STATIONS.graders = Graders(barred, doubting=True)
        OPEN.append(STATIONS.graders)
    return STATIONS.graders


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
