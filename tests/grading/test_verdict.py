from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from judging import dropout

from interview.grading.messages.events import (
    At,
    Broken,
    CheckDone,
    End,
    Ended,
    Event,
    Gone,
    Judged,
    Lacks,
    Late,
    Layers,
    NotLoaded,
    SuiteBroken,
    SuiteLate,
    Unlocked,
)
from interview.grading.messages.findings import Evidence, Passed, PremiseFailed, Recognised, Refuted
from interview.grading.verdict import Outcome, Status, Verdict, blank, conclude, troubled
from interview.report.line import as_line
from interview.report.verdict import verdict_json
from interview.terminal.screens.grade import line
from interview.text import Text

KATA = dropout()
IDS = [each.id for each in KATA.checks]
LAYERS = Layers(("calls",), ())
JUDGED = Judged(())
END = End()
WRONG = Refuted(Text("wrong", "错"))


def passes(names: list[str]) -> list[Event | End]:
    return [CheckDone(each, "", Passed()) for each in names]


def verdict_of(*events: Event | End) -> Verdict:
    return conclude(KATA, events, source="x", file=Path("x.py"), seed="1", seconds=1.0)


def test_all_seen_is_a_pass() -> None:
    """Passed: the judge reported every check as passed, said it was done, and the run came to its end."""
    assert verdict_of(LAYERS, *passes(IDS), JUDGED, END).status is Status.PASSED


@pytest.mark.parametrize(
    "events",
    [
        [],
        [LAYERS],
        [LAYERS, *passes(IDS)],
        [LAYERS, *passes(IDS), JUDGED],
        [LAYERS, *passes(IDS), END],
        [LAYERS, *passes(IDS[:-1]), JUDGED, END],
        [LAYERS, *passes([*IDS[:-1], IDS[0]]), JUDGED, END],
        [LAYERS, *passes(IDS), JUDGED, End(fault=Broken(Text("the judge ended with 1", "判题进程以 1 结束")))],
    ],
)
def test_silence_is_never_a_pass(events: list[Event | End]) -> None:
    """A missing check, one reported twice, no closing word, a judge that died: broken, not passed."""
    assert verdict_of(*events).status is Status.BROKEN


def test_a_fault_of_ours_is_told_in_both_languages() -> None:
    """To the end of the sentence."""
    fault = Broken(Text("the judge ended with 1", "判题进程以 1 结束"))
    verdict = verdict_of(LAYERS, JUDGED, End(fault=fault))
    assert verdict.reason == Text(
        "the judge is at fault: the judge ended with 1", "判题程序自身出错：判题进程以 1 结束"
    )


def test_a_ready_made_function_is_no_pass() -> None:
    """Every check passed but a forbidden function was called on the way: failed."""
    assert verdict_of(LAYERS, *passes(IDS), Judged(("torch.dropout",)), END).status is Status.FAILED


def test_one_failure_fails() -> None:
    """A failed check makes the verdict failed, tells the mistake with its numbers, and names its cards."""
    evidence = Evidence(Text("1", "1"), Text("1.43", "1.43"), facts=(("mean", 0.7), ("p", 0.3)))
    failed = CheckDone("survivors", "", Recognised("scale_missing", evidence))
    rest = [each for each in IDS if each != "survivors"]
    verdict = verdict_of(LAYERS, *passes(rest), failed, JUDGED, END)
    assert verdict.status is Status.FAILED
    assert verdict.mistake is not None
    assert "0.70 of the input" in verdict.mistake.text.en
    assert "0.70" in verdict.mistake.text.zh
    assert verdict.cards == ("dropout/mean-and-variance", "dropout/values-printed")


def test_a_named_side_effect_does_not_outrank_what_failed_first() -> None:
    """The headline is what the first check that failed says, named or not; a later name stands at its own check."""
    first = CheckDone("survivors", "", WRONG)
    later = CheckDone("rate", "", Recognised("keeps_with_p", Evidence(facts=(("p", 0.3), ("share", 0.7)))))
    rest = [each for each in IDS if each not in ("survivors", "rate")]
    verdict = verdict_of(LAYERS, *passes(rest), first, later, JUDGED, END)
    assert verdict.mistake is None
    told = {each.check.id: each.told for each in verdict.checks if each.told}
    assert list(told) == ["rate"]
    assert told["rate"].id == "keeps_with_p"


