"""The proof of a kata: the stub fails, right answers pass, each wrong one is caught and told its own mistake."""

from __future__ import annotations

import hashlib
import re
import secrets
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

from interview.content.katas.kata import Kata, KataMistake
from interview.content.katas.library import FOLDER
from interview.content.reading.problem import Problem
from interview.dataclass import dataclass
from interview.grading.verdict import WHOLE, Extent, Outcome, Status, Verdict
from interview.proof.katas.mechanical import Change
from interview.proof.katas.proofs import Took
from interview.proof.katas.submissions import Submission, mechanical_mutants, right_answers, stub, wrong_answers
from interview.proof.side_by_side import side_by_side
from interview.text import Text


class Judge(Protocol):
    """What `Graders` are; a test may bring its own."""

    def grade(
        self, kata: Kata, source: str, *, file: Path, seed: str | None = None, one_failure: bool = False,
        extent: Extent = WHOLE,
    ) -> Verdict: ...  # fmt: skip

    def rehearse(self, kata: Kata, source: str, *, file: Path, seed: str) -> Verdict | None: ...

    def close(self) -> None: ...


OpenJudge = Callable[[], AbstractContextManager[Judge]]
Judged = tuple[Submission, Verdict]
Owing = dict[Path, set[str]]  # by a kata's folder, the checks that have not caught a wrong answer yet


STATUSES: Mapping[Status, str] = {
    Status.PASSED: "通过了",
    Status.FAILED: "没通过",
    Status.UNTOUCHED: "未作答",
    Status.CRASHED: "崩溃了",
    Status.TIMEOUT: "超时了",
    Status.BROKEN: "没法判",
    Status.PARTIAL: "只判了一部分",
}
ENDLESS = (Status.TIMEOUT, Status.BROKEN)
FEW = 20  # submissions for which it is not worth starting another judge
PAUSE = 0.2  # seconds without a verdict until it is told how far it is
HOPELESS = 3  # right answers of a kata whose judging comes to no end, before any other's does: no more are tried


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `seconds` is all of the kata's judging, `verdict` the median of a right answer's."""

    kata: str
    checks: int
    accepted: int
    accepted_of: int
    caught: int
    caught_of: int
    mutants: int  # mechanical ones that are caught; none were tried where `mutants_of` is 0
    mutants_of: int
    equivalent: int  # mechanical ones that pass, as kata.yaml says and why
    seconds: float
    verdict: float
    remembered: bool = False  # it was proved before, and nothing that the proof depends on has changed


@dataclass(frozen=True, slots=True)
class Proof:
    """What the judge has to say of one kata."""

    kata: Kata
    row: Row
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One submission to judge; `fresh`: from a seed that nobody chose, as a person's would be."""

    kata: Kata
    submission: Submission
    fresh: bool = False

    @property
    def mechanical(self) -> bool:
        """Of such a one it is asked whether anything catches it, and not what."""
        return self.submission.change is not None


def prove_katas(
    katas: Sequence[Kata],
    lines: Mapping[Path, Mapping[str, int]],
    open_judge: OpenJudge,
    tell: Callable[[int, int], None],
    *,
    runs: int,
    jobs: int,
    mechanical: bool = False,
) -> list[Proof]:
    """`lines` says where kata.yaml's checks (`check ID`) and mistakes (`mistake ID`) stand, by folder."""
    tasks = [task for kata in katas for task in tasks_of(kata, runs)]
    if mechanical:
        tasks += [Task(kata, each) for kata in katas for each in mechanical_mutants(kata)]
    verdicts = judge_all(tasks, open_judge, tell, jobs=jobs)
    proofs = []
    for kata in katas:
        both = zip(tasks, verdicts, strict=True)
        mine = [(task.submission, verdict) for task, verdict in both if task.kata is kata and verdict is not None]
        proofs.append(Proof(kata, row(kata, mine), tuple(weigh(kata, mine, lines.get(kata.folder, {})))))
    return proofs


def tasks_of(kata: Kata, runs: int) -> Iterator[Task]:
    yield Task(kata, stub(kata))
    yield from (Task(kata, each, fresh=True) for each in right_answers(kata) for _ in range(runs))
    yield from (Task(kata, each) for each in wrong_answers(kata))


def settled_seed(kata: Kata, source: str) -> int:
    """The seed of a wrong answer's run, from all that judges and the answer: nothing changed, nothing new is said."""
    suite = b"".join(path.read_bytes() for path in sorted(kata.hidden.parent.glob("*.py")))  # and what it is helped by
    text = suite + library_source() + source.encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8]) >> 1


