"""A verdict for programs: the JSON object of `schema.json`."""

from __future__ import annotations

import os
from typing import Any

from interview.grading.verdict import CheckResult, Verdict
from interview.printable import printable_json


def as_line(verdict: Verdict, *, lang: str, attempt: int | None) -> str:
    """The object on one line."""
    return printable_json(as_json(verdict, lang=lang, attempt=attempt))


def as_json(verdict: Verdict, *, lang: str, attempt: int | None) -> dict[str, Any]:
    return {
        "schema": 1,
        "kata": verdict.kata,
        "status": verdict.status.value,
        "seed": verdict.seed,
        "file": os.fsencode(verdict.file.absolute()).decode("utf-8", "replace"),  # a name may be any bytes
        "sha256": verdict.sha256,
        "seconds": round(verdict.seconds, 6),
        "layers": list(verdict.layers),
        "missing_layers": list(verdict.missing_layers),
        "attempt": attempt,
        "checks": [check_json(each, lang) for each in verdict.checks],
        "mistake": {"id": verdict.mistake.id, "text": verdict.mistake.text.say(lang)} if verdict.mistake else None,
        "cards": list(verdict.cards),
        "forbidden": list(verdict.forbidden),
    }


def check_json(result: CheckResult, lang: str) -> dict[str, Any]:
    return {
        "name": result.check.id,
        "outcome": result.outcome.value,
        "title": result.check.title.say(lang),
        "message": result.message.say(lang) if result.message else None,
        "call": result.call or None,
        "got": result.got.say(lang) if result.got else None,
        "expected": result.expected.say(lang) if result.expected else None,
    }
