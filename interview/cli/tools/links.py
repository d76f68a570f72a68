"""Links: `dropout.py:12` as one that the terminal opens, by OSC 8, where the terminal is known to have them.

Never in a pipe, without colour, or in tmux and screen, which pass them on or not by a setting that nobody can ask for.
`FORCE_HYPERLINK` decides before all: 1, or 0.
"""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from urllib.parse import quote

from rich.style import Style
from rich.text import Text

PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby", "zed")
TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm", "rio")
SET = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM")
VTE = 5000  # 0.50, the first that has them


def knows_links(*, terminal: bool, color: bool) -> bool:
    forced = os.environ.get("FORCE_HYPERLINK", "")
    if forced:
        return terminal and forced != "0"
    term = os.environ.get("TERM", "dumb")
    if not (terminal and color) or term == "dumb" or term.startswith(("screen", "tmux")):
        return False
    if any(os.environ.get(each) for each in ("TMUX", "STY", "CI")):
        return False
    version = os.environ.get("VTE_VERSION", "")
    return (
        (version.isdecimal() and int(version) >= VTE)
        or os.environ.get("TERM_PROGRAM") in PROGRAMS
        or term.startswith(TERMS)
        or any(os.environ.get(each) for each in SET)
    )


def linked(line: Text, path: Path) -> Text:
    """The line, each `NAME:12` in it a link to that line of the file."""
    where = f"file://{quote(socket.gethostname())}{quote(os.fsencode(path))}"
    for found in re.finditer(rf"(?<![\w/.-]){re.escape(path.name)}:(\d+)", line.plain):
        line.stylize(Style(link=f"{where}#{found[1]}"), *found.span())
    return line
