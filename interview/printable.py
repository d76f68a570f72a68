"""Printable text: what may reach a terminal, a table or a file that is opened in one.

A control character can move the cursor, rename the window or retype a line; a bidirectional control shows a line in
another order than it is read. Text of our own content that holds one is refused where it is made (`content`); text
from elsewhere (a submission, a path, a restored history) is made printable once, at its way out.
"""

from __future__ import annotations

import json
import re
from functools import cache

# C0 and C1 but tab and newline, marks and overrides of direction, line separators, surrogates, tags, noncharacters.
UNPRINTABLE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)


def printable(text: str, limit: int | None = None) -> str:
    """`text` with a replacement character for each unprintable one, cut after `limit` characters with a `…`."""
    kept = text if limit is None or len(text) <= limit else text[:limit] + "…"
    return kept if kept.isprintable() else unprintable().sub("\N{REPLACEMENT CHARACTER}", kept)


@cache
def unprintable() -> re.Pattern[str]:
    """What finds such a character. Compiled when it is needed: most text is plainly printable."""
    return re.compile(UNPRINTABLE)


def printable_line(text: str, limit: int | None = None) -> str:
    """The same for what must stay on one line: a path, a name. Tabs and ends of lines are replaced too."""
    return printable(text, limit).replace("\n", "\N{REPLACEMENT CHARACTER}").replace("\t", "\N{REPLACEMENT CHARACTER}")


def printable_json(value: object) -> str:
    """JSON on one line that says all of `value`: an unprintable character is escaped, as JSON may."""
    return unprintable().sub(lambda found: json.dumps(found.group())[1:-1], json.dumps(value, ensure_ascii=False))
