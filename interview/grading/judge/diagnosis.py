"""The diagnosis of a failed check: which known mistake gives the very answers that the submission gave?

Each mistake is an edit of a right answer or a file (see content.mutants). Those that are known to fail at a check are
run through it again (see replay); one is told when it alone agrees on every answer, and the reference does not. Of a
later check's mistake nothing is told but at that check; an exception is weak evidence, and must be the same in every
check that failed; where nothing explains the first check, two mistakes are tried together.

It runs in a fork of the judge, after the verdict: a mistake that hangs, ends the process or takes all memory costs its
name and nothing else.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from functools import cached_property
from itertools import product

import torch

from interview.content.katas.mutants import REFERENCE, Edit, MisfitError, Variant, built, compatible
from interview.dataclass import dataclass
from interview.grading.deadlines import DIAGNOSIS, DIAGNOSIS_CPU
from interview.grading.judge.alike import is_refusal, words
from interview.grading.judge.replay import Differs, Held, Spent, replica_of
from interview.grading.kernel import limits
from interview.grading.kernel.forking import fork
from interview.grading.messages.channel import CHUNK
from interview.grading.messages.codec import Inbox, Message, decode, encode
from interview.grading.messages.events import Explained
from interview.grading.messages.orders import Diagnosed
from interview.grading.messages.requests import Mistakes
from interview.grading.solution.line import Tape
from interview.grading.solution.remote import Solution
from interview.grading.wire.answers import raised_in

SINGLES, PAIRS, BESIDES = 60, 80, 40  # replays of one submission's diagnosis
MEMORY = 1 << 30  # bytes beyond what the judge maps

Mistaken = tuple[str, ...]  # one id, or two together


@dataclass(frozen=True, slots=True)
class Failed:
    """A check that failed: its function, its seed, and what came back in it."""

    check: str
    run: Callable[[Solution], object]
    seed: int
    tape: Tape

    def crash(self) -> tuple[str, str] | None:
        """The exception that the last answer was, if it was one and no refusal."""
        raised = raised_in(self.tape.frames[-1][0]) if self.tape.frames else None
        return words(raised) if raised is not None and not is_refusal(raised) else None


@dataclass(frozen=True)
class Known:
    """A known mistake as one source, `variant` of an edit or a file's `text`."""

    id: Mistaken
    caught_by: frozenset[str]
    bases: dict[str, str]
    variant: Variant | None
    text: str = ""

    @cached_property
    def source(self) -> str:
        """Empty where it cannot be built, which lint tells."""
        if self.variant is None:
            return self.text
        try:
            return built(self.variant, self.bases)
        except MisfitError:
            return ""


def known_mistakes(told: Mistakes) -> list[Known]:
    bases = dict(told.bases)
    found = []
    for each in told.mistakes:
        checks = frozenset(each.caught_by)
        for way in each.ways:
            variant = Variant(tuple(Edit(old, new) for old, new in way.edits), way.base)
            found.append(Known((each.id,), checks, bases, variant))
        found += [Known((each.id,), checks, bases, None, text) for text in each.texts]
    return found


