from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from decks import CHOICE, EVERY_KIND, KATA, NUMERIC, OPEN, PREDICT, SPOT, line_of, write_deck, write_kata
from judging import grading
from screens import INTERVIEW
from users import below

from interview.cli.main import main
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.content.reading.problem import Problem
from interview.grading.client import Grader
from interview.grading.verdict import Verdict
from interview.proof.decks.bilingual import differences
from interview.proof.decks.prove import prove_claims
from interview.proof.decks.run import run_all
from interview.proof.decks.snippets import Snippet
from interview.proof.katas.prove import Judge, Row, prove_katas
from interview.proof.lint import Reading, lock, read
from interview.proof.scope import scope_of
from interview.text import Text

NOTHING = Text("", "")


def reading(path: Path) -> Reading:
    return read(scope_of(path, ()))


def texts(path: Path) -> list[str]:
    problems = reading(path).problems
    assert [each for each in problems if not re.search(r"[\u4e00-\u9fff]", each.zh)] == []
    return [f"{each.path.name}:{each.line}: {each.text}" for each in problems]


def proved(path: Path) -> list[Problem]:
    found = reading(path)
    assert not found.problems
    problems = prove_claims(found.decks, found.lines, lambda done, of: None)
    assert [each for each in problems if not re.search(r"[\u4e00-\u9fff]", each.zh)] == []
    return problems


def test_a_sound_pack_has_no_problem(tmp_path: Path) -> None:
    """Every kind of card and a kata, read and nothing to say."""
    write_deck(tmp_path, EVERY_KIND)
    write_kata(tmp_path)
    assert texts(tmp_path) == []


@pytest.mark.parametrize(
    ("cards", "old", "new", "said"),
    [
        (CHOICE, "  refs: [someone2000]\n", "", "no reference"),
        (CHOICE, "someone2000", "someone2001", "`someone2001` is not in references.yaml (did you mean `someone2000`?)"),
        (CHOICE, "mistake: peak", "mistake: peek", "the mistake `peek` is not under `mistakes`"),
        (CHOICE, "right: true, ", "", "0 choices are `right: true`"),
        (CHOICE, "id: half,", "id: half, right: true,", "2 choices are `right: true`"),
        (CHOICE, 'right: true, en: "It grows', 'en: "It grows', "0 choices"),
        (CHOICE, 'It grows.", zh', 'It grows 2 times.", zh', "the number 2 stands in `en` only"),
        (CHOICE, "How strong at `p`?", "How strong at `q`?", "the code `p` stands in `zh` only"),
        (CHOICE, "A peak.", "A peak, $p^2$.", "the formula $p^2$ stands in `en` only"),
        (NUMERIC, "within: {abs: 0.001}", "within: {abs: 0.1}", "within twice the tolerance"),
        (NUMERIC, "x is {{x}}", "x is", "the value {{x}} stands in `zh` only"),
        (NUMERIC, "mistake: vanilla}]", "mistake: vanila}]", "did you mean `vanilla`?"),
        (PREDICT, "print(torch", "print((torch", "code is not Python"),
        (SPOT, "return x + x", "return x * x", "`fix` is the same as `code`"),
        (OPEN, "  kata: double\n", "  kata: dubble\n", "there is no kata `dubble`"),
        (OPEN, "- strongest", "- strangest", "`mine/strangest` is no card"),
    ],
)
def test_what_reading_can_tell_is_told(tmp_path: Path, cards: str, old: str, new: str, said: str) -> None:
    """References, follow-ups, katas, mistakes, right choices, languages, near misses, syntax."""
    assert old in cards
    rest = CHOICE if cards is OPEN else ""
    write_deck(tmp_path, cards.replace(old, new, 1) + rest)
    write_kata(tmp_path)
    found = texts(tmp_path)
    assert any(said in each for each in found), found


def test_a_near_miss_tells_one_mistake(tmp_path: Path) -> None:
    """Two near misses that meet for a draw would tell the one mistake as the other; the draw is named."""
    met = NUMERIC.replace("mistake: vanilla}]", "mistake: vanilla}, {expr: 0.16*x**2, mistake: fixed}]")
    met = met.replace('zh: "没缩放。"}]', 'zh: "没缩放。"}, {id: fixed, en: Fixed., zh: 固定。}]')
    write_deck(tmp_path, met)
    assert "the near misses `vanilla` and `fixed` are both 1.44 at p = 0.2, x = 3" in texts(tmp_path)[0]
    write_deck(tmp_path, met.replace("0.16*x", "0.17*x"))
    assert texts(tmp_path) == []


def test_many_needs_one_right_choice_at_least(tmp_path: Path) -> None:
    """Several may be right with `many: true`, none may not."""
    several = CHOICE.replace("  choices:", "  many: true\n  choices:").replace("id: half,", "id: half, right: true,")
    write_deck(tmp_path, several)
    assert texts(tmp_path) == []
    write_deck(tmp_path, several.replace("right: true, ", ""))
    assert "no choice is `right: true`" in texts(tmp_path)[0]


