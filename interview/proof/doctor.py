"""The doctor: what the sandbox holds here, where things live, whether the history can be read."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from importlib import metadata
from pathlib import Path
from typing import Literal

from interview.dataclass import dataclass
from interview.errors import InterviewError, in_chinese
from interview.grading.messages.events import Probed
from interview.grading.sandbox.lockdown import FURTHER, LAYERS, unsupported
from interview.log.file import backups
from interview.proof.mending import Health, look_at
from interview.text import Text

Probe = Callable[[], Probed]
LayerState = Literal["held", "missing", "failed"]


@dataclass(frozen=True, slots=True)
class Report:
    """`layers` maps each layer to held, missing or failed; `needs` are the sentences that ask for the person."""

    layers: Mapping[str, LayerState]
    torch: str | None
    python: str
    system: str
    home: Path
    history: Path
    health: Health
    backups: tuple[Path, ...]
    roots: tuple[Path, ...]
    notes: tuple[Text, ...] = ()
    needs: tuple[Text, ...] = field(default=())


def examine(home: Path, roots: tuple[Path, ...], probe: Probe, needs: Sequence[Text] = ()) -> Report:
    """Look at everything, change nothing. `probe` starts a judge and tells what its worker gave up; `needs` are what
    is known already."""
    needs = list(needs)
    remarks: list[Text] = []
    layers, torch = examine_layers(probe, needs, remarks)
    history = home / "history.db"
    health = look_at(history)
    needs += [health.need] if health.need else []
    needs += [need for root in roots if (need := amiss(root))]
    return Report(
        layers=layers,
        torch=torch,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
        home=home,
        history=history,
        health=health,
        backups=copies(history),
        roots=roots,
        notes=(*notes(layers), *remarks),
        needs=tuple(needs),
    )


def copies(history: Path) -> tuple[Path, ...]:
    """Its daily copies, as far as they may be seen: why not is told of the history."""
    try:
        return tuple(backups(history))
    except OSError:
        return ()


def unreadable(path: Path, error: OSError) -> Text:
    return Text(f"{path} cannot be read: {error.strerror}", f"{path} 读不了：{in_chinese(error)}")


def amiss(root: Path) -> Text | None:
    """What is wrong with a root of content."""
    try:
        if (root / "questions").is_dir() or (root / "katas").is_dir():
            return None
    except OSError as error:
        return unreadable(root, error)
    return Text(
        f"{root} has neither questions/ nor katas/: mend INTERVIEW_PATH, or `interview pack remove` it",
        f"{root} 下没有 questions/ 也没有 katas/：请检查 INTERVIEW_PATH，或用 `interview pack remove` 去掉",
    )


def examine_layers(probe: Probe, needs: list[Text], remarks: list[Text]) -> tuple[dict[str, LayerState], str | None]:
    try:
        said = probe()
    except Exception as error:
        needs.append(no_judge(error.text if isinstance(error, InterviewError) else Text(str(error), str(error))))
        gone = set(unsupported())
        return {name: "missing" if name in gone else "failed" for name in LAYERS}, version_of("torch")
    if said.failed is not None:
        needs.append(Text(f"a layer of the sandbox failed, so no verdict can be given: {said.failed.said.en}",
                          f"沙箱有一层启用失败，无法判题：{said.failed.said.zh}"))  # fmt: skip
        return {name: "failed" if name == said.failed.layer else "held" for name in LAYERS}, said.torch
    held, missing = set(said.held), set(said.missing)
    layers: dict[str, LayerState] = {
        name: "held" if name in held else "missing" if name in missing else "failed" for name in LAYERS
    }
    for name in FURTHER:
        layers[name] = "held" if name in held else "failed" if said.granted else "missing"
        if layers[name] != "held" and said.lacking is not None:
            remarks.append(no_further_layer(layers[name], said.lacking))
    return layers, said.torch


def no_further_layer(state: LayerState, why: Text) -> Text:
    """The namespaces are one layer more, and nobody has to do anything about them."""
    if state == "failed":
        return Text(f"the namespaces, a further layer that no verdict needs, could not be made ready: {why.en}",
                    f"命名空间（可有可无的一层）启用失败，不影响判题：{why.zh}")  # fmt: skip
    return Text(f"the namespaces, a further layer that no verdict needs, are not to be had: {why.en}",
                f"本机不提供命名空间（可有可无的一层），不影响判题：{why.zh}")  # fmt: skip


def no_judge(words: Text) -> Text:
    if "No module named 'torch'" in words.en:
        return Text("torch is not installed beside interview: the README says how; questions work without it",
                    "没有安装 torch：安装方法见 README；没有它也可以刷题")  # fmt: skip
    en, zh = (said.strip().splitlines()[-1:] for said in (words.en, words.zh))
    nothing = Text("it ended without a word", "没有留下任何信息就结束了")
    return Text(
        f"the judge cannot be started: {en[0] if en else nothing.en}",
        f"判题进程无法启动：{zh[0] if zh else nothing.zh}",
    )


def version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def notes(layers: Mapping[str, LayerState]) -> list[Text]:
    """What the machine lacks and nobody can mend here."""
    missing = [name for name, state in layers.items() if state == "missing" and name in LAYERS]
    if not missing:
        return []
    where = "Linux" if sys.platform == "linux" else platform.system()
    return [
        Text(f"{where} here has no {', '.join(missing)}: `grade` refuses submissions unless --trust-submissions",
             f"本机（{where}）缺少 {'、'.join(missing)}：`grade` 需要 --trust-submissions 才会判题"),
    ]  # fmt: skip
