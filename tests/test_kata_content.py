from __future__ import annotations

from pathlib import Path

import pytest
from decks import KATA, write_kata

from interview.content.deck import Text
from interview.content.kata import Check, KataMistake, Limits
from interview.content.kata_file import load_kata
from interview.errors import ContentError

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
