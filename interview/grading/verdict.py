"""The verdict: what the judge saw, folded. Silence is never a pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import field, replace
from enum import StrEnum
from pathlib import Path

from interview.content.katas.kata import Check, Kata, standing_on
from interview.content.reading.source import digest
from interview.dataclass import dataclass
from interview.grading.advice import on_error, on_lack, on_load
from interview.grading.messages.events import (
    Alike,
    At,
    Broken,
    Called,
    CheckDone,
    End,
    Enough,
    Event,
    Explained,
    Gone,
    Judged,
    Lacks,
    Late,
    Layers,
    NotLoaded,
    Opened,
    Said,
    Stop,
    SuiteBroken,
    SuiteLate,
    Unlocked,
    Which,
)
from interview.grading.messages.findings import (
    NO_EVIDENCE,
    BarPicture,
    Evidence,
    Failure,
    MaskPicture,
    NothingSeen,
    Passed,
    PremiseFailed,
    Raised,
    ReadyMade,
    Recognised,
    Refuted,
    Unusable,
)
from interview.text import Text


class Status(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNTOUCHED = "untouched"
    CRASHED = "crashed"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    PARTIAL = "partial"  # what was asked for passed, and the rest was not asked for: no pass


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is judged, and told: the checks `asked` for (all where there are none), each of their `calls`. Where
    there are checks of which it is `enough`, nothing is reached once they have failed and the mistake is told that
    would be told in the end.
    """

    asked: tuple[str, ...] = ()
    calls: bool = False
    enough: tuple[str, ...] = ()


WHOLE = Extent()


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Told:
    """A known mistake, its sentence filled with what was measured."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class CheckResult:
    check: Check
    outcome: Outcome = Outcome.NOT_REACHED
    message: Text | None = None
    call: str | None = None
    got: Text | None = None
    expected: Text | None = None
    told: Told | None = None
    picture: MaskPicture | BarPicture | None = None
    line: int | None = None
    printed: str = ""
    made: Which = (0, 0)
    calls: tuple[Called, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` says in a sentence why there is no full result: a crash, a limit, a fault of ours.

    `alike` are known mistakes that all give the answers that were seen, so that none of them is told. `asked` are the
    checks that were asked for, where not all were.
    """

    kata: str
    status: Status
    seed: str
    file: Path
    sha256: str
    seconds: float
    layers: tuple[str, ...]
    missing_layers: tuple[str, ...]
    checks: tuple[CheckResult, ...]
    mistake: Told | None
    cards: tuple[str, ...]
    forbidden: tuple[str, ...]
    reason: Text | None = None
    line: int | None = None
    printed: str = ""
    alike: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def passed(self) -> int:
        return sum(each.outcome is Outcome.PASSED for each in self.checks)

    @property
    def judged(self) -> tuple[CheckResult, ...]:
        """Those that were to be judged: all, or those asked for and what they stand on."""
        standing = standing_on([each.check for each in self.checks], self.asked)
        return tuple(each for each in self.checks if not self.asked or each.check.id in standing)


@dataclass(slots=True)
class Seen:
    """What has been seen of a run until now. `roots`: the mistake that explains the first check that failed, and those
    besides it."""

    results: dict[str, CheckResult]
    done: list[CheckDone] = field(default_factory=list)
    roots: list[Told | None] = field(default_factory=list)
    layers: Layers = Layers((), ())
    alike: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    stop: Stop | None = None
    end: End | None = None
    enough: bool = False
    judged: bool = False

    def is_whole(self, judged: Collection[str]) -> bool:
        every = sorted(each.check for each in self.done) == sorted(judged)
        return self.end is not None and self.judged and (every or self.enough)


