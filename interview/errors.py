"""The few errors a person can act on: each is a sentence that says what to do.

Raise one where the most is known; only the command line's edge catches it and turns `code` into the exit code
(`cli.md`). Anything else that escapes is a bug of ours and looks like one.
"""

from __future__ import annotations


class InterviewError(Exception):
    """Something the person can mend, said in both languages. `code` is the exit code of the command."""

    code = 1

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en)
        self.zh = zh or en

    def say(self, lang: str) -> str:
        return self.zh if lang == "zh" else str(self)


class UsageError(InterviewError):
    """An unknown name, a missing file, a prompt without a terminal."""

    code = 2


class JudgeError(InterviewError):
    """No verdict could be reached, and it is not the submission's fault."""

    code = 4


class ContentError(InterviewError):
    """A deck or a kata that cannot be read: `file:line: what, and what to do`."""

    code = 5


class StoreError(InterviewError):
    """The history cannot be used: newer, damaged, read-only or locked."""

    code = 5


class Damaged(StoreError):
    """The file itself is unsound, by `what`: only then may another take its place."""

    def __init__(self, en: str, what: str, zh: str = "") -> None:
        super().__init__(en, zh)
        self.what = what


class Unwritable(StoreError):
    """It can be read, perhaps, and not written: rights, a read-only disk, no room."""
