"""Doctor's report, for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from interview.dataclass import dataclass
from interview.proof.doctor import Report
from interview.proof.mending import Mended
from interview.report.fields import Among, Count, File, Layer, Number


@dataclass(frozen=True, slots=True)
class HistoryJson:
    path: File
    events: Count | None
    state: Annotated[str, Among("none", "sound", "damaged", "unusable")]
    read: Count
    unread: tuple[int, ...]
    lost: tuple[tuple[Number, Number], ...]
    backups: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class MendedJson:
    read: Count
    added: Count
    aside: File


@dataclass(frozen=True, slots=True)
class DoctorJson:
    """`doctor --json`."""

    layers: Mapping[Layer, Annotated[str, Among("held", "missing", "failed")]]
    torch: str | None
    python: str
    system: str
    home: File
    history: HistoryJson
    roots: tuple[File, ...]
    notes: tuple[str, ...]
    needs: tuple[str, ...]
    restored: File | None
    mended: MendedJson | None


def doctor_json(report: Report, lang: str, mended: Mended | None) -> DoctorJson:
    return DoctorJson(
        layers=report.layers,
        torch=report.torch,
        python=report.python,
        system=report.system,
        home=report.home,
        history=history_json(report),
        roots=report.roots,
        notes=tuple(each.say(lang) for each in report.notes),
        needs=tuple(each.say(lang) for each in report.needs),
        restored=mended.backup if mended else None,
        mended=MendedJson(mended.read, mended.added, mended.aside) if mended else None,
    )


def history_json(report: Report) -> HistoryJson:
    health = report.health
    return HistoryJson(
        path=report.history,
        events=health.events,
        state=health.state,
        read=health.read,
        unread=health.unread,
        lost=health.lost,
        backups=report.backups,
    )