def conclude(
    kata: Kata, events: Iterable[Event | End], *, source: str, file: Path, seed: str, seconds: float,
    asked: tuple[str, ...] = (),
) -> Verdict:  # fmt: skip
    """The verdict on one submission. Passed only if the judge reported every check of the kata as passed, once."""
    seen = Seen({each.id: CheckResult(each) for each in kata.checks})
    for event in events:
        see(seen, kata, event, source)
    verdict = replace(
        blank(kata, Status.BROKEN, source=source, file=file, seed=seed), seconds=seconds, layers=seen.layers.held,
        missing_layers=seen.layers.missing, checks=supposed(tuple(seen.results.values()), seen.done), alike=seen.alike,
        forbidden=seen.forbidden, printed=seen.end.printed if seen.end else "", asked=asked,
    )  # fmt: skip
    if seen.stop is not None:
        return halted(verdict, seen.stop, seen.end or End(), source=source)
    judged = verdict.judged
    if not seen.is_whole([each.check.id for each in judged]):
        return replace(verdict, reason=Text("the judge fell silent", "判题进程没有给出完整结果"))
    clean = verdict.passed == len(judged) and not verdict.forbidden
    right = Status.PARTIAL if asked else Status.PASSED
    root = seen.roots[0] if seen.roots else None
    return learnt(replace(verdict, status=right if clean else Status.FAILED), root)


def see(seen: Seen, kata: Kata, event: Event | End, source: str) -> None:
    match event:
        case Layers():
            seen.layers = event
        case CheckDone(id_):
            seen.done.append(event)
            seen.results[id_] = result(kata, seen.results[id_].check, event, source)
        case Explained(id_, mistakes):
            explained = diagnosed(kata, seen.results[id_], evidence_at(id_, seen.done), mistakes)
            if not (seen.roots and seen.results[id_].told):  # what the suite itself has told there stays
                seen.results[id_] = explained
            seen.roots.append(explained.told)
        case Alike(mistakes):
            seen.alike = mistakes
        case Enough():  # one failure was asked for, and is there
            seen.enough = any(isinstance(each.finding, Failure) for each in seen.done)
        case Judged(forbidden):
            seen.judged, seen.forbidden = True, forbidden
        case Opened() | Said():  # of a REPL
            pass
        case End():
            seen.end, seen.stop = event, seen.stop or event.fault
        case Unlocked() | NotLoaded() | Lacks() | Late() | SuiteLate() | Gone() | Broken() | SuiteBroken():
            seen.stop = seen.stop or event


def evidence_at(check: str, done: Sequence[CheckDone]) -> Evidence:
    """What the check measured, if it is known."""
    found = [each.finding for each in done if each.check == check]
    match found[-1] if found else None:
        case Recognised(_, evidence) | Refuted(_, evidence) | PremiseFailed(_, evidence):
            return evidence
        case Passed() | NothingSeen() | ReadyMade() | Raised() | Unusable() | None:
            return NO_EVIDENCE


def supposed(checks: tuple[CheckResult, ...], done: Sequence[CheckDone]) -> tuple[CheckResult, ...]:
    """A check whose premise failed is not reached and says nothing; where no check failed by itself the first of them
    has failed, for a verdict never fails in silence."""
    premises = {each.check for each in done if isinstance(each.finding, PremiseFailed)}
    unmet = [each for each in checks if each.check.id in premises]
    failed = any(each.outcome is Outcome.FAILED for each in checks if each not in unmet)
    silent = unmet if failed else unmet[1:]
    return tuple(CheckResult(each.check) if each in silent else each for each in checks)


def blank(kata: Kata, status: Status, *, source: str, file: Path, seed: str = "") -> Verdict:
    """A verdict in which nothing has been reached."""
    return Verdict(
        kata=kata.id, status=status, seed=seed, file=file, sha256=digest(source),
        seconds=0.0, layers=(), missing_layers=(), checks=tuple(CheckResult(each) for each in kata.checks),
        mistake=None, cards=(), forbidden=(),
    )  # fmt: skip


def troubled(kata: Kata, reason: Text, *, source: str, file: Path) -> Verdict:
    """The verdict on a file that never came before the judge: it is no Python text."""
    verdict = blank(kata, Status.CRASHED, source=source, file=file)
    return replace(verdict, reason=reason, checks=tuple(at_first(verdict.checks, reason)))


