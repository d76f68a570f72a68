"""The text in both languages, each written for itself."""

from __future__ import annotations

from interview.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text, written in both languages."""

    en: str
    zh: str

    def say(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en
