"""What doctor found, a line each: what holds, what is missing, what needs the person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from interview.proof.doctor import Report
from interview.terminal.wrap import wrap

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
}
STATES = {"held": ("✓", "green"), "missing": ("–", "dim"), "failed": ("✗", "red")}
WORDS = {
    "sandbox": ("Sandbox", "沙箱"),
    "machine": ("Machine", "环境"),
    "history": ("History", "历史"),
    "none": ("none yet", "还没有"),
    "events": ("{n} events, sound", "{n} 条记录，完好"),
    "damaged": ("cannot be read", "无法读取"),
    "backups": ("{n} backups, the newest {name}", "{n} 份备份，最近一份 {name}"),
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
    if not report.history.exists():
        return word("none", lang)
    state = word("damaged", lang) if report.events is None else word("events", lang).format(n=report.events)
    if report.backups:
        state += " · " + word("backups", lang).format(n=len(report.backups), name=report.backups[-1].name)
    return state
