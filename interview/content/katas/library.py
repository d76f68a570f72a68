"""The library of checks as data: the checks and sentences that katas take over from it instead of writing them.

It lies beside the code that raises them: `generic.yaml` for every kata, any other file for a family that kata.yaml
names. What a kata writes itself under the same id goes before, key by key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from interview.content.reading.field import Node
from interview.content.reading.field import named as named_key
from interview.content.reading.node import load_node
from interview.content.reading.problem import UnsoundError, nearest, printable
from interview.errors import in_chinese
from interview.text import Text

FOLDER = Path(__file__).parent.parent.parent / "grading" / "checks"
GENERIC = "generic"
MADE = ("base", "old", "new", "edits", "variants")  # of a mistake: a right answer's, and a way to make it of that
LENT = ("family", "unit", "checks", "mistakes")  # what comes with a suite


def families() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != GENERIC)


@cache
def library(name: str) -> Node:
    node = load_node(FOLDER / f"{name}.yaml")
    node.settle()
    return node


def suite_folder(node: Node, folder: Path) -> Path:
    """Whose hidden suite judges: `suite` names the kata beside it that lends its own."""
    lent = node.get("suite")
    return folder if lent is None or not isinstance(lent.value, str) else folder.parent / Path(lent.value).name


def folders(folder: Path) -> tuple[Path, ...]:
    """The kata's folder, and that of the kata that lends it a suite: what runs lies in these."""
    try:
        node = load_node(folder / "kata.yaml")
    except (UnsoundError, OSError):
        return (folder,)  # loading it says what is wrong
    return tuple(dict.fromkeys((folder, suite_folder(node, folder))))


def files_of(folder: Path) -> tuple[Path, ...]:
    """What reading the kata reads, but for the file of one that lends it a suite."""
    own = ("kata.yaml", "prompt.en.md", "prompt.zh.md", "stub.py")
    return (*(folder / name for name in own), *sorted(FOLDER.glob("*.yaml")))


def complete(node: Node, folder: Path) -> Node:
    """kata.yaml with all that it takes over written out. Complaints go to `node.problems`."""
    entry = borrow(node, folder)
    family = family_of(entry)
    checks = list(named(entry, family)) if family else written(entry, "checks")
    ids = {value for each in checks if isinstance(value := getattr(each.get("id"), "value", None), str)}
    mistakes = list(known(entry, family, ids))
    lists = {"checks": checks, "mistakes": mistakes}
    made = {key: Node(entry.path, entry.line, value, entry.problems) for key, value in lists.items() if value}
    return Node(entry.path, entry.line, {**entry.value, **made}, entry.problems)


def borrow(node: Node, folder: Path) -> Node:
    """With the checks of the kata that lends its suite."""
    if not node.has("suite"):
        return node
    name = node.id("suite")
    try:
        other = load_node(suite_folder(node, folder) / "kata.yaml")
        other.settle()
    except (UnsoundError, OSError) as error:
        said = printable(name)
        why = error.text if isinstance(error, UnsoundError) else Text(str(error), in_chinese(error))
        node.complain(
            f"`suite`: {said} is no sound kata beside this one: {printable(why.en, 200)}",
            f"`suite`：旁边没有可用的手写题 {said}：{printable(why.zh, 200)}",
        )
        return node
    if other.has("suite"):
        said = printable(name)
        node.complain(
            f"`suite`: {said} has no suite of its own; name the kata that has",
            f"`suite`：{said} 也是借用的；请写有自己的 hidden.py 的那道题",
        )
    own = written(node, "mistakes")
    lent = {key: value for key in LENT if (value := other.get(key)) is not None}
    merged = [joined(each, own) for each in written(other, "mistakes")]
    lent_ids = by_id(other, "mistakes")
    merged += [each for each in own if getattr(each.get("id"), "value", None) not in lent_ids]
    for key in ("family", "unit", "checks"):
        if node.has(key):
            said = printable(name)
            node.complain(
                f"`{key}` comes with the suite of {said}; leave it out", f"`{key}` 随 {said} 的测试而来；请去掉"
            )
    mistakes = {"mistakes": Node(node.path, node.line, merged, node.problems)} if merged else {}
    return Node(node.path, node.line, {**node.value, **lent, **mistakes}, node.problems)


