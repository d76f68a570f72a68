"""Many submissions of one kata: each a task for any `concurrent.futures.Executor`.

`grade_path` takes and returns plain values, so a pool of threads serves as well as one of processes or a cluster.
Each thread that runs it keeps one zygote warm; a zygote that dies is replaced and the submission judged once more.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from interview.content.deck import Text
from interview.content.kata import Kata
from interview.content.kata_file import load_kata
from interview.errors import UsageError
from interview.grading.grader import Grader, ZygoteLost, no_zygote
from interview.grading.verdict import Status, Verdict, blank, broken
from interview.practice.checking import check
from interview.practice.workspace import read_submission


@dataclass(frozen=True, slots=True)
class Task:
    """One submission to grade. `barred` are the folders that no worker may read."""

    kata: Path
    file: Path
    seed: str | None
    barred: tuple[Path, ...]


class Stations(threading.local):
    """This thread's warm grader, if it has one."""

    grader: Grader | None = None


STATIONS = Stations()
OPEN: list[Grader] = []  # every thread's, to be closed by whoever ends the batch


def grade_path(task: Task) -> Verdict:
    """The verdict on one file; never raises for what a submission does."""
    kata = load_once(task.kata)
    try:
        submission = read_submission(task.file)
    except UsageError as error:
        return broken(blank(kata, Status.BROKEN, source="", file=task.file), Text(str(error), str(error)))
    return check(kata, submission, lambda kata, source, file: judge_twice(kata, source, file, task))


@cache
def load_once(folder: Path) -> Kata:
    return load_kata(folder)


def judge_twice(kata: Kata, source: str, file: Path, task: Task) -> Verdict:
    words = ""
    for _ in range(2):
        try:
            return station(task.barred).grade(kata, source, file=file, seed=task.seed)
        except ZygoteLost as error:
            words = str(error)
            leave_station()
    reason = str(no_zygote(words))
    return broken(blank(kata, Status.BROKEN, source=source, file=file), Text(reason, reason))


def station(barred: tuple[Path, ...]) -> Grader:
    if STATIONS.grader is None:
        STATIONS.grader = Grader(barred)
        OPEN.append(STATIONS.grader)
    return STATIONS.grader


def leave_station() -> None:
    grader, STATIONS.grader = STATIONS.grader, None
    if grader is not None:
        OPEN.remove(grader)
        grader.close()


def close_stations() -> None:
    """End every zygote of this process."""
    while OPEN:
        OPEN.pop().close()


def grade_many(tasks: Iterable[Task], executor: Executor) -> Iterator[Verdict]:
    """Verdicts in the order of completion. What is not yet begun is cancelled when the caller stops listening."""
    futures: list[Future[Verdict]] = [executor.submit(grade_path, task) for task in tasks]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def find_submissions(paths: Iterable[Path]) -> list[Path]:
    """The files named, and every `*.py` below the folders named, each once, in order. Raises for what is not there."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(sorted(each for each in path.rglob("*.py") if each.is_file()))
        elif path.exists():
            found[path] = None
        else:
            raise UsageError(f"there is no {path}")
    if not found:
        raise UsageError("no .py file in these folders")
    return list(found)
