"""The doctor's screen, a line a finding: what holds, what is missing, what needs the person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.text import Text

from interview.proof.doctor import LayerState, Report
from interview.proof.mending import HistoryState, Mended
from interview.terminal.screens.words import LAYERS, DoctorWords
from interview.terminal.text.wrap import wrap
from interview.text import Text as Words

STATES: Mapping[LayerState, tuple[str, str]] = {"held": ("✓", "green"), "missing": ("–", "dim"), "failed": ("✗", "red")}

HISTORY: Mapping[HistoryState, Words] = {
    "none": Words("none yet", "还没有"),
    "sound": Words("{n} events, sound", "{n} 条记录，完好"),
    "damaged": Words("damaged: {n} rows can be read", "已损坏：能读出 {n} 行"),
    "unusable": Words("cannot be used", "无法使用"),
}


def render(report: Report, *, lang: str, width: int) -> Iterator[Text]:
    yield Text(DoctorWords.sandbox.say(lang), "bold")
    for name, state in report.layers.items():
        mark, style = STATES[state]
        yield Text.assemble("  ", (f"{mark} ", style), LAYERS[name].say(lang), ("  " + name, "dim"))
    yield Text(DoctorWords.machine.say(lang), "bold")
    yield Text(f"  {report.system} · Python {report.python} · torch {report.torch or DoctorWords.no_torch.say(lang)}")
    yield Text(DoctorWords.history.say(lang), "bold")
    yield from wrap(Text(str(report.history)), width, first="  ", rest="  ")
    yield Text("  " + history_line(report, lang))
    yield Text(DoctorWords.content.say(lang), "bold")
    for root in report.roots:
        yield from wrap(Text(str(root)), width, first="  ", rest="  ")
    for note in report.notes:
        yield from wrap(Text(note.say(lang), "dim"), width)
    yield Text()
    if not report.needs:
        yield Text(DoctorWords.well.say(lang), "green")
        return
    yield Text(DoctorWords.needs.say(lang), "red")
    for need in report.needs:
        yield from wrap(Text(need.say(lang)), width, first="  ", rest="  ")


def history_line(report: Report, lang: str) -> str:
    state = HISTORY[report.health.state].say(lang, n=report.health.read)
    if report.backups:
        state += " · " + DoctorWords.backups.say(lang, n=len(report.backups), name=report.backups[-1].name)
    return state


def mended_line(mended: Mended, lang: str) -> str:
    said, backup = DoctorWords, mended.backup
    taken = said.taken.say(lang, added=mended.added, backup=backup.name) if backup else ""
    total = mended.read + mended.added
    return said.mended.say(lang, read=mended.read, taken=taken, total=total, aside=mended.aside)
