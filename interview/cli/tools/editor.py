"""The editor: the person's own, at a line of a file."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from interview.errors import ContentError, InterviewError, UsageError, in_chinese
from interview.text import Text

PLUS = (
    "vi",
    "vim",
    "nvim",
    "gvim",
    "mvim",
    "nano",
    "pico",
    "micro",
    "kak",
    "joe",
    "mg",
    "emacs",
    "emacsclient",
    "gedit",
)
GOTO = ("code", "code-insiders", "codium", "cursor", "windsurf")  # -g FILE:LINE
COLON = ("subl", "sublime_text", "zed", "zeditor", "hx", "helix")  # FILE:LINE
OPTION = {"kate": "--line", "mate": "--line", "idea": "--line", "pycharm": "--line"}
IN_TERMINAL = ("vi", "vim", "nvim", "nano", "pico", "micro", "kak", "joe", "mg", "hx", "helix")
ENDED = Text("the editor `{name}` ended with {code}", "编辑器 `{name}` 以 {code} 结束")


class NotOpenedError(InterviewError):
    """The editor ran, and came to no good end."""

    code = 1


def editor_at(path: Path, line: int) -> list[str]:
    """The command that VISUAL or EDITOR names, with the line as this editor takes it; the file alone where we do not
    know how."""
    name = next((each for each in ("VISUAL", "EDITOR") if os.environ.get(each, "").strip()), "EDITOR")
    try:
        words = shlex.split(os.environ.get(name, "").strip() or "vi")
    except ValueError:
        raise ContentError(
            f"{name} cannot be read: a quote or a `\\` in it is left open; set it anew",
            f"{name} 读不懂：引号或 `\\` 没有收尾；请重新设置",
        ) from None
    called = Path(words[0]).name
    if called in PLUS:
        return [*words, f"+{line}", str(path)]
    if called in GOTO:
        return [*words, "-g", f"{path}:{line}"]
    if called in COLON:
        return [*words, f"{path}:{line}"]
    return [*words, *([OPTION[called], str(line)] if called in OPTION else []), str(path)]


def open_editor(path: Path, line: int, *, keyboard: bool) -> None:
    """Until it is closed, where it waits. `keyboard`: is there a terminal on both ends?"""
    command = editor_at(path, line)
    name = Path(command[0]).name
    if name in IN_TERMINAL and not keyboard:
        raise UsageError(
            f"`{name}` needs a terminal, and there is none: leave --open out, or set VISUAL to an editor with a window",
            f"`{name}` 需要终端，而这里没有：请去掉 --open，或把 VISUAL 设为有窗口的编辑器",
        )
    sys.stdout.flush()
    before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the editor's; a handler is not inherited
    try:
        code = subprocess.run(command, check=False).returncode  # noqa: S603  (the person's own editor)
    except OSError as error:
        raise UsageError(
            f"the editor `{name}` cannot be started ({error.strerror}): set VISUAL or EDITOR to yours",
            f"无法启动编辑器 `{name}`（{in_chinese(error)}）：请把 VISUAL 或 EDITOR 设为你的编辑器",
        ) from None
    finally:
        signal.signal(signal.SIGINT, before)
    if code:
        raise NotOpenedError(*(ENDED.say(lang, name=name, code=code) for lang in ("en", "zh")))