class Diagnosis:
    def __init__(self, known: Sequence[Known], reference: str, names: dict[str, list[str]]) -> None:
        self.known = known
        self.reference = Known((), frozenset(), {REFERENCE: reference}, None, reference)
        self.names = names
        self.left = SINGLES
        self.remembered: dict[tuple[int, str], bool] = {}
        self.alike: set[Mistaken] = set()  # mistakes that no check which failed tells apart

    def spend(self) -> None:
        if self.left <= 0:
            raise Spent

    def told(self, failed: Sequence[Failed]) -> Iterator[tuple[str, Mistaken]]:
        """The mistake that explains the first check that failed, beside a check at which it is known: this one, or a
        later one whose answers it gives too. Then those that are in the file besides, each at its own check."""
        raised = set()
        for each in failed:
            crash = each.crash()
            if not each.tape.frames or crash in raised:
                continue  # nothing came back, or the same trouble again
            found = self.explained(each, failed, crash)
            if found:
                yield each.check, found
                yield from self.besides(found, failed)
                return
            raised |= {crash} - {None}
        yield from self.together(failed)

    def explained(self, each: Failed, failed: Sequence[Failed], crash: object) -> Mistaken | None:
        own = [one for one in self.known if each.check in one.caught_by and self.agrees(one, each)]
        if not own or self.agrees(self.reference, each):  # the right answer does so too: nothing was seen
            return None
        own = [one for one in own if self.agrees(one, failed[0])]
        if len({one.id for one in own}) > 1 or crash:
            own = [one for one in own if all(self.agrees(one, other) for other in failed)]
        ids = {one.id for one in own}
        self.alike |= ids if len(ids) > 1 else set()
        return ids.pop() if len(ids) == 1 else None

    def together(self, failed: Sequence[Failed]) -> Iterator[tuple[str, Mistaken]]:
        """Two mistakes in one file, one of them known to fail at the first check."""
        first = next((each for each in failed if each.tape.frames), None)
        if first is None:
            return
        self.left = PAIRS
        failing = {each.check for each in failed}  # where either would be told if it were alone
        ones = [one for one in self.known if first.check in one.caught_by]
        found = [pair for pair in pairs(ones, self.known, failing) if self.agrees(pair, first)]
        if len({pair.id for pair in found}) > 1:
            found = [pair for pair in found if all(self.agrees(pair, other) for other in failed)]
        ids = {pair.id for pair in found}
        if len(ids) == 1 and not self.agrees(self.reference, first):
            yield first.check, ids.pop()

    def besides(self, root: Mistaken, failed: Sequence[Failed]) -> Iterator[tuple[str, Mistaken]]:
        """Of the other checks that failed, those that the root does not explain: the one mistake of the check which,
        in one file with the root, gives all its answers and those of the first. A crash says too little for that.
        """
        self.left = BESIDES
        ways = [one for one in self.known if one.id == root and self.agrees(one, failed[0])]
        for each in failed[1:]:
            if each.crash() or not each.tape.frames or any(self.agrees(one, each) for one in ways):
                continue
            both = [pair for pair in pairs(ways, self.known, {each.check}) if self.agrees(pair, each)]
            ids = {pair.id for pair in both if self.agrees(pair, failed[0])}
            if len(ids) == 1:
                yield each.check, ids.pop()[len(root) :]

    def agrees(self, one: Known, each: Failed) -> bool:
        """Does the mistake give every answer of this check, and does the check stop where it did?"""
        key = (id(each), one.source)
        if key not in self.remembered:
            self.spend()
            self.left -= 1
            self.remembered[key] = bool(one.source) and self.replayed(one.source, each)
        return self.remembered[key]

    def replayed(self, source: str, each: Failed) -> bool:
        try:
            line = Held(replica_of(source), each.tape, self.spend)
            torch.default_generator.manual_seed(each.seed)
            with suppress(Exception):  # the check fails on it, as it should
                each.run(Solution(line, seed=each.seed, names=self.names))
        except (Differs, Exception, SystemExit, KeyboardInterrupt, GeneratorExit):
            return False
        return line.met == len(each.tape.frames)


def pairs(ones: Sequence[Known], others: Sequence[Known], checks: Set[str]) -> Iterator[Known]:
    """One and another together in one file, where both are edits of one right answer and touch different places; the
    other is known to fail at one of the checks."""
    met: set[Set[str]] = set()
    for one, other in product(ones, (each for each in others if each.caught_by & checks)):
        way, further, sources = one.variant, other.variant, frozenset((one.source, other.source))
        if way is None or further is None or way.base != further.base or one.id == other.id or sources in met:
            continue
        source = compatible(one.bases[way.base], way.edits, further.edits)
        if source:
            met.add(sources)
            yield Known(one.id + other.id, one.caught_by, one.bases, None, source)


def diagnosed(told: str, names: dict[str, list[str]], failed: Sequence[Failed]) -> Diagnosed:
    """What a fork of this process finds. `told`: the known mistakes, as they came. Nothing where it does not come to
    its end."""
    if not failed or any(each.tape.full for each in failed):
        return Diagnosed()
    reading, writing = os.pipe()
    pid = fork()
    if not pid:
        try:
            os.close(reading)
            os.write(writing, encode(find(decode(told), names, failed)))
        finally:
            os._exit(0)
    os.close(writing)
    inbox, found = Inbox(), None
    end = time.monotonic() + DIAGNOSIS.of()
    while select.select([reading], [], [], max(0.0, end - time.monotonic()))[0]:
        chunk = os.read(reading, CHUNK)
        inbox.put(chunk)
        found = inbox.take()
        if found is not None or not chunk:
            break
    os.close(reading)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return found if isinstance(found, Diagnosed) else Diagnosed()


def find(told: Message, names: dict[str, list[str]], failed: Sequence[Failed]) -> Diagnosed:
    """In the fork, within its limits."""
    import resource

    def spent(*_: object) -> None:
        raise Spent

    assert isinstance(told, Mistakes)
    reference = dict(told.bases).get(REFERENCE)
    if reference is None:
        return Diagnosed()
    gc.enable()
    signal.signal(signal.SIGPROF, spent)
    signal.setitimer(signal.ITIMER_PROF, DIAGNOSIS_CPU.of())
    limits.lower(resource.RLIMIT_AS, limits.mapped() + MEMORY)
    found: list[Explained] = []
    diagnosis = Diagnosis(known_mistakes(told), reference, names)
    with suppress(Spent):
        found.extend(Explained(*each) for each in diagnosis.told(failed))
    signal.setitimer(signal.ITIMER_PROF, 0)
    alike = () if found else tuple(sorted({name for each in diagnosis.alike for name in each}))
    return Diagnosed(tuple(found), alike)