def test_one_run_tells_all(tmp_path: Path) -> None:
    """Three files with faults, three complaints at their lines; a broken one hides no other."""
    broken = write_deck(tmp_path, CHOICE.replace("level: 3", "level: 9"), name="one")
    write_deck(tmp_path, OPEN, name="two")
    (tmp_path / "questions" / "three.yaml").write_bytes(b"a: \xff")
    found = texts(tmp_path)
    assert f"one.yaml:{line_of(broken, 'level: 9')}: `level` is `9`; it is a whole number from 1 to 5" in found
    assert any(each.startswith("two.yaml") and "no kata" in each for each in found)
    assert any(each.startswith("three.yaml:1:") and "not UTF-8" in each for each in found)


def test_a_card_that_is_broken_may_be_pointed_at(tmp_path: Path) -> None:
    """Who links to it has no fault of his own."""
    write_deck(tmp_path, CHOICE.replace("level: 3", "level: 9") + OPEN.replace("  kata: double\n", ""))
    assert len(texts(tmp_path)) == 1


@pytest.mark.parametrize(
    ("en", "zh", "different"),
    [
        ("1,024 units, 50% of `x # a`", "1024 个单元，`x # a` 的 50 %", 0),
        ("$p / 2$ and 3", "3 与 $p/2$", 0),
        (r"$x_{\text{keep}}$", r"$x_{\text{保留}}$", 0),
        ("```python\na = 1  # one\n```", "```python\na = 1  # 一\n```", 0),
        ("100,000", "10万", 2),
        ("0.5", ".5", 2),
        ("`a`", "`b`", 2),
        ("twice", "2 倍", 1),
    ],
)
def test_the_languages_carry_the_same(en: str, zh: str, different: int) -> None:
    """Numbers, code and formulas are compared as sets; spacing, comments and words are each language's own."""
    assert len(list(differences(en, zh))) == different


# -- what runs


def test_every_false_claim_is_told(tmp_path: Path) -> None:
    """Printed output, bug and fix, the proof at every draw: all kinds in one run, and nothing of the sound deck beside
    them, which has every kind of card."""
    drawn = PREDICT.replace(".numel()", "[0].item()").replace('prints: "3"', 'prints: "0.49625658988952637"')
    false = {
        "the code prints `3`, not `4`": PREDICT.replace('prints: "3"', 'prints: "4"'),
        "depends on drawn numbers": drawn.replace("id: printed", "id: drawn"),
        "the code fails: NameError: name 'foo' is not defined (line 3 of it)": PREDICT.replace(
            "print(torch.rand(3).numel())", "foo()"
        ).replace("id: printed", "id: fails"),
        "`shows` does not fail on `code` at all": SPOT.replace("double(3) == 6", "double(2) == 4"),
        "`shows` fails on `fix`: AssertionError": SPOT.replace("double(3) == 6", "double(3) == 7").replace(
            "id: spot", "id: unmended"
        ),
        "the card says 1; one of them is wrong": NUMERIC.replace("print(x**2 * p / (1 - p))", "print(x)"),
        "it must print 1 number(s)": NUMERIC.replace("print(x**2 * p / (1 - p))", "print('x')").replace(
            "id: variance", "id: silent"
        ),
    }
    write_deck(tmp_path, EVERY_KIND, name="sound")
    path = write_deck(tmp_path, "".join(false.values()))
    problems = proved(tmp_path)
    assert {each.path for each in problems} == {path}
    found = [each.text for each in problems]
    for said in false:
        assert any(said in each for each in found), (said, found)
    assert len(found) == len(false)


def test_a_snippet_cannot_hold_up_the_others() -> None:
    """A loop, a sleep, a flood, too much memory, processes, files, an early end: each an outcome within its limit."""
    codes = {
        "while True: pass": "did not end within 1 s",
        "while True: print('x' * 1000)": "printed more than 64 KiB",
        "import time; time.sleep(3600)": "did not end within 1 s",
        "import signal; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]\nwhile True: pass": "did not end",
        "10 ** 10 ** 10": "did not end within 1 s",
        "x = bytearray(64 << 30)": "MemoryError",
        "import os\nwhile True: os.fork()": "PermissionError",
        "import subprocess; subprocess.Popen(['sleep', '3600'], start_new_session=True)": "PermissionError",
        "import sys; sys.stdin.read(); print(open('/tmp/made', 'w'))": "PermissionError",
        "import os\nfor n in range(3, 64):\n    try: os.write(n, b'{}')\n    except OSError: pass\nos._exit(0)": "",
        "def f(): f()\nf()": "RecursionError",
        "print(open('/etc/passwd').read())": "PermissionError",
        "import socket; socket.socket()": "PermissionError",
        "import os; print(os.environ['PATH'])": "KeyError",
        "import os; os.kill(os.getppid(), 0)": "PermissionError",
        "import os; os.kill(os.getpid(), 9)": "its process ended on the way",
        "import sys; sys.exit(3)": "it exits with 3",
        "raise ValueError('\\x1b[31m')": "ValueError",
        "import sys, warnings; warnings.warn('no'); print(2, file=sys.stderr); print(1)": None,
    }
    outcomes = run_all([[Snippet(code, seconds=1.0)] for code in codes], lambda: None, jobs=2, patience=99)
    for (code, said), (outcome,) in zip(codes.items(), outcomes, strict=True):
        assert outcome.error is None if said is None else said in (outcome.error or NOTHING).en, (code, outcome)
    assert outcome.printed == "1\n"


