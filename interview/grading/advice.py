"""Advice: what an honest file that met the sandbox is told, in a sentence that says where its lines belong.

Pure: the exception's type and text as they came back, the source as it was sent. The source is only searched, never
parsed: it may be written to break a parser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from interview.text import Text

MAIN = 'if __name__ == "__main__":'
DEFINED = re.compile(r"^([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
NOTEBOOK = re.compile(r'\A\s*\{\s*"(?:cells|metadata|nbformat)"')
MAGIC = re.compile(r"^[ \t]*(?:[%!]\s*[A-Za-z]|\?)", re.MULTILINE)
CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
CLOSED = (
    "PermissionError", "BlockingIOError", "ConnectionError", "ConnectionRefusedError", "URLError", "gaierror",
    "FileNotFoundError", "IsADirectoryError", "FileExistsError", "TimeoutError", "BrokenProcessPool", "OSError",
)  # fmt: skip
CLOSED_WORDS = ("Operation not permitted", "Permission denied", "No usable temporary directory", "can't start new")


def on_load(source: str, type_: str, text: str) -> Text | None:
    """For a file that does not load: the exception that ended it."""
    if type_ in ("SyntaxError", "IndentationError", "TabError"):
        return on_syntax(source)
    return on_error(source, type_, text)


def on_syntax(source: str) -> Text | None:
    if CONFLICT.search(source):
        return Text(
            "It holds the marks of a merge (`<<<<<<<`): settle the conflict, then check again.",
            "文件里留有合并冲突的标记（`<<<<<<<`）：先解决冲突，再来检查。",
        )
    if MAGIC.search(source):
        return Text(
            "A notebook's command (`%…` or `!…`) is no Python: take that line out.",
            "notebook 的命令（`%…` 或 `!…`）不是 Python：请删掉那一行。",
        )
    return None


def on_error(source: str, type_: str, text: str) -> Text | None:
    """For an exception, while loading or in a call, that speaks of the place where answers are judged."""
    if type_ in ("ModuleNotFoundError", "ImportError"):
        return on_import(text)
    if type_ == "SystemExit":
        return Text(
            f"It ended itself, as `argparse` and `sys.exit` do; such lines belong under `{MAIN}`.",
            f"程序自己退出了（`argparse`、`sys.exit` 会这样）；这类代码应放在 `{MAIN}` 之下。",
        )
    if type_ == "BdbQuit":
        return Text(
            f"There is no keyboard while an answer is judged: take `breakpoint()` out, or call it under `{MAIN}`.",
            f"判题时没有键盘：请去掉 `breakpoint()`，或把它放到 `{MAIN}` 之下再调用。",
        )
    if type_ == "EOFError" and re.search(r"\binput\s*\(|\bstdin\b", source):
        return Text(
            f"There is no keyboard while an answer is judged: what asks belongs under `{MAIN}`.",
            f"判题时没有键盘：需要输入的代码应放在 `{MAIN}` 之下。",
        )
    if type_ in CLOSED or any(each in text for each in CLOSED_WORDS):
        return Text(
            "Files, processes and the network are closed while an answer is judged;"
            f" what needs them belongs under `{MAIN}`.",
            f"判题时不能读写文件、启动进程或访问网络；需要它们的代码应放在 `{MAIN}` 之下。",
        )
    return None


def on_import(text: str) -> Text | None:
    named = re.search(r"No module named '([\w.]+)'", text)
    if named is None and "relative import" not in text:
        return None
    if named is None:
        return Text(
            "An answer is judged alone, without the files beside it: copy into it what it uses of them.",
            "判题时只有这一个文件，没有它旁边的文件：用到的内容请直接写进来。",
        )
    name = named[1]
    return Text(
        f"There is no `{name}` where answers are judged: a file of yours beside this one is not sent along (copy into"
        f" it what it uses), and a package must be installed beside interview; what only plots or tests belongs under"
        f" `{MAIN}`.",
        f"判题环境里没有 `{name}`：如果是你自己的文件，它不会一起送去判题（用到的内容请直接写进来）；如果是第三方包，"
        f"要和 interview 装在同一环境；只用于画图或测试的代码应放在 `{MAIN}` 之下。",
    )


def on_lack(source: str, lacking: Sequence[str]) -> Text:
    """For a file that loads and does not define what the task asks for."""
    what_en, what_zh = " and ".join(f"`{each}`" for each in lacking), "、".join(f"`{each}`" for each in lacking)
    if not source.strip():
        return Text(f"it is empty: write {what_en} in it", f"它是空的：请在里面写出 {what_zh}")
    if NOTEBOOK.match(source):
        return Text(
            f"it is a notebook under a script's name: export it as a script (.py) that defines {what_en}",
            f"这是改了后缀的 notebook：请导出为脚本（.py），并定义 {what_zh}",
        )
    inside: list[str] = []
    defined: list[str] = []
    for indent, function, value in DEFINED.findall(source):
        (inside if indent else defined).append(function or value)
    for name in lacking:
        if name in inside:
            return Text(
                f"it lacks {what_en}: `{name}` is defined inside something else; move it to the first column",
                f"缺少 {what_zh}：`{name}` 定义在别的结构里面，请移到最外层",
            )
        near = [each for each in defined if plain(each) == plain(name)] or get_close_matches(name, defined, 1, 0.6)
        near = near or [each for each in defined if name.lower() in each.lower()]
        if near:
            return Text(
                f"it lacks {what_en}; it has `{near[0]}`: call it `{name}`, as the task does",
                f"缺少 {what_zh}；文件里有 `{near[0]}`：请按题目的名字叫它 `{name}`",
            )
    if not defined and not inside:
        return Text(f"it defines nothing; the task asks for {what_en}", f"它什么也没有定义；题目要求 {what_zh}")
    return Text(f"it lacks {what_en}, which the task asks for by that name", f"缺少 {what_zh}，题目要求用这个名字")


def plain(name: str) -> str:
    return name.replace("_", "").lower()
