from __future__ import annotations

from pathlib import Path

import pytest
from decks import KATA, write_kata

from interview.content.katas.kata import Check, KataMistake, Limits
from interview.content.katas.kata_file import load_kata
from interview.errors import ContentError
from interview.text import Text

YAML = KATA["kata.yaml"]


def test_a_folder_is_one_value(tmp_path: Path) -> None:
    """kata.yaml, both statements and the stub; the files of its submissions are found."""
    kata = load_kata(write_kata(tmp_path))
    assert (kata.id, kata.level, kata.minutes, kata.limits) == ("double", 1, 3, Limits(10.0, 1024))
    assert kata.prompt == Text("Write `double(x)`.\n", "实现 `double(x)`。\n")
    rule = Text("It is twice the input.", "结果是输入的两倍。")
    assert kata.checks == (Check("doubles", Text("value", "数值"), rule, None, ()),)
    text = Text("You squared it and got {made:.0f}.", "你求了平方，得到 {made:.0f}。")
    assert kata.mistakes == (KataMistake("squared", ("doubles",), text),)
    assert [path.name for path in (*kata.accepted, *kata.wrong_files)] == ["reference.py", "squared.py"]
    assert "NotImplementedError" in kata.stub


@pytest.mark.parametrize(
    ("changed", "file", "said"),
    [
        ({"kata_yaml": YAML.replace("minutes", "minuets")}, "kata.yaml:4", "did you mean `minutes`?"),
        ({"kata_yaml": YAML.replace("kata: double", "kata: triple")}, "kata.yaml:1", "name the folder triple"),
        ({"kata_yaml": YAML.replace("id: doubles", "id: doubles-it")}, "kata.yaml", "not a Python name"),
        ({"kata_yaml": YAML.replace("memory_mib: 1024", "memory_mib: 1")}, "kata.yaml:5", "from 64 to 65536"),
        ({"kata_yaml": YAML.replace("seconds: 10", "seconds: 0")}, "kata.yaml:5", "more than 0"),
        ({"kata_yaml": YAML.replace("provides: [double]", "provides: []")}, "kata.yaml:6", "at least one"),
        ({"kata_yaml": YAML.replace("caught_by: [doubles]", "caught_by: doubles")}, "kata.yaml", "a list belongs"),
        ({"kata_yaml": YAML.replace("{made:.0f}", "{made:>999999999}")}, "kata.yaml", "not filled"),
        ({"kata_yaml": YAML.replace("{made:.0f}", "{made.__class__}")}, "kata.yaml", "not filled"),
        ({"kata_yaml": YAML.replace("{made:.0f}", "{0!r:{1}}")}, "kata.yaml", "not filled"),
        ({"prompt_en_md": "so long " * 10_000}, "prompt.en.md:1", "longer than 20000 characters"),
        ({"prompt_zh_md": ""}, "prompt.zh.md:1", "cannot be read"),
        ({"prompt_en_md": "\n"}, "prompt.en.md:1", "empty"),
        ({"stub_py": "\x00"}, "stub.py:1", "control character"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_file(
    tmp_path: Path, changed: dict[str, str], file: str, said: str
) -> None:
    """Structure, statements and stub: one ContentError with file and line."""
    with pytest.raises(ContentError) as raised:
        load_kata(write_kata(tmp_path, **changed))
    assert file in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize("text", ["[]", "x", "kata: [a]", "checks: 1\nmistakes: {a: 1}", "checks: [1, [], {}]"])
def test_what_is_no_kata_is_told_so(tmp_path: Path, text: str) -> None:
    """Wrong shapes are complaints, never another exception."""
    with pytest.raises(ContentError):
        load_kata(write_kata(tmp_path, kata_yaml=text))


FAMILY = """\
kata: {name}
title: {{en: A, zh: A}}
level: 1
minutes: 3
provides: [f]
hints: [{{en: a, zh: a}}]
{more}
"""


def written(folder: Path, name: str, more: str) -> Path:
    kata = folder / "katas" / name
    kata.mkdir(parents=True)
    (kata / "kata.yaml").write_text(FAMILY.format(name=name, more=more), encoding="utf-8")
    for file in ("prompt.en.md", "prompt.zh.md", "stub.py"):
        (kata / file).write_text("x = 1\n", encoding="utf-8")
    return kata


def test_a_family_fills_what_a_kata_leaves_out(tmp_path: Path) -> None:
    """A check that is only named has its title, rule and cards from the family, with the unit's nouns; what a kata
    writes goes before, key by key; mistakes come along where a check of the kata may find them."""
    more = "family: dropout_family\nunit: channel\nchecks: [from_scratch, {id: rate, zh: 自己写的}]"
    kata = load_kata(written(tmp_path, "a", more))
    scratch, rate = kata.checks
    assert (rate.rule, rate.title.en) == (Text("The share of dropped maps is p.", "自己写的"), "rate")
    assert rate.after is None  # the family's is no check of this kata
    assert scratch.cards
    mistakes = {each.id: each for each in kata.mistakes}
    assert set(mistakes) == {"ready_made", "keeps_with_p", "normal_draws"}
    own = f"{more}\nmistakes: [{{id: keeps_with_p, en: Mine., zh: 我的。}}]"
    (again,) = (each for each in load_kata(written(tmp_path, "b", own)).mistakes if each.id == "keeps_with_p")
    assert (again.text, again.caught_by) == (Text("Mine.", "我的。"), ("rate",))


def test_a_suite_is_lent_by_the_kata_beside(tmp_path: Path) -> None:
    """`suite` brings the other's checks, sentences and hidden.py; only the sentences may be written anew."""
    lender = written(tmp_path, "a", "family: dropout_family\nunit: element\nchecks: [from_scratch, rate]")
    kata = load_kata(written(tmp_path, "b", "suite: a\nmistakes: [{id: ready_made, en: Mine., zh: 我的。}]"))
    assert kata.checks == load_kata(lender).checks
    assert kata.hidden == lender / "hidden.py"
    assert {each.id: each.text.en for each in kata.mistakes}["ready_made"] == "Mine."
    assert {each.id for each in kata.mistakes} == {each.id for each in load_kata(lender).mistakes}


def test_a_suite_brings_no_edits_of_other_answers(tmp_path: Path) -> None:
    """How a mistake is made of a right answer belongs to the kata that has the answer; its sentence is lent."""
    edited = "mistakes: [{id: own_fault, caught_by: [rate], old: a, new: b, en: Own., zh: 自己的。}]"
    more = f"family: dropout_family\nunit: element\nchecks: [from_scratch, rate]\n{edited}"
    assert load_kata(written(tmp_path, "a", more)).wrong_answers == 1
    assert load_kata(written(tmp_path, "b", "suite: a")).wrong_answers == 0
    kata = load_kata(written(tmp_path, "c", "suite: a\nmistakes: [{id: own_fault, old: c, new: d}]"))
    assert kata.wrong_answers == 1
    assert {each.id: each.text.zh for each in kata.mistakes}["own_fault"] == "自己的。"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("family: dropuot_family\nunit: element\nchecks: [rate]", "there is no family `dropuot_family`; did you mean"),
        ("family: ../generic\nunit: element\nchecks: [rate]", "there is no family `../generic`"),
        ("family: dropout_family\nunit: elment\nchecks: [rate]", "there is no unit `elment`"),
        ("family: dropout_family\nchecks: [rate]", "`unit` is missing"),
        ("family: dropout_family\nunit: element\nchecks: [rates]", "has no check `rates`; did you mean `rate`?"),
        ("unit: element\nchecks: [rate]", "`unit` belongs to a `family`"),
        ("checks: [rate]", "write its keys"),
        ("suite: gone", "`suite`: gone is no sound kata beside this one"),
        ("suite: ../k", "an id is made of"),
        ("suite: [a]", "`suite` is a list"),
        ("family: [a]\nchecks: [rate]", "`family` is a list"),
    ],
)
def test_what_is_taken_over_and_is_not_there_is_told(tmp_path: Path, more: str, said: str) -> None:
    """A family, a unit, a check or a suite that does not exist: a sentence with file and line."""
    with pytest.raises(ContentError) as raised:
        load_kata(written(tmp_path, "k", more))
    assert said in str(raised.value)
    assert "kata.yaml:" in str(raised.value)


def test_a_lent_suite_is_not_lent_on(tmp_path: Path) -> None:
    """Nor does a kata that borrows one bring checks of its own."""
    written(tmp_path, "a", "family: dropout_family\nunit: element\nchecks: [rate]")
    written(tmp_path, "b", "suite: a")
    for name, more, said in (
        ("c", "suite: b", "b has no suite of its own"),
        ("d", "suite: a\nchecks: [rate]", "leave it out"),
    ):
        with pytest.raises(ContentError, match=said):
            load_kata(written(tmp_path, name, more))
