"""The reading of a kata's folder: what can be wrong with it, told without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from interview.content.katas.kata import Kata, mistake_of
from interview.content.katas.kata_file import survey_kata
from interview.content.katas.skeleton import KINDS, unwritten
from interview.content.reading.field import Node
from interview.content.reading.node import load_node
from interview.content.reading.problem import Problem, UnsoundError
from interview.dataclass import dataclass
from interview.printable import printable_line
from interview.proof.decks.bilingual import differences
from interview.proof.decks.reading import check_languages, hint
from interview.proof.katas.submissions import idle_equivalents, mutants, readable
from interview.proof.katas.suites import check_suite, entry_line, own_mistakes, placeholders, tree_of


@dataclass(frozen=True, slots=True)
class KataReading:
    """`kata` is None when it cannot be proved; `lines` are those of `check ID` and `mistake ID` in kata.yaml, which is
    `node` where it can be read.
    """

    kata: Kata | None
    problems: tuple[Problem, ...]
    lines: Mapping[str, int]
    node: Node | None = None


def read_kata(folder: Path, cards: frozenset[str]) -> KataReading:
    try:
        node = load_node(folder / "kata.yaml")
    except UnsoundError as error:
        return KataReading(None, error.problems, {})
    kata = survey_kata(node, folder)
    if not isinstance(node.value, dict):
        return KataReading(None, tuple(node.problems), {}, node)
    in_suite = list(check_suite(kata, node))
    problems = [
        *node.problems, *check_languages(node), *check_prompt(kata), *check_links(kata, node, cards), *in_suite,
        *check_submissions(kata, node), *check_styles(kata, node), *check_written(kata),
    ]  # fmt: skip
    lines = {f"check {each.id}": entry_line(node, "checks", each.id) for each in kata.checks}
    return KataReading(None if node.problems or in_suite else kata, tuple(problems), lines, node)


def check_written(kata: Kata) -> Iterator[Problem]:
    """What `interview new kata` left to its author."""
    folder = kata.folder
    written = (path for path in sorted(folder.iterdir()) if path.suffix in KINDS)
    yield from check_marks((*written, *kata.accepted, *kata.wrong_files))


def check_marks(files: Iterable[Path]) -> Iterator[Problem]:
    for path, text in readable(files):
        for line, what in unwritten(text):
            yield Problem(path, line, f"still to be written: {what}", f"还没写：{what}")


def check_prompt(kata: Kata) -> Iterator[Problem]:
    for found in differences(kata.prompt.en, kata.prompt.zh):
        en, zh = (said.replace("`en`", "prompt.en.md").replace("`zh`", "prompt.zh.md") for said in (found.en, found.zh))
        yield Problem(kata.folder / "prompt.zh.md", 1, f"{en}; both carry the same ones", f"{zh}；两份要一致")


def check_links(kata: Kata, node: Node, cards: frozenset[str]) -> Iterator[Problem]:
    yaml = kata.folder / "kata.yaml"
    ids = [check.id for check in kata.checks]
    if kata.hints and len(kata.hints) != 3:
        yield Problem(
            yaml,
            entry_line(node, "hints"),
            "write three hints: the idea, its shape, almost there",
            "请写三条提示：思路、大致形状、只差一步",
        )
    for number, check in enumerate(kata.checks):
        line = entry_line(node, "checks", check.id)
        for card in check.cards:
            if card not in cards:
                near = hint(card, cards)
                yield Problem(
                    yaml,
                    line,
                    f"`{check.id}`: there is no card `{card}`{near.en}",
                    f"`{check.id}`：没有卡片 `{card}`{near.zh}",
                )
        if check.after is not None and check.after not in ids[:number]:
            yield Problem(
                yaml,
                line,
                f"`{check.id}`: `after_check` names `{check.after}`, which is no check before this one",
                f"`{check.id}`：`after_check` 写的 `{check.after}` 不是排在它前面的检查",
            )
    for mistake in kata.mistakes:
        line = entry_line(node, "mistakes", mistake.id)
        for name in mistake.caught_by:
            if name not in ids:
                near = hint(name, set(ids))
                yield Problem(
                    yaml,
                    line,
                    f"`{mistake.id}`: there is no check `{name}`{near.en}",
                    f"`{mistake.id}`：没有检查 `{name}`{near.zh}",
                )
        holes = {lang: set(placeholders(text)) for lang, text in (("en", mistake.text.en), ("zh", mistake.text.zh))}
        if holes["en"] != holes["zh"]:
            yield Problem(
                yaml,
                line,
                f"`{mistake.id}`: the placeholders differ between the languages",
                f"`{mistake.id}`：两种语言的占位符不一致",
            )


def check_submissions(kata: Kata, node: Node) -> Iterator[Problem]:
    yaml = kata.folder / "kata.yaml"
    ids, files = {mistake.id for mistake in kata.mistakes}, {mistake_of(path): path for path in kata.wrong_files}
    edited = {mistake.id for mistake in kata.mistakes if mistake.variants}
    for name in sorted(own_mistakes(node) - set(files) - edited):
        file = f"submissions/wrong_answer/{name}.py"
        yield Problem(
            yaml,
            entry_line(node, "mistakes", name),
            f"no wrong answer makes the mistake `{name}`; write an edit of the reference (`old:`, `new:`), or {file}",
            f"没有错误解答犯错误 `{name}`；请写成对参考解答的修改（`old:`、`new:`），或写 {file}",
        )
    for name in sorted(set(files) - ids):
        near = hint(name, ids)
        yield Problem(
            files[name],
            1,
            f"`{name}` is not under `mistakes` of kata.yaml{near.en}; write its sentence",
            f"kata.yaml 的 `mistakes` 里没有 `{name}`{near.zh}；请写上它的说明",
        )
    if kata.reference not in kata.accepted:
        missing = "submissions/accepted/reference.py"
        yield Problem(yaml, 1, f"{missing} is missing; write the reference", f"缺少 {missing}；请写参考解答")
    for path in (kata.folder / "stub.py", *kata.accepted, *kata.wrong_files):
        yield from check_source(path, kata.provides)
    yield from (each for each in mutants(kata) if isinstance(each, Problem))
    yield from idle_equivalents(kata)


def check_styles(kata: Kata, node: Node) -> Iterator[Problem]:
    """One entry for each accepted answer, once there are any."""
    yaml = kata.folder / "kata.yaml"
    answers = {path.name for path in kata.accepted}
    lines: dict[str, int] = {}
    for style in kata.styles:
        said = printable_line(style.file, 60)
        if style.file not in answers:
            near = hint(style.file, answers)
            yield Problem(
                yaml,
                style.line,
                f"there is no submissions/accepted/{said}{near.en}",
                f"没有 submissions/accepted/{said}{near.zh}",
            )
        elif style.file in lines:
            first = lines[style.file]
            yield Problem(
                yaml,
                style.line,
                f"{said} has a style already (line {first}); write one entry for each file",
                f"{said} 的写法已经有了（第 {first} 行）；每个文件只写一条",
            )
        lines.setdefault(style.file, style.line)
    for missing in sorted(answers - set(lines)) if kata.styles else ():
        yield Problem(
            yaml,
            entry_line(node, "styles"),
            f"submissions/accepted/{missing} has no entry under `styles`; write it",
            f"submissions/accepted/{missing} 在 `styles` 里还没有；请补上",
        )


def check_source(path: Path, provides: tuple[str, ...]) -> Iterator[Problem]:
    tree = tree_of(path)
    if isinstance(tree, list):
        yield from tree
        return
    if path.name == "stub.py":
        made = {getattr(each, "name", None) for each in tree.body}
        for name in provides:
            if name not in made:
                yield Problem(
                    path,
                    1,
                    f"`{name}` is under `provides` and not defined here; hand out its signature",
                    f"`provides` 里有 `{name}`，这里却没有定义；请给出它的签名",
                )