@cache
def library_source() -> bytes:
    """The library of checks, of which a suite may be made."""
    return b"".join(path.read_bytes() for path in sorted(FOLDER.rglob("*.py")))


def judge_all(
    tasks: Sequence[Task], open_judge: OpenJudge, tell: Callable[[int, int], None], *, jobs: int
) -> list[Verdict | None]:
    """One verdict a task, in their order, by several judges at a time; None where a kata's suite is hopeless."""
    hopeless: set[Path] = set()
    owing = unclaimed(tasks)
    judges: list[Judge] = []
    hands = [judging(open_judge, judges, hopeless, owing) for _ in range(min(jobs, -(-len(tasks) // FEW)))]
    verdicts: dict[int, Verdict | None] = {}
    right = Counter(task.kata.folder for task in tasks if task.fresh)
    room = {folder: min(HOPELESS, count) for folder, count in right.items()}

    def stop() -> None:
        if len(verdicts) < len(tasks):
            for judge in judges:  # whatever they are at
                judge.close()

    with closing(side_by_side(tasks, hands, stop, pause=PAUSE)) as coming:
        for found in coming:
            if found is not None:
                number, verdict = found
                verdicts[number] = verdict
                folder = tasks[number].kata.folder
                if tasks[number].fresh and verdict is not None:
                    room[folder] -= 1 if verdict.status in ENDLESS else -len(tasks)
                    hopeless |= {folder} if not room[folder] else set()
            tell(len(verdicts), len(tasks))
    return [verdicts[number] for number in range(len(tasks))]


@contextmanager
def judging(
    open_judge: OpenJudge, judges: list[Judge], hopeless: set[Path], owing: Owing
) -> Iterator[Callable[[Task], Verdict | None]]:
    """A judge of its own, which is among `judges` while it works."""
    with open_judge() as judge:
        judges.append(judge)
        yield lambda task: None if task.kata.folder in hopeless else judged(judge, task, owing)


def unclaimed(tasks: Sequence[Task]) -> Owing:
    """Checks by which no wrong answer is said to be caught: that they catch any shows where one is judged by all."""
    owing = {task.kata.folder: {check.id for check in task.kata.checks} for task in tasks}
    for task in tasks:
        owing[task.kata.folder] -= set(caught_by(task.kata, task.submission.mistake))
    return owing


def judged(judge: Judge, task: Task, owing: Owing) -> Verdict:
    """A mechanical mutant is rehearsed first: most are caught, and that is all that is asked; one that passes there
    goes before the judge unless it is listed as equivalent. Of a wrong answer no more is asked than that the checks
    fail that it is said to fail, and that its mistake is told; what the other checks make of it is seen where one of
    the kata's is still to show that it catches anything."""
    source, name, kata = task.submission.source, task.submission.name, task.kata
    seed = str(secrets.randbits(63) if task.fresh else settled_seed(kata, source))
    if change := task.submission.change:
        rehearsed = judge.rehearse(kata, source, file=name, seed=seed)
        if rehearsed and (rehearsed.status is not Status.PASSED or is_listed(kata, change)):
            return rehearsed
    enough = () if owing[kata.folder] else caught_by(kata, task.submission.mistake)
    verdict = judge.grade(kata, source, file=name, seed=seed, one_failure=task.mechanical, extent=Extent(enough=enough))
    if task.submission.mistake:
        owing[kata.folder] -= failed_checks(verdict)
    return verdict


def caught_by(kata: Kata, mistake: str | None) -> tuple[str, ...]:
    return next((each.caught_by for each in kata.mistakes if each.id == mistake), ())


def row(kata: Kata, judged: Sequence[Judged]) -> Row:
    accepted = [each for each in judged if each[0].path in kata.accepted and not each[0].change]
    failed = {each.path for each, verdict in accepted if verdict.status is not Status.PASSED}
    known = {mistake.id: mistake for mistake in kata.mistakes}
    wrong = [each for each in judged if each[0].mistake]
    mechanical = [(each.change, verdict.status) for each, verdict in judged if each.change]
    passed = [change for change, status in mechanical if status is Status.PASSED]
    return Row(
        kata=kata.id,
        checks=len(kata.checks),
        accepted=len(kata.accepted) - len(failed),
        accepted_of=len(kata.accepted),
        caught=sum(not list(uncaught(each, verdict, known)) for each, verdict in wrong),
        caught_of=len(wrong),
        mutants=sum(status not in (Status.PASSED, Status.BROKEN) for _, status in mechanical),
        mutants_of=len(mechanical),
        equivalent=sum(is_listed(kata, change) for change in passed),
        seconds=sum(verdict.seconds for _, verdict in judged),
        verdict=statistics.median(verdict.seconds for _, verdict in accepted) if accepted else 0.0,
    )


def sound_row(kata: Kata, took: Took, *, mechanical: bool) -> Row:
    """The line of a kata of which everything is proved, counted from what it holds."""
    right, wrong = len(kata.accepted), kata.wrong_answers
    mutants = sum(1 for _ in mechanical_mutants(kata)) if mechanical else 0
    same = min(took.equivalent, mutants)
    return Row(
        kata=kata.id,
        checks=len(kata.checks),
        accepted=right,
        accepted_of=right,
        caught=wrong,
        caught_of=wrong,
        mutants=mutants - same,
        mutants_of=mutants,
        equivalent=same,
        seconds=took.seconds,
        verdict=took.verdict,
        remembered=True,
    )


def is_sound(proof: Proof, *, mechanical: bool) -> bool:
    """Nothing to complain about, and everything tried that there is."""
    whole = sound_row(proof.kata, took(proof.row), mechanical=mechanical)
    return not proof.problems and replace(proof.row, remembered=True) == whole


def took(row: Row) -> Took:
    return Took(row.seconds, row.verdict, row.equivalent)


def weigh(kata: Kata, judged: Sequence[Judged], lines: Mapping[str, int]) -> Iterator[Problem]:
    """What the verdicts leave to complain about."""
    if all(verdict.status is Status.BROKEN for _, verdict in judged):
        why = told(judged[0][1])
        line = suite_line(why)
        yield Problem(kata.hidden, line, f"no submission could be judged: {why.en}", f"没有一份解答判得了：{why.zh}")
        return
    right = [verdict for each, verdict in judged if each.path in kata.accepted and not each.change]
    if right and all(verdict.status in ENDLESS for verdict in right):
        why = told(right[0])
        yield Problem(
            kata.hidden,
            suite_line(why),
            f"no right answer could be judged to its end: {why.en}",
            f"没有一份正确解答能判完：{why.zh}",
        )
        return
    known = {mistake.id: mistake for mistake in kata.mistakes}
    catching: set[str] = set()
    for each, verdict in judged:
        if each.mistake:
            catching |= failed_checks(verdict)
            en, zh = (f"`{each.mistake}`: ", f"`{each.mistake}`：") if each.path.suffix == ".yaml" else ("", "")
            for text in uncaught(each, verdict, known):
                yield Problem(each.path, each.line, en + text.en, zh + text.zh)
        elif each.change:
            yield from weigh_mutant(kata, each, each.change, verdict)
        elif each.path in kata.accepted and verdict.status is not Status.PASSED:
            why = told(verdict)
            yield Problem(
                each.path,
                1,
                f"it must pass and is {why.en}; seed {verdict.seed}",
                f"应该通过，却{why.zh}；种子 {verdict.seed}",
            )
        elif each.path.name == "stub.py" and verdict.status not in (Status.FAILED, Status.UNTOUCHED):
            why = told(verdict)
            yield Problem(
                each.path, 1, f"the stub must load and fail, and is {why.en}", f"stub 应能载入而不通过，却{why.zh}"
            )
    yield from caught_equivalents(kata, judged)
    for check in kata.checks:
        if check.id not in catching:
            yield Problem(
                kata.folder / "kata.yaml",
                lines.get(f"check {check.id}", 1),
                f"the check `{check.id}` catches no wrong answer; add one, or drop the check",
                f"检查 `{check.id}` 一份错误解答也没抓到；请补一份，或去掉这项检查",
            )


def suite_line(why: Text) -> int:
    """The line of the suite that a sentence names."""
    found = re.search(r"hidden\.py:(\d+): ", why.en)
    return int(found[1]) if found else 1


def weigh_mutant(kata: Kata, each: Submission, change: Change, verdict: Verdict) -> Iterator[Problem]:
    """A mechanical mutant that no check catches, and that is not listed as equivalent."""
    if verdict.status is Status.BROKEN:
        why = told(verdict)
        en, zh = f"`{change.after}` could not be judged: {why.en}", f"`{change.after}` 判不了：{why.zh}"
        yield Problem(each.path, each.line, en, zh)
    elif verdict.status is Status.PASSED and not is_listed(kata, change):
        yield Problem(
            each.path,
            each.line,
            f"`{change.before}` may become `{change.after}`, and every check passes; add a check, or list it in "
            "kata.yaml under `equivalent`, with a reason",
            f"`{change.before}` 改成 `{change.after}` 之后所有检查照样通过；请补一项检查，或写进 kata.yaml 的 "
            "`equivalent` 并说明理由",
        )


def is_listed(kata: Kata, change: Change) -> bool:
    return any(each.is_of(change.before, change.after) for each in kata.equivalents)


def caught_equivalents(kata: Kata, judged: Sequence[Judged]) -> Iterator[Problem]:
    """Entries under `equivalent` of which every mutant that reads so is caught. One that reads like none is the
    business of reading."""
    mutants = [(each.change, verdict.status) for each, verdict in judged if each.change]
    for listed in kata.equivalents:
        seen = {status for change, status in mutants if listed.is_of(change.before, change.after)}
        if seen and Status.PASSED not in seen:
            yield Problem(
                kata.folder / "kata.yaml",
                listed.line,
                f"`{listed.becomes}` is listed as equivalent and is caught; drop the entry",
                f"`{listed.becomes}` 列为等价，却被抓到了；请去掉这一条",
            )


def uncaught(each: Submission, verdict: Verdict, known: Mapping[str, KataMistake]) -> Iterator[Text]:
    """Why a wrong answer counts as not caught. One without an entry in kata.yaml is the business of reading."""
    mistake = known.get(each.mistake or "")
    if mistake is None:
        return
    failed, seed = failed_checks(verdict), verdict.seed
    if verdict.status in (Status.PASSED, Status.BROKEN, Status.UNTOUCHED):
        why = told(verdict)
        yield Text(
            f"it must be caught by {', '.join(mistake.caught_by)} and is {why.en}; seed {seed}",
            f"应该被 {'、'.join(mistake.caught_by)} 抓到，却{why.zh}；种子 {seed}",
        )
        return
    for name in mistake.caught_by:
        if name not in failed:
            yield Text(
                f"it must fail at `{name}` and fails at {', '.join(sorted(failed)) or 'no check'}; seed {seed}",
                f"应该在 `{name}` 上失败，实际失败的检查：{'、'.join(sorted(failed)) or '一项也没有'}；种子 {seed}",
            )
    named = verdict.mistake.id if verdict.mistake else None
    twins = [each for each in verdict.alike if each != mistake.id]
    if named is None and twins and mistake.id in verdict.alike:
        en, zh = ", ".join(f"`{each}`" for each in twins), "、".join(f"`{each}`" for each in twins)
        yield Text(
            f"no check tells it from {en}: they give the same answers wherever they fail, so none is told; add a case "
            f"in which they differ, or make them one mistake; seed {seed}",
            f"没有检查能把它和 {zh} 分开：两者在没通过的检查里给出相同的结果，所以哪个也点不出来；请补一个结果不同的"
            f"用例，或合成一个错误；种子 {seed}",
        )
    elif named != mistake.id:
        first = next((each.check.id for each in verdict.checks if each.outcome is Outcome.FAILED), "none")
        why = told(verdict)
        heard, heard_zh = (f"`{named}`",) * 2 if named else (f"no mistake ({why.en})", f"没有点出错误（{why.zh}）")
        yield Text(
            f"it is told {heard} by the first check that fails (`{first}`), not its own; seed {seed}",
            f"第一项没通过的检查（`{first}`）说的是：{heard_zh}，不是它自己的错误；种子 {seed}",
        )


def failed_checks(verdict: Verdict) -> set[str]:
    return {each.check.id for each in verdict.checks if each.outcome is Outcome.FAILED}


def told(verdict: Verdict) -> Text:
    """The verdict in half a sentence."""
    first = next((each for each in verdict.checks if each.outcome is Outcome.FAILED), None)
    reason = verdict.reason or (first.message if first else None)
    where, where_zh = (f" at `{first.check.id}`", f"（`{first.check.id}`）") if first else ("", "")
    why, why_zh = (" ".join(said.split()) for said in ((reason.en, reason.zh) if reason else ("", "")))
    return Text(
        f"{verdict.status}{where}" + (f": {why}" if why else ""),
        f"{STATUSES[verdict.status]}{where_zh}" + (f"：{why_zh}" if why_zh else ""),
    )
