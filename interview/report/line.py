"""One object on one line: the only way in which a report becomes JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interview.printable import printable_json
from interview.report.fields import word

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

VERSION = 1  # of the contract, in every object


def as_line(report: DataclassInstance) -> str:
    return printable_json({"schema": VERSION, **plain_fields(report)})


def plain_fields(value: DataclassInstance) -> dict[str, Any]:
    """By their names and in their order, without those that were left at their default."""
    said = ((each, getattr(value, each.name)) for each in fields(value))
    return {each.name: plain(found) for each, found in said if found is not each.default}


def plain(value: Any) -> Any:
    match value:
        case Enum():
            return word(value)
        case date():  # a datetime is one
            return value.isoformat()
        case Path():
            return str(value)
        case tuple():
            return [plain(each) for each in value]
        case Mapping():
            return {plain(key): plain(each) for key, each in value.items()}
        case str() | int() | float() | None:
            return value
        case _:
            return plain_fields(value)
