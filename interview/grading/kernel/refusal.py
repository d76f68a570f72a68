"""The refusal: why the system did not do what was asked of it, as a person reads it."""

from __future__ import annotations

import ctypes
import os

from interview.errors import in_chinese
from interview.text import Text


class Refused(OSError):
    """With a sentence of ours; the system's own words belong after it, where it has any."""

    def __init__(self, en: str, zh: str, number: int = 0) -> None:
        super().__init__(number, en)
        self.said = Text(en, zh)


def refused(en: str, zh: str) -> Refused:
    """The last call of the C library was."""
    number = ctypes.get_errno()
    return Refused(f"{en}: {os.strerror(number)}", f"{zh}：{in_chinese(OSError(number, os.strerror(number)))}", number)


def why(error: BaseException) -> Text:
    """The sentence, the system's words in both languages, or a library's own."""
    match error:
        case Refused():
            return error.said
        case OSError(errno=int()):
            of = f"（{error.filename}）" if error.filename else ""
            return Text(str(error), in_chinese(error) + of)
        case _:
            return Text(str(error), str(error))