def test_a_failed_premise_is_silent_beside_a_failure_and_speaks_alone() -> None:
    """A check whose premise does not hold is not reached and says nothing; where nothing else failed it has failed."""
    failed = CheckDone("rate", "", WRONG)
    premise = PremiseFailed(Text("no coins", "无从比较"), Evidence())
    unmet, also = CheckDone("own_coin", "", premise), CheckDone("fresh_mask", "", premise)
    rest = [each for each in IDS if each not in ("rate", "own_coin", "fresh_mask")]
    rate = CheckDone("rate", "", Passed())
    beside, alone = (verdict_of(LAYERS, *passes(rest), each, unmet, also, JUDGED, END) for each in (failed, rate))
    seen = [{each.check.id: each for each in one.checks} for one in (beside, alone)]
    assert seen[0]["own_coin"].outcome is seen[0]["fresh_mask"].outcome is Outcome.NOT_REACHED
    assert seen[0]["own_coin"].message is None
    assert (beside.status, alone.status) == (Status.FAILED, Status.FAILED)
    assert seen[1]["own_coin"].outcome is Outcome.FAILED
    assert seen[1]["own_coin"].message == Text("no coins", "无从比较")
    assert seen[1]["fresh_mask"].outcome is Outcome.NOT_REACHED


def test_what_merely_follows_brings_no_cards() -> None:
    """A failed check whose `after_check` failed too adds no card: the cause's cards are enough."""
    failed = [CheckDone(each, "", WRONG) for each in ("rate", "own_coin")]
    rest = [each for each in IDS if each not in ("rate", "own_coin")]
    verdict = verdict_of(LAYERS, *passes(rest), *failed, JUDGED, END)
    rate = next(each for each in KATA.checks if each.id == "rate")
    assert verdict.cards == rate.cards


@pytest.mark.parametrize(
    ("event", "last", "status"),
    [
        (NotLoaded("SyntaxError", "bad", 3), END, Status.CRASHED),
        (Lacks(("dropout",)), END, Status.CRASHED),
        (Late(At("import")), END, Status.TIMEOUT),
        (Late(At("dropout(x)", "rate"), 1.0), END, Status.TIMEOUT),
        (SuiteLate(At("dropout(x)", "rate"), 3.0, 7), END, Status.TIMEOUT),
        (Gone(At("dropout(x)", "rate")), End(Ended(signal="SIGSEGV")), Status.CRASHED),
        (Gone(At("dropout(x)", "rate")), End(Ended(signal="SIGXCPU")), Status.TIMEOUT),
        (Unlocked("files", Text("no", "不行")), END, Status.BROKEN),
        (Broken(Text("oops", "oops")), END, Status.BROKEN),
        (SuiteBroken(Text("oops", "坏了"), At("", "rate")), END, Status.BROKEN),
    ],
)
def test_a_run_that_stopped(event: Event, last: End, status: Status) -> None:
    """Each way a run can stop has its status and a reason in both languages; what did not run is not reached."""
    verdict = verdict_of(LAYERS, event, JUDGED, last)
    assert verdict.status is status
    assert verdict.reason is not None
    assert verdict.reason.en
    assert verdict.reason.zh
    assert sum(each.outcome is Outcome.PASSED for each in verdict.checks) == 0
    assert sum(each.outcome is Outcome.NOT_REACHED for each in verdict.checks) >= len(IDS) - 1


def told(verdict: Verdict, attempt: int) -> Any:
    return json.loads(as_line(verdict_json(verdict, lang="zh", attempt=attempt)))


def test_json_has_the_contract_and_nothing_else() -> None:
    """The object's fields are those of schema.json; the seed is a string, the file absolute."""
    said = told(verdict_of(LAYERS, *passes(IDS), JUDGED, END), attempt=2)
    wanted = "schema kata status seed file sha256 seconds layers missing_layers attempt checks mistake cards forbidden"
    assert list(said) == wanted.split()
    assert list(said["checks"][0]) == ["name", "outcome", "title", "message", "call", "got", "expected"]
    assert said["seed"] == "1"
    assert Path(said["file"]).is_absolute()


def test_a_crash_tells_its_reason_in_json() -> None:
    """A file that never came before the judge still says why, where its first check would have spoken."""
    verdict = troubled(KATA, Text("not text", "不是文本"), source="", file=Path("x.py"))
    said = told(verdict, attempt=1)
    assert said["status"] == "crashed"
    assert said["checks"][0]["message"] == "不是文本"


def test_blank_reaches_nothing() -> None:
    """Before anything is known, every check is not reached."""
    verdict = blank(KATA, Status.UNTOUCHED, source="", file=Path("x.py"))
    assert {each.outcome for each in verdict.checks} == {Outcome.NOT_REACHED}


def test_a_name_gives_a_terminal_no_orders() -> None:
    """A file's name and a reason are a stranger's words: one line each, without escapes, and JSON reads the same."""
    name = "\x1b]0;owned\x07\x9b2J\u202e\U000e0001.py"
    reason = Text("it does not load: x\n✓ other.py  passed  19/19", "无法加载")
    verdict = troubled(KATA, reason, source="", file=Path("/tmp") / name)
    assert line(verdict, "en").isprintable()
    report = verdict_json(verdict, lang="en", attempt=None)
    written = as_line(report)
    assert written.isprintable()
    said = json.loads(written)
    assert (said["file"], said["checks"][0]["message"]) == (report.file, report.checks[0].message)
