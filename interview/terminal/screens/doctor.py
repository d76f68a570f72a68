"""The doctor's screen, a line a finding: what holds, what is missing, what needs the person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from interview.proof.doctor import Report
from interview.proof.mending import Mended
from interview.terminal.text.wrap import wrap

LAYERS = {
    "session": ("a session of its own", "独立会话"),
    "output": ("output capped", "输出受限"),
    "descriptors": ("no other descriptors", "关闭其余描述符"),
    "environment": ("empty environment", "清空环境变量"),
    "limits": ("memory, processor, files (rlimits)", "内存、CPU、文件上限（rlimits）"),
    "files": ("files and network (Landlock)", "文件与网络（Landlock）"),
    "capabilities": ("no capabilities", "放弃 capabilities"),
    "orphan": ("dies with its parent", "随父进程终止"),
    "calls": ("system calls (seccomp)", "系统调用（seccomp）"),
    "namespaces": ("a tree of files and processes of its own", "独立的文件树与进程空间"),
}
STATES = {"held": ("✓", "green"), "missing": ("–", "dim"), "failed": ("✗", "red")}
WORDS = {
    "sandbox": ("Sandbox", "沙箱"),
    "machine": ("Machine", "环境"),
    "history": ("History", "历史"),
    "none": ("none yet", "还没有"),
    "events": ("{n} events, sound", "{n} 条记录，完好"),
    "damaged": ("damaged: {n} rows can be read", "已损坏：能读出 {n} 行"),
    "unusable": ("cannot be used", "无法使用"),
    "backups": ("backups: {n}, the newest {name}", "{n} 份备份，最近一份 {name}"),
    "content": ("Content", "内容"),
    "no_torch": ("not installed", "未安装"),
    "well": ("All is well.", "一切正常。"),
    "needs": ("Needs you:", "需要你处理："),
}


def word(key: str, lang: str) -> str:
    return WORDS[key][lang == "zh"]


def render(report: Report, *, lang: str, width: int) -> Iterator[Text]:
    yield Text(word("sandbox", lang), "bold")
    for name, state in report.layers.items():
        mark, style = STATES[state]
        yield Text.assemble("  ", (f"{mark} ", style), LAYERS[name][lang == "zh"], ("  " + name, "dim"))
    yield Text(word("machine", lang), "bold")
    yield Text(f"  {report.system} · Python {report.python} · torch {report.torch or word('no_torch', lang)}")
    yield Text(word("history", lang), "bold")
    yield from wrap(Text(str(report.history)), width, first="  ", rest="  ")
    yield Text("  " + history_line(report, lang))
    yield Text(word("content", lang), "bold")
    for root in report.roots:
        yield from wrap(Text(str(root)), width, first="  ", rest="  ")
    for note in report.notes:
        yield from wrap(Text(note.say(lang), "dim"), width)
    yield Text()
    if not report.needs:
        yield Text(word("well", lang), "green")
        return
    yield Text(word("needs", lang), "red")
    for need in report.needs:
        yield from wrap(Text(need.say(lang)), width, first="  ", rest="  ")


def history_line(report: Report, lang: str) -> str:
    key = "events" if report.health.state == "sound" else report.health.state
    state = word(key, lang).format(n=report.health.read)
    if report.backups:
        state += " · " + word("backups", lang).format(n=len(report.backups), name=report.backups[-1].name)
    return state


def mended_line(mended: Mended, lang: str) -> str:
    total = mended.read + mended.added
    if lang == "zh":
        taken = f"，从 {mended.backup.name} 取回 {mended.added} 行" if mended.backup else ""
        return f"已修复：从原文件读出 {mended.read} 行{taken}，共 {total} 行。原文件在 {mended.aside}"
    taken = f", {mended.added} taken from {mended.backup.name}" if mended.backup else ""
    return f"Mended: {mended.read} rows read from the file as it was{taken}: {total} now. It is in {mended.aside}"
