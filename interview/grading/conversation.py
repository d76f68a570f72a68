"""The conversation: lines typed at a REPL in a locked-down worker, which is renewed when it is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.dataclass import dataclass
from interview.grading.client import Grader
from interview.grading.deadlines import CLIENT, CLIENT_LINE, TYPING
from interview.grading.messages.events import (
    Broken,
    End,
    Event,
    Gone,
    Late,
    Opened,
    Said,
    SuiteBroken,
    Unlocked,
    Which,
)
from interview.grading.messages.requests import Repl, Typed
from interview.text import Text

INTERRUPTED = Text("interrupted", "已中断")
NOT_OPENED = Text("the REPL could not be opened", "无法打开交互提示符")


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker is gone, and why; the names with it."""

    why: Text


class Conversation:
    """With one file, at one call of one check, which runs as a judge with this seed makes it run."""

    def __init__(
        self, grader: Grader, kata: Kata, source: str, *, file: Path, seed: str, at: tuple[str, Which]
    ) -> None:
        self.grader = grader
        check, which = at
        submitted = grader.submitted(kata, source, file, seed, one_failure=True)
        bounds = replace(submitted.bounds, seconds=TYPING.of())
        self.request = Repl(replace(submitted, judged=(check,), bounds=bounds), which)

    def open(self) -> Opened | Lost:
        """A worker, with the call's arguments in it."""
        self.grader.send(self.request)
        end = End()
        for event in self.heard(CLIENT.of()):
            match event:
                case Opened():
                    return event
                case End():
                    end = event
                case Gone() | Late() | Broken() | SuiteBroken() | Unlocked():
                    return self.lost(event)
                case _:
                    pass
        return Lost(end.fault.said if end.fault else NOT_OPENED)

    def type(self, line: str, *, anew: bool = False) -> Said | Lost:
        """What a line comes to. KeyboardInterrupt ends what is at work, and the worker with it."""
        try:
            self.grader.send(Typed(line, anew))
            for event in self.heard(CLIENT_LINE.of()):
                match event:
                    case Said():
                        return event
                    case Gone() | Late() | Broken() | SuiteBroken():
                        return self.lost(event)
                    case End(fault=fault):
                        return Lost(fault.said if fault else NOT_OPENED)
                    case _:
                        pass
        except KeyboardInterrupt:
            self.grader.cancel()
            self.grader.send(Typed(""))  # where the line had just ended, this finds the worker gone
            self.rest()
        return Lost(INTERRUPTED)

    def lost(self, stop: Event) -> Lost:
        end = self.rest()
        match stop:
            case Late(_, seconds):
                return Lost(Text(f"it took longer than {seconds:g} s", f"运行超过了 {seconds:g} 秒"))
            case Unlocked(text):
                return Lost(Text(f"a layer of the sandbox could not be applied: {text}", f"沙箱有一层无法启用：{text}"))
            case Broken(said) | SuiteBroken(said):
                return Lost(said)
            case Gone(_, text) if text:
                return Lost(Text(f"its process broke the rules of the wire ({text})", f"进程违反了通信规则（{text}）"))
            case _:
                ended = end.ended
                how = ended.signal or (f"exit {ended.code}" if ended.code is not None else "")
                return Lost(
                    Text(f"its process ended{f' ({how})' if how else ''}", f"进程结束了{f'（{how}）' if how else ''}")
                )

    def rest(self) -> End:
        """What comes until the end of this worker."""
        found = End()
        for event in self.heard(CLIENT.of()):
            found = event if isinstance(event, End) else found
        return found

    def heard(self, seconds: float) -> Iterator[Event | End]:
        return self.grader.events(time.monotonic() + seconds)
