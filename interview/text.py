"""A text in both languages, each written for itself: the one place that knows which of them is asked for."""

from __future__ import annotations

from interview.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text, written in both languages. `say` fills its `{places}`, where it is given what belongs there."""

    en: str
    zh: str

    def say(self, lang: str, **values: object) -> str:
        said = self.zh if lang == "zh" else self.en
        return said.format(**values) if values else said


COLON = Text(": ", "：")
COMMA = Text(", ", "，")
LIST = Text(", ", "、")