def broken(verdict: Verdict, reason: Text) -> Verdict:
    """No verdict, and not the submission's fault."""
    return replace(verdict, status=Status.BROKEN, reason=reason, checks=tuple(at_first(verdict.checks, reason)))


def at_first(checks: Sequence[CheckResult], reason: Text) -> Sequence[CheckResult]:
    """The reason why nothing was reached, told where the first check would have spoken."""
    return [replace(checks[0], message=reason), *checks[1:]]


def failures_in_order(verdict: Verdict) -> list[tuple[CheckResult, bool]]:
    """The checks that failed: first the one that named the mistake, or the first; each with whether it stands alone,
    and does not merely follow from another."""
    failed = [each for each in verdict.checks if each.outcome is Outcome.FAILED]
    leading = next((each for each in failed if verdict.mistake and each.told == verdict.mistake), None)
    ordered = [leading, *(each for each in failed if each is not leading)] if leading else failed
    names = {each.check.id for each in failed}
    return [(each, each is leading or each.check.after not in names) for each in ordered]


def learnt(verdict: Verdict, root: Told | None = None) -> Verdict:
    """What a failure teaches: the mistake at its root or else what the first check that failed tells, for a named side
    effect does not outrank it; and the cards of every check that failed by itself."""
    failed = [each for each in verdict.checks if each.outcome is Outcome.FAILED]
    names = {each.check.id for each in failed}
    own = [each for each in failed if each.check.after not in names]
    cards = dict.fromkeys(card for each in own for card in each.check.cards)
    return replace(verdict, mistake=root or (failed[0].told if failed else None), cards=tuple(cards))


def halted(verdict: Verdict, stop: Stop, end: End, *, source: str) -> Verdict:
    """A run that did not come to its end."""
    at, line, status = At(""), end.line, Status.BROKEN
    match stop:
        case Lacks(names):
            status, reason = Status.CRASHED, on_lack(source, names)
        case NotLoaded(kind, text, where):
            line = where or line
            reason = Text(f"it does not load: {text}", f"无法加载：{text}")
            status, reason = Status.CRASHED, advised(reason, on_load(source, kind, text))
        case Late(at):
            status, reason = Status.TIMEOUT, late(stop)
        case SuiteLate(at):
            status, reason = Status.TIMEOUT, late_suite(stop)
        case Gone(at, text):
            ended = end.ended
            how = ended.signal or (f"exit {ended.code}" if ended.code is not None else "") or text
            status = Status.TIMEOUT if how == "SIGXCPU" else Status.CRASHED
            place = at.call or text
            reason = Text(f"its process ended ({how}) in {place}", f"提交的进程在 {place} 中结束（{how}）")
        case Unlocked(said=said):
            reason = Text(f"a layer of the sandbox could not be applied: {said.en}", f"沙箱有一层无法启用：{said.zh}")
        case SuiteBroken(said, at):
            reason = Text(f"the hidden suite cannot be run: {said.en}", f"隐藏测试无法运行：{said.zh}")
        case Broken(said, at):
            reason = Text(f"the judge is at fault: {said.en}", f"判题程序自身出错：{said.zh}")
    return learnt(replace(at_check(verdict, at, reason), status=status, reason=reason, line=line))


def late(stop: Late) -> Text:
    """Which limit was passed, and in what."""
    where, seconds = stop.at.call, stop.seconds
    if seconds is None:
        return Text(f"time limit passed in {where}", f"超时：{where}")
    if stop.whole:
        return Text(
            f"the time of the whole run ({seconds:g} s) passed, at last in {where}",
            f"整次运行超过了时限（{seconds:g} 秒），最后停在 {where}",
        )
    return Text(
        f"one call took longer than its limit ({seconds:g} s): {where}",
        f"单次调用超过了时限（{seconds:g} 秒）：{where}",
    )