def test_what_does_not_end_is_not_tried_again_and_again() -> None:
    """One that is stopped stands for its group; after five such groups no other is begun."""
    loop, sound = Snippet("while True: pass", seconds=0.2), Snippet("print(1)")
    first, second = run_all([[loop] * 200, [sound, sound]], lambda: None, jobs=1)
    assert {each.error for each in first} == {Text("it did not end within 0.2 s", "0.2 秒内没有结束")}
    assert len(first) == 200
    assert [each.printed for each in second] == ["1\n", "1\n"]
    *loops, last = run_all([*[[loop]] * 200, [sound]], lambda: None, jobs=1)
    assert all(each.stopped for (each,) in loops)
    assert "not run, after 5 that did not end" in (last[0].error or NOTHING).en


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_end_of_lint_ends_all_it_runs(tmp_path: Path, end: signal.Signals) -> None:
    """Ctrl-C, a kill, a kill by force, while code sleeps for an hour: nothing of it is left, at once."""
    sleepy = SPOT.replace("return x * x", "import time; time.sleep(3600)")
    path = write_deck(tmp_path, sleepy)
    lint = subprocess.Popen([INTERVIEW, "lint", path, "--trust"], stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 60
    while len(below(lint.pid)) < 2 and time.monotonic() < limit:  # each child, and what it runs
        time.sleep(0.05)
    left = below(lint.pid)
    assert len(left) >= 2
    lint.send_signal(end)
    assert lint.wait(20) == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(end, -end)
    limit = time.monotonic() + 10
    while any(map(lives, left)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not [pid for pid in left if lives(pid)]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_torch_is_started_where_a_snippet_names_it() -> None:
    """Its import takes longer than all the snippets of a deck without it, whose dice are as fixed, and as shifted."""
    look = "import sys, random; print('_C'.join(('tor' + 'ch.', '')) in sys.modules, random.random())"
    dice = "import random; random.seed(3); print(random.random())"
    runs = [
        [Snippet(code, seed=seed, shift=shift) for seed, shift in ((1, 0), (1, 0), (2, 7))] for code in (look, dice)
    ]
    looked, drawn = run_all(runs, lambda: None)
    assert {each.printed.split()[0] for each in looked} == {"False"}
    for same, again, other in (looked, drawn):
        assert (same.error, same.printed) == (None, again.printed)
        assert other.printed != same.printed


def test_snippets_share_nothing() -> None:
    """Each runs in a process of its own."""
    both = [Snippet("import json; json.x = 1"), Snippet("import json; print(hasattr(json, 'x'))")]
    ((first, second),) = run_all([both], lambda: None, jobs=1)
    assert first.error is None
    assert second.printed == "False\n"


# -- ids.lock


def locked(tmp_path: Path, cards: str) -> Path:
    path = write_deck(tmp_path, cards)
    lock(scope_of(tmp_path, ()), reading(tmp_path).decks)
    return path


def test_a_locked_deck_is_sound_and_its_wording_is_free(tmp_path: Path) -> None:
    """The lock remembers right answers, not sentences."""
    locked(tmp_path, EVERY_KIND)
    assert texts(tmp_path) == []
    write_deck(tmp_path, EVERY_KIND.replace("It grows.", "It rises."))
    assert texts(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (CHOICE, "", "the card `mine/strongest` is gone"),
        ("id: strongest", "id: strong", "the card `mine/strongest` is gone"),
        ("holds: false", "holds: true", "the right answer changed; write `rev: 2`"),
        ("lines: [2]", "lines: [1]", "the right answer changed"),
        ('prints: "3"', 'prints: "4"', "the right answer changed"),
        ("expr: x**2 * p/(1-p)", "expr: x**2 / (1-p)", "the right answer changed"),
        ("id: half,", "id: half, right: true,", "the right answer changed"),
        ("id: ridge", "id: rigid", "not in ids.lock yet"),
    ],
)
def test_the_lock_remembers(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A removed id, a changed right answer without a higher rev, a card not yet locked."""
    cards = EVERY_KIND.replace("    - strongest\n", "")
    locked(tmp_path, cards)
    write_deck(tmp_path, cards.replace(old, new))
    assert any(said in each for each in texts(tmp_path)), texts(tmp_path)


def test_locking_hides_no_fault(tmp_path: Path) -> None:
    """`--lock` adds cards and higher revs; what vanished or changed unseen stays a problem."""
    locked(tmp_path, EVERY_KIND)
    changed = EVERY_KIND.replace("holds: false", "holds: true")
    locked(tmp_path, changed)
    assert any("the right answer changed" in each for each in texts(tmp_path))
    locked(tmp_path, changed.replace("id: ridge\n  rev: 1", "id: ridge\n  rev: 2"))
    assert texts(tmp_path) == []


def test_a_broken_card_is_not_gone(tmp_path: Path) -> None:
    """It is told once, for what is wrong with it."""
    locked(tmp_path, EVERY_KIND)
    write_deck(tmp_path, EVERY_KIND.replace("holds: false", "holds: maybe"))
    assert len(texts(tmp_path)) == 1


# -- katas, by reading


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("hidden.py", "test_doubles", "test_doubling", "the check `doubles` has no `test_doubles` in hidden.py"),
        ("hidden.py", '"""Exactly twice."""', "pass", "has no docstring"),
        ("hidden.py", 'Mistake("squared"', 'Mistake("square"', "the mistake `square` is not in kata.yaml"),
        ("hidden.py", ", made=made", "", "nothing fills {made}"),
        ("hidden.py", ", made=made", ', made=made, got="far too much"', "`far too much` is said in English only"),
        ("hidden.py", "import Mistake, expect", "import Mistake, expect; import interview.log.store", "is not public"),
        ("hidden.py", "checks.expect import", "suite import Bar,", "`interview.grading.suite.Mistake` is not public"),
        (
            "hidden.py",
            "import Mistake, expect",
            "import Mistake, expect, rows",
            "`interview.grading.checks.expect.rows`",
        ),
        (
            "hidden.py",
            "import Mistake, expect",
            "import Mistake, expect; import interview",
            "`interview` is not public",
        ),
        ("hidden.py", "made = solution", "solution._shown(); made = solution", "`_shown` is private"),
        ("hidden.py", "made = solution.d", "made = solution._d", "`_double` is private"),
        ("hidden.py", "def test", "def def test", "not Python"),
        ("kata.yaml", "caught_by: [doubles]", "caught_by: [double]", "there is no check `double`"),
        ("kata.yaml", "得到 {made:.0f}", "得到 {got:.0f}", "the placeholders differ"),
        (
            "kata.yaml",
            "- id: squared",
            "- id: cubed",
            "no wrong answer makes the mistake `cubed`; write an edit",
        ),
        ("kata.yaml", "- id: squared", "- id: cubed", "`squared` is not under `mistakes`"),
        ("kata.yaml", "en: It is", "cards: [mine/none]\n            en: It is", "no card `mine/none`"),
        ("kata.yaml", "en: It is", "after_check: x\n            en: It is", "`after_check` names `x`"),
        ("kata.yaml", '          - {en: "Add it.", zh: "加它。"}\n', "", "three hints"),
        ("stub.py", "def double", "def triple", "`double` is under `provides` and not defined here"),
        ("prompt.zh.md", "`double(x)`", "`double(y)`", "the code `double(x)` stands in prompt.en.md only"),
        ("submissions/accepted/reference.py", "def double", "def def", "not Python"),
    ],
)
def test_a_kata_s_texts_agree(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    """kata.yaml, hidden.py by its syntax tree, the statements and the submissions know the same names."""
    assert old in KATA[file]
    key = file.split("/")[-1].replace(".", "_")
    write_kata(tmp_path, **{key: KATA[file].replace(old, new)})
    assert any(said in each for each in texts(tmp_path)), texts(tmp_path)


STYLED = """
        styles:
          - file: reference.py
            title: {en: twice, zh: 两倍}
            en: One addition, `x + x`.
            zh: 一次加法，`x + x`。
            cost: {en: 1 pass, zh: 1 遍}
"""


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("reference.py", "refrence.py", "- file", "there is no submissions/accepted/refrence.py"),
        ("reference.py", "refrence.py", "styles:", "submissions/accepted/reference.py has no entry"),
        ("reference.py", "../../secret", "- file", "there is no submissions/accepted/../../secret"),
        ("  - file", "  - {file: reference.py, title: {en: a, zh: 甲}, en: b, zh: 乙}\n          - file",
         "- file", "reference.py has a style already"),
        ("`x + x`。", "`2 * x`。", "- file", "the code `x + x` stands in `en` only"),
        ("1 遍", "2 遍", "cost", "the number 1 stands in `en` only"),
        ("title: {en: twice, zh: 两倍}", "title: {en: twice}", "title", "`zh` is missing"),
        ("cost:", "costs:", "costs", "did you mean `cost`?"),
        ("            title: {en: twice, zh: 两倍}\n", "", "- file", "`title` is missing"),
    ],
)  # fmt: skip
def test_the_styles_are_those_of_the_accepted_answers(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    """One entry for each file and none for another, both languages alike; each complaint has its own line."""
    yaml = dedent(KATA["kata.yaml"]).rstrip() + dedent(STYLED)
    sound = write_kata(tmp_path / "sound", kata_yaml=yaml)
    assert [said for said in texts(tmp_path / "sound") if "style" in said] == []
    assert load_kata(sound).styles[0].title.zh == "两倍"
    changed = dedent(KATA["kata.yaml"]).rstrip() + dedent(STYLED.replace(old, new))
    kata = write_kata(tmp_path / "other", kata_yaml=changed)
    told = [each for each in texts(tmp_path / "other") if said in each]
    assert told, texts(tmp_path / "other")
    lines = (kata / "kata.yaml").read_text("utf-8").splitlines()
    places = [number for number, line in enumerate(lines, 1) if line.strip().startswith(at)]
    assert any(f"kata.yaml:{number}:" in told[0] for number in places), told


EDIT = "caught_by: [doubles]\n            "


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("old: x + y\n            new: x", "`x + y` is not in reference.py; `old` is copied from there"),
        ("old: x\n            new: y", "`x` stands 3 times in reference.py; add to `old` what is beside it"),
        ("old: x + x\n            new: x +", "with the edit it is no Python: "),
        ("old: x + x\n            new: (x + x)", "with the edit it is the same as the right answer reference.py"),
        ("old: x + x\n            new: x * x\n            base: other.py", "there is no accepted answer other.py"),
        ("old: x + x", "`new` is missing"),
        ("new: x * x", "`edits` is missing"),
        ("edits: []", "`edits` is empty"),
        ("edits: [{old: x + x, new: x - x}, {old: + x, new: '- x'}]", "touch the same place of reference.py"),
        ("edits: [{old: x + x, new: x - x, nwe: x}]", "did you mean `new`?"),
        ("edits: [{old: x + x, new: x - x}]\n            old: x", "`old` and `edits` beside each other"),
        ("variants: [{old: x + x, new: x - x}, {old: x + x, new: (x - x)}]", "it is the same as `squared`"),
        ("variants: [{old: '', new: x}]", "`old` is empty"),
    ],
)
def test_an_edit_that_makes_nothing_is_told_with_its_line(tmp_path: Path, edit: str, said: str) -> None:
    """Found nowhere or twice, no Python, nothing changed, another's place, another's text: kata.yaml and the line."""
    yaml = KATA["kata.yaml"].replace("caught_by: [doubles]\n    ", f"{EDIT}{edit}\n    ")
    kata = write_kata(tmp_path, kata_yaml=yaml, squared_py="")
    told = [each for each in texts(tmp_path) if said in each]
    assert told, texts(tmp_path)
    line = line_of(kata / "kata.yaml", "- id: squared")
    assert any(f"kata.yaml:{n}:" in told[0] for n in range(line, line + 5)), told


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("from interview.grading.checks.worker_side import standing\n", None),
        ("from interview.grading.checks import worker_side\n", None),
        ("import interview.grading.checks.worker_side\n", None),
        ("import torch\n", None),
        (
            "\nfrom interview.grading.solution.remote import Solution\n",
            ":2: `interview.grading.solution.remote.Solution` is not public",
        ),
        ("def f():\n    import interview.log.store\n", ":2: `interview.log.store` is not public"),
        ("from interview.grading.checks.worker_side import torch\n", "`interview.grading.checks.worker_side.torch`"),
        ("import torch\nx = torch.nn.Linear(1, 1)._forward_hooks\n", None),
        ("def def f\n", ":1: not Python"),
    ],
)
def test_a_file_beside_the_suite_is_read_too(source: str, said: str | None, tmp_path: Path) -> None:
    """What runs beside the submission imports of ours the library's public names, as the suite does."""
    folder = write_kata(tmp_path)
    (folder / "many.py").write_text(source)
    found = [each for each in texts(folder) if each.startswith("many.py")]
    assert len(found) == (said is not None), found
    assert said is None or said in found[0]


def test_what_is_a_suites_own_is_not_private(tmp_path: Path) -> None:
    """Attributes of its own objects, dunders, and what named tuples have in public."""
    own = "class Own:\n    def f(self, pair):\n        return self._kept, self.__class__, pair._replace(a=1)\n\n\n"
    folder = write_kata(tmp_path)
    hidden = folder / "hidden.py"
    hidden.write_text(hidden.read_text().replace("def test_doubles", f"{own}def test_doubles"))
    assert texts(folder) == []


def test_an_edit_is_proved_like_a_file(tmp_path: Path, judge: Grader) -> None:
    """A mistake and its variant: both judged, and what is wrong with one is told at its line with the mistake's id."""
    edit = (
        "old: x + x\n            new: x * x\n            variants: [{old: x + x, new: x ** 2}, {old: + x, new: '- x'}]"
    )
    yaml = KATA["kata.yaml"].replace("caught_by: [doubles]\n    ", f"{EDIT}{edit}\n    ")
    kata = write_kata(tmp_path, kata_yaml=yaml, squared_py="")
    problems, row = judged(kata, judge)
    assert (row.caught, row.caught_of) == (2, 3)
    line = line_of(kata / "kata.yaml", "variants:")
    assert [each.split("; seed")[0] for each in problems] == [
        f"kata.yaml:{line}: `squared`: it is told no mistake (failed at `doubles`: it is not twice the input) by the "
        "first check that fails (`doubles`), not its own"
    ]


def test_two_mistakes_that_no_check_tells_apart_are_named(tmp_path: Path, judge: Grader) -> None:
    """Each at its line, with the other's name; a third, whose answers differ, is told all the same."""
    plain = KATA["hidden.py"].replace("Mistake, ", "").replace('raise Mistake("squared", made=made)', "pass")
    yaml = KATA["kata.yaml"].replace("caught_by: [doubles]\n    ", f"{EDIT}old: x + x\n            new: x * x\n    ")
    yaml = yaml.replace(" and got {made:.0f}", "").replace("，得到 {made:.0f}", "").rstrip(" ")
    for name, new in (("powered", "x ** 2"), ("added", "x + x + 1")):
        yaml += (
            f"{' ' * 10}- {{id: {name}, caught_by: [doubles], old: x + x, new: {new}, en: Is {name}., zh: 是它。}}\n"
        )
    kata = write_kata(tmp_path, kata_yaml=yaml, hidden_py=plain, squared_py="")
    problems, row = judged(kata, judge)
    assert (row.caught, row.caught_of) == (1, 3)
    said = [(each.split(": ")[0], each.split(": ", 2)[2][:60]) for each in problems]
    lines = [line_of(kata / "kata.yaml", text) for text in ("old: x + x", "- {id: powered")]
    assert said == [
        (f"kata.yaml:{lines[0]}", "no check tells it from `powered`: they give the same answers"[:60]),
        (f"kata.yaml:{lines[1]}", "no check tells it from `squared`: they give the same answers"[:60]),
    ]


# -- katas, by the judge


TWO_CHECKS = KATA["kata.yaml"].replace(
    "        mistakes:",
    """\
          - id: keeps_calm
            title: {en: "calm", zh: "平静"}
            en: It says nothing.
            zh: 什么也不说。
        mistakes:
          - id: passes
            caught_by: [doubles]
            en: It is right.
            zh: 它是对的。
          - id: elsewhere
            caught_by: [keeps_calm]
            en: It stumbles somewhere else.
            zh: 错在别处。""",
)


@pytest.fixture(scope="module")
def judge() -> Iterator[Grader]:
    """One for all katas of this file: what is tried is what lint says of its verdicts."""
    with grading() as grader:
        yield grader


def judged(path: Path, judge: Judge, *, runs: int = 1, mutants: bool = False) -> tuple[list[str], Row]:
    """What lint says of a kata that is agreed to: by reading it, then by the judge."""
    found = reading(path)
    (proof,) = prove_katas(found.katas, found.kata_lines, lambda: nullcontext(judge), lambda done, of: None,
                           runs=runs, jobs=1, mechanical=mutants)  # fmt: skip
    problems = sorted({*found.problems, *proof.problems})
    assert [each for each in problems if not re.search(r"[\u4e00-\u9fff]", each.zh)] == []
    return [f"{each.path.name}:{each.line}: {each.text}" for each in problems], proof.row


def test_a_kata_is_proved_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A right answer that fails, a wrong one that is caught: code 1, the problem at its file, the line of its table."""
    kata = write_kata(tmp_path)
    other = kata / "submissions" / "accepted" / "other.py"
    other.write_text("def double(x):\n    return 7.0\n")
    assert main(["lint", str(kata), "--trust", "--json", "--runs", "2"]) == 1
    found = json.loads(capsys.readouterr().out)
    first, second = found["problems"]
    (row,) = found["katas"]
    assert first["text"] != second["text"]  # a seed each
    for told in (first, second):
        assert (told["file"], told["line"]) == (str(other), 1)
        assert told["text"].startswith("it must pass and is failed at `doubles`: it is not twice the input; seed ")
    assert {name: row[name] for name in ("kata", "checks", "accepted", "accepted_of", "caught", "caught_of")} == {
        "kata": "double", "checks": 1, "accepted": 1, "accepted_of": 2, "caught": 1, "caught_of": 1
    }  # fmt: skip


def test_a_sound_kata_is_proved(tmp_path: Path, judge: Grader) -> None:
    """The stub fails, the reference passes with several seeds, the wrong answer is caught and told its mistake."""
    problems, row = judged(write_kata(tmp_path), judge, runs=2)
    assert problems == []
    assert (row.kata, row.checks) == ("double", 1)
    assert (row.accepted, row.accepted_of, row.caught, row.caught_of) == (1, 1, 1, 1)


def test_what_the_judge_shows_is_told(tmp_path: Path, judge: Grader) -> None:
    """A stub that passes, a right answer that fails, wrong ones that pass or fail elsewhere, an idle check."""
    hidden = KATA["hidden.py"] + '\n\n        def test_keeps_calm(solution):\n            """Nothing."""\n'
    kata = write_kata(tmp_path, kata_yaml=TWO_CHECKS, hidden_py=hidden, stub_py="def double(x):\n    return 2 * x\n")
    (kata / "submissions" / "accepted" / "other.py").write_text("def double(x):\n    return 7.0\n")
    (kata / "submissions" / "wrong_answer" / "passes.py").write_text("def double(x):\n    return 2 * x\n")
    (kata / "submissions" / "wrong_answer" / "elsewhere.py").write_text("def double(x):\n    return x * x\n")
    problems, row = judged(kata, judge)
    for said in (
        "stub.py:1: the stub must load and fail, and is passed",
        "other.py:1: it must pass and is failed at `doubles`: it is not twice the input; seed ",
        "passes.py:1: it must be caught by doubles and is passed; seed ",
        "elsewhere.py:1: it must fail at `keeps_calm` and fails at doubles; seed ",
        "elsewhere.py:1: it is told `squared` by the first check that fails (`doubles`), not its own; seed ",
        f"kata.yaml:{line_of(kata / 'kata.yaml', '- id: keeps_calm')}: the check `keeps_calm` catches no wrong answer",
    ):
        assert any(each.startswith(said) for each in problems), (said, problems)
    assert (row.accepted, row.accepted_of, row.caught, row.caught_of) == (1, 2, 1, 3)


def test_a_check_that_no_mistake_names_may_catch_one_all_the_same(tmp_path: Path, judge: Grader) -> None:
    """A wrong answer is then judged by all checks, until each of these has shown that it catches something."""
    yaml = (
        TWO_CHECKS[: TWO_CHECKS.index("          - id: passes")] + TWO_CHECKS[TWO_CHECKS.rindex("zh: 错在别处。") :][9:]
    )
    hidden = (
        KATA["hidden.py"]
        + """
        def test_keeps_calm(solution):
            "So it does."
            assert solution.double(3.0) == 6.0
    """
    )
    problems, row = judged(write_kata(tmp_path, kata_yaml=yaml, hidden_py=hidden), judge)
    assert problems == []
    assert row.caught == 1


def test_a_suite_that_breaks_is_told_once(tmp_path: Path, judge: Grader) -> None:
    """Not once for each submission."""
    broken = KATA["hidden.py"].replace("def test_doubles", "1 / 0\n\n\n        def test_doubles")
    kata = write_kata(tmp_path, hidden_py=broken)
    problems, _ = judged(kata, judge)
    assert len(problems) == 1
    assert problems[0].startswith("hidden.py:4: no submission could be judged: broken")


@pytest.mark.parametrize(
    ("truth", "cases", "line", "said"),
    [
        ("x / nothing", "Case(torch.ones(3))", 6, "the truth of `double` raises NameError: name 'nothing' is not"),
        ("2 * x", "", 14, "there is no case in this table, so nothing is asked"),
    ],
)  # fmt: skip
def test_a_suite_that_is_wrong_is_told_at_its_line(
    tmp_path: Path, truth: str, cases: str, line: int, said: str, judge: Grader
) -> None:
    """A truth that raises, a table without cases: once, and no answer is called wrong for it."""
    hidden = f"""
        import torch
        from interview.grading.checks.oracle import Case, Function


        def truth(x):
            return {truth}


        double = Function("double", truth)


        def test_doubles(solution):
            "Twice."
            double.agrees(solution, [{cases}])
    """
    kata = write_kata(tmp_path, hidden_py=dedent(hidden).strip())
    problems, _ = judged(kata, judge)
    assert len([each for each in problems if each.startswith("hidden.py")]) == 1
    assert any(each.startswith(f"hidden.py:{line}: no ") and said in each for each in problems), problems
    assert not [each for each in problems if "must pass" in each]


def endless(folder: Path) -> Path:
    """A kata whose check never ends, and eight wrong answers more."""
    loop = KATA["hidden.py"].replace("expect(", "while True: pass\n            expect(")
    kata = write_kata(folder, hidden_py=loop, kata_yaml=KATA["kata.yaml"].replace("seconds: 10", "seconds: 1"))
    for n in range(8):
        (kata / "submissions" / "wrong_answer" / f"wrong{n}.py").write_text("def double(x):\n    return x\n")
    return kata


def test_a_check_that_never_ends_is_told_once(tmp_path: Path, judge: Grader) -> None:
    """When no right answer comes to its end, nothing else is tried; what reading tells is told."""
    problems, _ = judged(endless(tmp_path), judge)
    (said,) = [each for each in problems if each.startswith("hidden.py")]
    assert said.startswith("hidden.py:1: no right answer could be judged to its end: timeout at `doubles`")
    assert not [each for each in problems if "catches no" in each or "must be caught" in each]


def test_ctrl_c_ends_the_judges(tmp_path: Path) -> None:
    """While a check runs on and on: exit 130, and no process is left."""
    lint = subprocess.Popen([INTERVIEW, "lint", endless(tmp_path), "--trust"], stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 100
    while len(below(lint.pid)) < 6 and time.monotonic() < limit:  # zygotes, nurseries, workers, benches, judges
        time.sleep(0.05)
    left = below(lint.pid)
    assert len(left) >= 6
    lint.send_signal(signal.SIGINT)
    assert lint.wait(20) == 130
    limit = time.monotonic() + 10
    while any(map(lives, left)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not [pid for pid in left if lives(pid)]


def test_mechanical_mutants_are_caught_or_listed(tmp_path: Path, judge: Grader) -> None:
    """`--mutants`: what no check catches is told with both lines; an entry that is caught, or reads like none, too.

    A mutant that passes its rehearsal goes before the judge, but not where it is listed.
    """
    graded: list[str] = []

    class Counting:
        def grade(self, kata: Kata, source: str, **how: Any) -> Verdict:
            graded.append(source)
            return judge.grade(kata, source, **how)

        def rehearse(self, kata: Kata, source: str, *, file: Path, seed: str) -> Verdict | None:
            return judge.rehearse(kata, source, file=file, seed=seed)

        def close(self) -> None:
            judge.close()

    reference = "def double(x):\n    scale = 2\n    return scale * x + 0\n"
    mutant = reference.replace("scale * x + 0", "(scale * x - 0)")
    kata = write_kata(tmp_path, reference_py=reference)
    problems, row = judged(kata, judge)
    assert (problems, row.mutants, row.mutants_of) == ([], 0, 0)
    problems, row = judged(kata, Counting(), mutants=True)
    assert len(problems) == row.mutants_of - row.mutants == graded.count(mutant) == 1
    assert problems[0].startswith(
        "reference.py:3: `return scale * x + 0` may become `return (scale * x - 0)`, and every check "
    )
    listed = "equivalent: [{becomes: return (scale * x - 0), why: zero}, {becomes: scale = 3, why: none}, "
    (kata / "kata.yaml").write_text(
        (kata / "kata.yaml").read_text() + listed + "{becomes: scale = 9, why: no such}]\n", encoding="utf-8"
    )
    problems, row = judged(kata, Counting(), mutants=True)
    assert len(problems) == 2
    assert graded.count(mutant) == 1
    assert "no mechanical mutant reads `scale = 9`" in problems[0] + problems[1]
    assert "`scale = 3` is listed as equivalent and is caught" in problems[0] + problems[1]


def test_an_equivalent_says_which_line_it_was(tmp_path: Path) -> None:
    """Where mutants of several lines read alike, one entry would excuse them all."""
    reference = "def double(x):\n    y = x\n    y = x + y\n    return y\n"
    yaml = KATA["kata.yaml"].rstrip(" ") + " " * 8 + "equivalent: [{becomes: pass, why: it is idle}]\n"
    kata = write_kata(tmp_path, reference_py=reference, kata_yaml=yaml)
    line = line_of(kata / "kata.yaml", "equivalent:")
    assert texts(kata) == [f"kata.yaml:{line}: mutants of 2 lines read `pass`; add `was:`, the line that becomes so"]
    for was, said in (("y = x", []), ("y = z", [f"kata.yaml:{line}: no mechanical mutant reads `pass`"])):
        write_kata(tmp_path, reference_py=reference, kata_yaml=yaml.replace("{becomes", f"{{was: {was}, becomes"))
        assert [each.split(";")[0] for each in texts(kata)] == said


def test_the_other_style_is_tried_too(tmp_path: Path, judge: Grader) -> None:
    """Mutants of a second right answer, and what they let in is told with that file and line."""
    kata = write_kata(tmp_path)
    (kata / "submissions" / "accepted" / "other.py").write_text("def double(x):\n    y = 2\n    return x * y + 0\n")
    problems, row = judged(kata, judge, mutants=True)
    assert [each.split(", and every")[0] for each in problems] == [
        "other.py:3: `return x * y + 0` may become `return (x * y - 0)`"
    ]
    assert (row.mutants, row.equivalent, row.mutants_of) == (5, 0, 6)


def test_no_mutant_stops_lint(tmp_path: Path, judge: Grader) -> None:
    """Mechanical ones that hang, exit or need gigabytes are caught like others; what passes beside them is told."""
    reference = """
    import os

    def double(x):
        while x is None:
            pass
        if x == 0.5:
            os._exit(0)
        return x + x + len([0] * int(2.0 ** 3.0)) - 8
    """
    kata = write_kata(tmp_path, reference_py=reference)
    problems, row = judged(kata, judge, mutants=True)
    assert row.mutants_of - row.mutants == len(problems) > 0
    for caught in ("while (x is not None)", "if True:", "2.0 ** 30.0"):
        assert not [each for each in problems if f"become `{caught}" in each or "could not be judged" in each], problems


def test_no_mistake_stops_lint(tmp_path: Path, judge: Grader) -> None:
    """Edits that hang, exit or need 4 GB are told at their lines, for nobody learns anything from them; those beside
    them are proved."""
    yaml = KATA["kata.yaml"].replace("seconds: 10", "seconds: 2").rstrip(" ")
    odd = {"hangs": "max(iter(int, 1))", "exits": "__import__('os')._exit(0)", "fills": "len(bytearray(4 << 30))"}
    for name, new in odd.items():
        yaml += (
            f'{" " * 10}- {{id: {name}, caught_by: [doubles], old: x + x, new: "{new}", en: It {name}., zh: 是它。}}\n'
        )
    kata = write_kata(tmp_path, kata_yaml=yaml)
    problems, row = judged(kata, judge)
    assert (row.caught, row.caught_of) == (1, 4)
    for name, why in (("hangs", "timeout at `doubles`: one call took"), ("exits", "ended"), ("fills", "MemoryError")):
        line = line_of(kata / "kata.yaml", f"- {{id: {name}")
        assert any(each.startswith(f"kata.yaml:{line}: `{name}`: it ") and why in each for each in problems), problems


# -- what lint looks at, and whose code may run


def test_lint_takes_a_pack_a_deck_or_a_kata(tmp_path: Path) -> None:
    """And knows what stands beside them: references, other decks, katas."""
    deck = write_deck(tmp_path, OPEN + CHOICE)
    kata = write_kata(tmp_path)
    assert (scope_of(tmp_path, ()).decks, scope_of(tmp_path, ()).katas) == ((deck,), (kata,))
    assert (scope_of(deck, ()).decks, scope_of(deck, ()).katas) == ((deck,), ())
    for path in (kata, kata / "hidden.py", kata / "submissions" / "accepted" / "reference.py"):
        assert (scope_of(path, ()).decks, scope_of(path, ()).katas) == ((), (kata,))
    for path in (tmp_path, deck, kata, deck.parent, kata.parent):
        assert texts(path) == []


@pytest.mark.parametrize("name", ["none", "empty", "file.txt"])
def test_what_is_no_content_is_a_usage_error(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, and what to give instead."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").touch()
    assert main(["lint", str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err


def test_without_a_terminal_a_pack_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, naming the pack, its code and the flag; a pack without code needs no trust."""
    path = write_deck(tmp_path, SPOT)
    assert main(["lint", str(path)]) == 2
    said = capsys.readouterr().err
    assert "mine.yaml" in said
    assert "--trust" in said
    assert main(["lint", str(write_deck(tmp_path, CHOICE))]) == 0


def test_lint_speaks_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object; absolute paths; exit 1 when there are problems."""
    path = write_deck(tmp_path, CHOICE.replace("level: 3", "level: 9"))
    assert main(["lint", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    line = line_of(path, "level: 9")
    text = "`level` is `9`; it is a whole number from 1 to 5"
    assert found["schema"] == 1
    assert found["problems"] == [{"file": str(path), "line": line, "text": text}]


def test_a_person_reads_file_line_and_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each problem on one line, however long the path, and a count at the end."""
    path = write_deck(tmp_path / ("long" * 30), CHOICE.replace("level: 3", "level: 9"))
    assert main(["lint", str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{path}:{line_of(path, 'level: 9')}: `level` is `9`")
    assert lines[1] == "1 problem in 0 cards, 0 katas"