def family_of(node: Node) -> Node | None:
    if not node.has("family"):
        if node.has("unit"):
            node.complain(
                "`unit` belongs to a `family`; name it, or leave the unit out",
                "`unit` 属于某个 `family`；请写上 `family`，或去掉 `unit`",
            )
        return None
    name = node.string("family")
    if name in families():
        return library(name)
    near = nearest(name, families())
    said, all_ = printable(name), families()
    advice = f"did you mean `{near}`?" if near else f"known: {', '.join(all_)}"
    rat = f"是不是 `{near}`？" if near else f"现有：{'、'.join(all_)}"
    node.complain(f"there is no family `{said}`; {advice}", f"没有 `{said}` 这个 family；{rat}")
    return None


def named(node: Node, family: Node) -> Iterator[Node]:
    """The checks, those that are only an id, or lack keys, filled from the family."""
    shared = by_id(family, "checks")
    before: set[str] = set()
    for entry in written(node, "checks"):
        id_ = entry.get("id") if isinstance(entry.value, dict) else entry
        name = id_.value if id_ is not None and isinstance(id_.value, str) else ""
        if isinstance(entry.value, dict) or name not in shared:
            if not isinstance(entry.value, dict):
                near, said = nearest(name, shared), printable(name)
                entry.complain(
                    f"the family has no check `{said}`{f'; did you mean `{near}`?' if near else ''}",
                    f"该 family 没有检查 `{said}`{f'；是不是 `{near}`？' if near else ''}",
                )
                continue
            own = entry.value
        else:
            own = {}
        value = {**(shared[name].value if name in shared else {}), **own}
        after = value.get("after_check")
        if after is not None and "after_check" not in own and after.value not in before:
            del value["after_check"]
        before.add(name)
        yield Node(entry.path, entry.line, value, entry.problems)


def known(node: Node, family: Node | None, checks: set[str]) -> Iterator[Node]:
    """The mistakes: the kata's own, filled from the libraries, and theirs that a check of the kata may find."""
    shared = by_id(library(GENERIC), "mistakes") | (by_id(family, "mistakes") if family else {})
    own = written(node, "mistakes")
    for entry in own:
        name = getattr(entry.get("id"), "value", None)
        filled = {**shared[name].value, **entry.value} if isinstance(name, str) and name in shared else entry.value
        yield Node(entry.path, entry.line, filled, entry.problems)
    taken = {getattr(each.get("id"), "value", None) for each in own}
    for name, entry in shared.items():
        found = [each for each in entry.value["caught_by"].value if each.value in checks]
        if name not in taken and found:
            caught_by = Node(entry.path, entry.line, found, entry.problems)
            yield Node(entry.path, entry.line, {**entry.value, "caught_by": caught_by}, entry.problems)


def written(node: Node, key: str) -> list[Node]:
    field = node.get(key)
    return field.value if field is not None and isinstance(field.value, list) else []


def by_id(node: Node, key: str) -> dict[str, Node]:
    return {each.value["id"].value: each for each in written(node, key)}


def joined(entry: Node, own: Sequence[Node]) -> Node:
    """The lender's mistake, or the borrower's of the same id, filled from it; how it is made is each one's own."""
    name = getattr(entry.get("id"), "value", None)
    mine = next((each for each in own if getattr(each.get("id"), "value", None) == name), None)
    lent = {key: value for key, value in entry.value.items() if key not in MADE}
    place = mine or entry
    return Node(place.path, place.line, {**lent, **(mine.value if mine else {})}, place.problems)


def nouns(node: Node) -> Mapping[str, Text]:
    """What a coin belongs to, as the sentences of the family call it: `{one}` and `{many}`."""
    family = family_of(node)
    units = family.get("units") if family else None
    if units is None:
        return {}
    name = node.string("unit")
    if name not in units.value:
        said = printable(name)
        node.complain(
            f"there is no unit `{said}`; known: {', '.join(units.value)}",
            f"没有 `{said}` 这个 unit；现有：{'、'.join(units.value)}",
        )
        return {}
    return {key: each.as_text(named_key(key)) for key, each in units.value[name].value.items()}


def filled(text: Text, words: Mapping[str, Text]) -> Text:
    en, zh = text.en, text.zh
    for key, word in words.items():
        en, zh = en.replace(f"{{{key}}}", word.en), zh.replace(f"{{{key}}}", word.zh)
    return Text(en, zh)