def late_suite(stop: SuiteLate) -> Text:
    place = f"hidden.py:{stop.line}"
    return Text(
        f"the hidden suite itself ({place}) was still at work when all time ({stop.seconds:g} s) was up; your code had"
        " come back from each call",
        f"时限（{stop.seconds:g} 秒）用完时，隐藏测试自己（{place}）还在运行；你的代码每次调用都已返回",
    )


def advised(text: Text, advice: Text | None) -> Text:
    """The sentence, and after it what to do."""
    return Text(f"{text.en.rstrip('. ')}. {advice.en}", f"{text.zh.rstrip('。. ')}。{advice.zh}") if advice else text


def at_check(verdict: Verdict, at: At, reason: Text) -> Verdict:
    """The check during which the run stopped has failed; those after it were not reached."""
    if at.check is None and verdict.checks:
        return replace(verdict, checks=tuple(at_first(verdict.checks, reason)))
    checks = tuple(
        replace(each, outcome=Outcome.FAILED, call=at.call, message=reason, made=at.made)
        if each.check.id == at.check
        else each
        for each in verdict.checks
    )
    return replace(verdict, checks=checks)


def result(kata: Kata, check: Check, done: CheckDone, source: str) -> CheckResult:
    """One check's result, with the calls that were made."""
    found = found_by(kata, check, done, source)
    return replace(found, call=done.call, made=done.made, calls=done.calls, left_out=done.left_out)


def found_by(kata: Kata, check: Check, done: CheckDone, source: str) -> CheckResult:
    match done.finding:
        case Passed():
            return CheckResult(check, Outcome.PASSED)
        case NothingSeen(said):
            return CheckResult(check, message=said)
        case Recognised(mistake, evidence):
            told = tell(kata, evidence, mistake)
            failed = shown(check, told.text if told else Text("", ""), evidence)
            failed = replace(failed, told=told)
        case Refuted(said, evidence) | PremiseFailed(said, evidence):
            failed = shown(check, said, evidence)
        case ReadyMade(text, line):
            said = Text(text, f"本题要求自己实现，不能直接调用现成函数（{text.split(' ')[0]}）")
            failed = CheckResult(check, Outcome.FAILED, message=said, line=line)
        case Raised(text, kind, line):
            said = advised(Text(f"it raised {text}", f"抛出了异常：{text}"), on_error(source, kind, text))
            failed = CheckResult(check, Outcome.FAILED, message=said, got=Text(text, text), line=line)
        case Unusable(text):
            said = Text(f"what came back could not be used ({text})", f"返回的结果无法使用（{text}）")
            failed = CheckResult(check, Outcome.FAILED, message=said)
    return replace(failed, printed=done.printed)


def shown(check: Check, said: Text, evidence: Evidence) -> CheckResult:
    return CheckResult(
        check, Outcome.FAILED, message=said, got=evidence.got, expected=evidence.expected, picture=evidence.picture
    )


def diagnosed(kata: Kata, result: CheckResult, evidence: Evidence, mistakes: Sequence[str]) -> CheckResult:
    """A check whose failure one known mistake explains, or two together."""
    told = [tell(kata, evidence, each) for each in mistakes]
    named = [each for each in told if each is not None]
    if len(named) < len(told):
        return result
    text = Text("\n".join(each.text.en for each in named), "\n".join(each.text.zh for each in named))
    return replace(result, message=text, told=Told(named[0].id, text))


def tell(kata: Kata, evidence: Evidence, mistake: str) -> Told | None:
    """A known mistake, if `kata.yaml` has a sentence for it that what the check measured fills."""
    known = next((each for each in kata.mistakes if each.id == mistake), None)
    if known is None:
        return None
    en, zh = (
        {name: fact.say(lang) if isinstance(fact, Text) else fact for name, fact in evidence.facts}
        for lang in ("en", "zh")
    )
    try:
        text = Text(known.text.en.format(**en), known.text.zh.format(**zh))
    except (LookupError, TypeError, ValueError):  # what was measured is no number: rather none than a wrong sentence
        return None
    return Told(known.id, text)
