"""The contract: schema.json, made from the types of the reports.

`python -m interview.report.schema` writes the file; a test holds that it is what the types say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import reduce
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from interview.report.ahead import PathJson, PlanJson, TodayJson
from interview.report.answers.attempts import AgainJson, AttemptJson, AttemptsJson, DifferenceJson, RestoredJson
from interview.report.answers.solution import SolutionJson
from interview.report.card import CardJson, DeedJson, UndoJson
from interview.report.doctor import DoctorJson
from interview.report.fields import Absolute, Among, Day, Exactly, Least, Matches, Moment, word
from interview.report.files import BackupJson, ExportJson, ImportJson, NewJson, PacksJson, RestoreJson
from interview.report.line import VERSION
from interview.report.lint import LintJson
from interview.report.listing import ListJson
from interview.report.sitting import QuizJson, ReviewJson
from interview.report.stats import FitJson, StatsJson
from interview.report.verdict import VerdictJson

FILE = Path(__file__).parents[1] / "schema.json"
REPORTS: dict[str, Any] = {
    "verdict": VerdictJson,
    "review": ReviewJson,
    "quiz": QuizJson,
    "list": ListJson,
    "path": PathJson,
    "lint": LintJson,
    "doctor": DoctorJson,
    "undo": UndoJson,
    "today": TodayJson,
    "stats": StatsJson,
    "fit": FitJson,
    "plan": PlanJson,
    "export": ExportJson,
    "import": ImportJson,
    "backup": BackupJson,
    "restore": RestoreJson,
    "card": CardJson,
    "deed": DeedJson,
    "new": NewJson,
    "pack": PacksJson,
    "solution": SolutionJson,
    "attempts": AttemptsJson,
    "attempt": AttemptJson,
    "difference": DifferenceJson,
    "restored": RestoredJson,
    "again": AgainJson,
}
Schema = dict[str, Any]
PLAIN: dict[type, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    Path: {"type": "string", "pattern": Absolute.pattern},
    date: {"type": "string", "pattern": Day.pattern},
    datetime: {"type": "string", "pattern": Moment.pattern},
}


def schema() -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What `interview … --json` writes",
        "description": "One definition a command. Every object carries schema: 1. Standard output holds these and "
        "nothing else.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in REPORTS],
        "$defs": {name: schema_of(kind, top=True) for name, kind in REPORTS.items()},
    }


def schema_of(hint: Any, *, top: bool = False) -> Schema:
    """What JSON has for a value of this type; `top`: it is a whole report."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return reduce(ruled, hint.__metadata__, schema_of(hint.__origin__, top=top))
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(each, top=top) for each in args]}
    if origin is tuple:
        size = {} if args[-1] is ... else {"minItems": len(args), "maxItems": len(args)}
        return {"type": "array", "items": schema_of(args[0])} | size
    if origin is Mapping:
        return mapping_of(*args)
    if is_dataclass(hint):
        return object_of(hint, top=top)
    return {"enum": words_of(hint)} if issubclass(hint, Enum) else dict(PLAIN[hint])


def ruled(schema: Schema, rule: object) -> Schema:
    """The schema with what is said of it beyond the type."""
    match rule:
        case str(text):
            return {"description": text} | schema
        case Least(minimum):
            return schema | {"minimum": minimum}
        case Matches(pattern):
            return schema | {"pattern": pattern}
        case Exactly(items):
            return schema | {"minItems": items, "maxItems": items}
        case Among():
            return {"enum": list(rule.words)}
        case _:
            raise TypeError(rule)


def mapping_of(key: Any, value: Any) -> Schema:
    """With words for keys: an object that has them all."""
    words, said = words_of(key), schema_of(value)
    return closed(dict.fromkeys(words, said), words) if words else {"type": "object", "additionalProperties": said}


def words_of(hint: Any) -> list[str]:
    """All that a value of this type may be, if its words are known."""
    if get_origin(hint) is Annotated:
        return [name for rule in hint.__metadata__ if isinstance(rule, Among) for name in rule.words]
    return [word(each) for each in hint] if issubclass(hint, Enum) else []


def object_of(kind: Any, *, top: bool) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    said = {"schema": {"const": VERSION}} if top else {}
    said |= {each.name: field_of(each, hints[each.name]) for each in fields(kind)}
    asked = [each.name for each in fields(kind) if each.default is MISSING]
    told = {} if kind.__doc__ == kind.__name__ else {"description": " ".join(kind.__doc__.split())}
    return told | closed(said, [*(["schema"] if top else []), *asked])


def closed(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def field_of(field: Field[Any], hint: Any) -> Schema:
    """One that may be left out is never null."""
    if field.default is not None:
        return schema_of(hint)
    kind, *rules = (hint.__origin__, *hint.__metadata__) if get_origin(hint) is Annotated else (hint,)
    (kept,) = (each for each in get_args(kind) if each is not NoneType)
    return reduce(ruled, rules, schema_of(kept))


def lines(value: Any, before: str, room: int = 120) -> Iterator[str]:
    """As JSON, on one line where it fits `room`, else an item a line."""
    short = json.dumps(value, ensure_ascii=False)
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if len(before) + len(short) < room or not items:
        yield before + short
        return
    margin = before[: len(before) - len(before.lstrip())]
    ends = "{}" if isinstance(value, dict) else "[]"
    yield before + ends[0]
    for number, (key, each) in enumerate(items, 1):
        name = f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(value, dict) else ""
        *said, last = lines(each, f"{margin}  {name}")
        yield from said
        yield last + ("," if number < len(value) else "")
    yield margin + ends[1]


def text() -> str:
    return "\n".join(lines(schema(), "")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
