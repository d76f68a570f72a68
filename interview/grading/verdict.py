"""Pure: what the judge saw, folded into a verdict. Silence is never a pass."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from interview.content.katas.kata import Check, Kata
from interview.dataclass import dataclass
from interview.grading.advice import on_error, on_lack, on_load
from interview.text import Text

Event = Mapping[str, Any]


class Status(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNTOUCHED = "untouched"
    CRASHED = "crashed"
    TIMEOUT = "timeout"
    BROKEN = "broken"


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
class MaskPicture:
    yours: tuple[str, ...]
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarPicture:
    got: float
    low: float
    high: float


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` says in a sentence why there is no full result: a crash, a limit, a fault of ours.

    `alike` are known mistakes that all give the answers that were seen, so that none of them is told.
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

    @property
    def passed(self) -> int:
        return sum(each.outcome is Outcome.PASSED for each in self.checks)


def conclude(kata: Kata, events: Sequence[Event], *, source: str, file: Path, seed: str, seconds: float) -> Verdict:
    """The verdict on one submission. Passed only if the judge reported every check of the kata as passed, once."""
    verdict = blank(kata, Status.BROKEN, source=source, file=file, seed=seed)
    results = {each.id: CheckResult(each) for each in kata.checks}
    seen: list[str] = []
    events_of: dict[str, Event] = {}
    roots: list[Told | None] = []  # the mistake that explains the first check that failed, and those besides it
    stopped: Event | None = None
    ended = judged = enough = False
    for event in events:
        match event["event"]:
            case "layers":
                verdict = replace(verdict, layers=tuple(event["held"]), missing_layers=tuple(event["missing"]))
            case "check":
                seen.append(event["id"])
                results[event["id"]] = result(kata, results[event["id"]].check, event, source)
                events_of[event["id"]] = event
            case "diagnosed" if event["id"] in events_of:
                explained = diagnosed(kata, results[event["id"]], events_of[event["id"]], event["mistakes"])
                if not (roots and results[event["id"]].told):  # what the suite itself has told there stays
                    results[event["id"]] = explained
                roots.append(explained.told)
            case "alike":
                verdict = replace(verdict, alike=tuple(event["mistakes"]))
            case "enough":  # one failure was asked for, and is there
                enough = "failed" in [each["outcome"] for each in events_of.values()]
            case "judged":
                judged = True
                verdict = replace(verdict, forbidden=tuple(event["forbidden"]))
            case "end":
                ended = True
                stopped = stopped or (event if "broken" in event or "suite" in event else None)
                verdict = replace(verdict, printed=event.get("printed", ""))
            case _:
                stopped = stopped or event
    verdict = replace(verdict, checks=supposed(tuple(results.values()), events_of), seconds=seconds)
    if stopped is not None:
        return halted(verdict, stopped, last=events[-1], source=source)
    if not (ended and judged and (sorted(seen) == sorted(results) or enough)):
        return replace(verdict, reason=Text("the judge fell silent", "判题进程没有给出完整结果"))
    clean = verdict.passed == len(results) and not verdict.forbidden
    return learnt(replace(verdict, status=Status.PASSED if clean else Status.FAILED), roots[0] if roots else None)


def supposed(checks: tuple[CheckResult, ...], events_of: Mapping[str, Event]) -> tuple[CheckResult, ...]:
    """A check whose premise failed is not reached and says nothing; where no check failed by itself the first of them
    has failed, for a verdict never fails in silence."""
    unmet = [each for each in checks if events_of.get(each.check.id, {}).get("outcome") == "unmet"]
    failed = any(each.outcome is Outcome.FAILED for each in checks if each not in unmet)
    silent = unmet if failed else unmet[1:]
    return tuple(CheckResult(each.check) if each in silent else each for each in checks)


def digest(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


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


def learnt(verdict: Verdict, root: Told | None = None) -> Verdict:
    """What a failure teaches: the mistake at its root or else what the first check that failed tells, for a named side
    effect does not outrank it; and the cards of every check that failed by itself."""
    failed = [each for each in verdict.checks if each.outcome is Outcome.FAILED]
    names = {each.check.id for each in failed}
    own = [each for each in failed if each.check.after not in names]
    cards = dict.fromkeys(card for each in own for card in each.check.cards)
    return replace(verdict, mistake=root or (failed[0].told if failed else None), cards=tuple(cards))


def halted(verdict: Verdict, event: Event, *, last: Event, source: str) -> Verdict:
    """A run that did not come to its end."""
    where, line = event.get("call") or event.get("text") or "", event.get("line") or last.get("line")
    match event["event"]:
        case "crashed" if event["type"] == "lacks":
            status, reason = Status.CRASHED, on_lack(source, event["text"].split(", "))
        case "crashed":
            reason = Text(f"it does not load: {event['text']}", f"无法加载：{event['text']}")
            status, reason = Status.CRASHED, advised(reason, on_load(source, event["type"], event["text"]))
        case "late":
            status, reason = Status.TIMEOUT, late(event, where)
        case "gone":
            how = last.get("signal") or (f"exit {last['code']}" if last.get("code") is not None else "")
            how = how or event.get("text") or ""
            status = Status.TIMEOUT if how == "SIGXCPU" else Status.CRASHED
            reason = Text(f"its process ended ({how}) in {where}", f"提交的进程在 {where} 中结束（{how}）")
        case "unlocked":
            status = Status.BROKEN
            reason = Text(
                f"a layer of the sandbox could not be applied: {event['text']}", f"沙箱有一层无法启用：{event['text']}"
            )
        case _ if "suite" in event:
            said = words(event["suite"]) or Text("", "")
            status = Status.BROKEN
            reason = Text(f"the hidden suite cannot be run: {said.en}", f"隐藏测试无法运行：{said.zh}")
        case _:
            text = event.get("broken") or event.get("text") or ""
            status, reason = Status.BROKEN, Text(f"the judge is at fault: {text}", f"判题程序自身出错：{text}")
    return learnt(replace(at_check(verdict, event, reason), status=status, reason=reason, line=line))


def late(event: Event, where: str) -> Text:
    """Which limit was passed, and in what."""
    seconds = event.get("seconds")
    if "suite_line" in event:
        place = f"hidden.py:{event['suite_line']}"
        return Text(
            f"the hidden suite itself ({place}) was still at work when all time ({seconds:g} s) was up; your code had"
            " come back from each call",
            f"时限（{seconds:g} 秒）用完时，隐藏测试自己（{place}）还在运行；你的代码每次调用都已返回",
        )
    if seconds is None:
        return Text(f"time limit passed in {where}", f"超时：{where}")
    if event.get("whole"):
        return Text(
            f"the time of the whole run ({seconds:g} s) passed, at last in {where}",
            f"整次运行超过了时限（{seconds:g} 秒），最后停在 {where}",
        )
    return Text(
        f"one call took longer than its limit ({seconds:g} s): {where}",
        f"单次调用超过了时限（{seconds:g} 秒）：{where}",
    )


def advised(text: Text, advice: Text | None) -> Text:
    """The sentence, and after it what to do."""
    return Text(f"{text.en.rstrip('. ')}. {advice.en}", f"{text.zh.rstrip('。. ')}。{advice.zh}") if advice else text


def at_check(verdict: Verdict, event: Event, reason: Text) -> Verdict:
    """The check during which the run stopped has failed; those after it were not reached."""
    if "id" not in event and verdict.checks:
        return replace(verdict, checks=tuple(at_first(verdict.checks, reason)))
    checks = tuple(
        replace(each, outcome=Outcome.FAILED, call=event.get("call"), message=reason)
        if each.check.id == event.get("id")
        else each
        for each in verdict.checks
    )
    return replace(verdict, checks=checks)


def result(kata: Kata, check: Check, event: Event, source: str) -> CheckResult:
    if event["outcome"] == "passed":
        return CheckResult(check, Outcome.PASSED, call=event.get("call"))
    if event["outcome"] == "unseen":
        return CheckResult(check, message=Text(event["en"], event["zh"]), call=event.get("call"))
    told = tell(kata, event, event.get("mistake"))
    return CheckResult(
        check,
        Outcome.FAILED,
        message=told.text if told else message(event, source),
        call=event.get("call"),
        got=words(event.get("got") or event.get("raised")),
        expected=words(event.get("expected")),
        told=told,
        picture=picture(event.get("picture")),
        line=event.get("line"),
        printed=event.get("printed", ""),
    )


def diagnosed(kata: Kata, result: CheckResult, event: Event, mistakes: Sequence[str]) -> CheckResult:
    """A check whose failure one known mistake explains, or two together."""
    told = [tell(kata, event, each) for each in mistakes]
    named = [each for each in told if each is not None]
    if len(named) < len(told):
        return result
    text = Text("\n".join(each.text.en for each in named), "\n".join(each.text.zh for each in named))
    return replace(result, message=text, told=Told(named[0].id, text))


def words(value: str | list[str] | None) -> Text | None:
    """A value is the same in both languages; a phrase comes in each."""
    if value is None:
        return None
    return Text(value, value) if isinstance(value, str) else Text(*value)


def tell(kata: Kata, event: Event, mistake: str | None) -> Told | None:
    """A known mistake, if `kata.yaml` has a sentence for it that what the check measured fills."""
    known = next((each for each in kata.mistakes if each.id == mistake), None)
    if known is None:
        return None
    numbers = event.get("numbers", {})
    try:
        en, zh = ({key: each[n] if isinstance(each, list) else each for key, each in numbers.items()} for n in (0, 1))
        text = Text(known.text.en.format(**en), known.text.zh.format(**zh))
    except (LookupError, TypeError, ValueError):  # what was measured is no number: rather none than a wrong sentence
        return None
    return Told(known.id, text)


def message(event: Event, source: str) -> Text:
    if "ready_made" in event:
        text = event["ready_made"]
        return Text(text, f"本题要求自己实现，不能直接调用现成函数（{text.split(' ')[0]}）")
    if "raised" in event:
        raised = Text(f"it raised {event['raised']}", f"抛出了异常：{event['raised']}")
        return advised(raised, on_error(source, event.get("type", ""), event["raised"]))
    if "stumbled" in event:
        return Text(
            f"what came back could not be used ({event['stumbled']})", f"返回的结果无法使用（{event['stumbled']}）"
        )
    return Text(event.get("en") or "", event.get("zh") or event.get("en") or "")


def picture(value: Any) -> MaskPicture | BarPicture | None:
    match value:
        case {"mask": [yours, expected]}:
            return MaskPicture(tuple(yours), tuple(expected))
        case {"bar": [got, low, high]}:
            return BarPicture(got, low, high)
        case _:
            return None
