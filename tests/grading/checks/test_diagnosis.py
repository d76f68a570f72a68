"""The diagnosis: a failed check is run again on the known mistakes, and the one that gives the same answers is told.

Small katas of the tests' own; `f` is judged, `right` is its right answer, and mistakes are edits of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from judging import grade, grading, small_kata

from interview.cli.world import shipped
from interview.content.katas.kata import Kata, KataMistake
from interview.content.katas.kata_file import load_kata
from interview.content.katas.mutants import Edit, Variant
from interview.grading.client import Grader
from interview.grading.verdict import Outcome, Status, Verdict
from interview.text import Text

RIGHT = """\
import torch


def f(x, scale=2.0):
    y = x * scale
    return y + 1
"""
SUITE = """
import torch
from interview.grading.checks.expect import expect, expect_equal

def test_values(solution):
    xs = [torch.randn(3, 4) for _ in range(3)]
    came = [solution.f(x) for x in xs]
    for x, y in zip(xs, came):
        expect_equal(y, x * 2 + 1, atol=1e-5)

def test_scale(solution):
    x = torch.ones(2)
    for scale in (0.0, 3.0):
        y = solution.f(x, scale)
        expect_equal(y, x * scale + 1, atol=1e-5)
"""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as one:
        yield one


def known(name: str, caught_by: str, *ways: tuple[str, str] | tuple[str, str, str], en: str = "") -> KataMistake:
    """A mistake whose ways are `old`, `new` and perhaps the base."""
    variants = tuple(Variant((Edit(old, new),), *base) for old, new, *base in ways)
    return KataMistake(name, tuple(caught_by.split()), Text(en or name, en or name), variants)


PLUS_TWO = known("plus_two", "values", ("y + 1", "y + 2"))
NOT_SCALED = known("not_scaled", "values", ("x * scale", "x"))
CONSTANT = known("constant", "scale", ("x * scale", "x * 2"))


def kata(folder: Path, *mistakes: KataMistake, hidden: str = SUITE, **accepted: str) -> Kata:
    one = small_kata(folder / "small", hidden, mistakes=mistakes)
    for name, source in {"reference": RIGHT, **accepted}.items():
        path = one.folder / "submissions" / "accepted" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return one


def judged(grader: Grader, one: Kata, source: str) -> Verdict:
    verdict = grade(grader, one, source, seed="5")
    assert verdict.status is Status.FAILED, verdict
    return verdict


def heard(grader: Grader, one: Kata, source: str) -> str | None:
    found = judged(grader, one, source).mistake
    return found.id if found else None


def answer(body: str) -> str:
    return "import torch\n\n\ndef f(x, scale=2.0):\n" + "".join(f"    {each}\n" for each in dedent(body).splitlines())


def test_the_same_answers_have_the_same_name(grader: Grader, tmp_path: Path) -> None:
    """However the file is written, a known mistake is told when its answers come back, and only then."""
    one = kata(tmp_path, PLUS_TWO, NOT_SCALED, CONSTANT)
    assert heard(grader, one, answer("return torch.add(scale * x, 2)")) == "plus_two"
    assert heard(grader, one, answer("return 1 + torch.clone(x)")) == "not_scaled"
    assert heard(grader, one, answer("return x + x + 1")) == "constant"
    assert heard(grader, one, answer("return x * scale + 3")) is None
    assert heard(grader, one, answer("return x * scale + 2.001")) is None


def test_a_mistake_is_told_at_a_check_that_it_is_known_to_fail(grader: Grader, tmp_path: Path) -> None:
    """`not_scaled` said to be caught elsewhere is no name for these values."""
    assert (
        heard(grader, kata(tmp_path, known("not_scaled", "nowhere", ("x * scale", "x"))), answer("return x + 1"))
        is None
    )


def test_a_root_may_be_known_at_a_later_check(grader: Grader, tmp_path: Path) -> None:
    """Its answers are the submission's in the first check that failed, too; it is told beside its own check."""
    one = kata(tmp_path, known("not_scaled", "scale", ("x * scale", "x")))
    verdict = judged(grader, one, answer("return x + 1"))
    assert [each.told and each.told.id for each in verdict.checks] == [None, "not_scaled"]
    assert verdict.mistake is not None
    other = answer("return x * 7 + 1 if scale == 2 else x + 1")
    assert judged(grader, one, other).mistake is None


def test_two_that_agree_are_parted_by_the_other_checks_or_not_told(grader: Grader, tmp_path: Path) -> None:
    """Alike in the first check and not in the second; and alike in all that failed: silence."""
    doubles = known("doubles", "values", ("y + 1", "y + 1 + (scale == 2.0)"))
    always = known("always", "values", ("y + 1", "y + 2"))
    one = kata(tmp_path, doubles, always)
    assert heard(grader, one, answer("return x * scale + 2")) == "always"
    assert heard(grader, one, answer("return x * scale + (2 if scale == 2 else 1)")) is None
    twins = kata(tmp_path / "b", always, known("twin", "values", ("y + 1", "1 + y + 1")))
    assert heard(grader, twins, answer("return x * scale + 2")) is None


def test_variants_of_one_mistake_are_one(grader: Grader, tmp_path: Path) -> None:
    """Another edit, another right answer as its base: the id is the same, and two that agree are no doubt."""
    other = RIGHT.replace("y + 1", "1 + y")
    mistake = known("plus_two", "values", ("y + 1", "y + 2"), ("1 + y", "2 + y", "other.py"), ("y + 1", "y + 3"))
    one = kata(tmp_path, mistake, other=other)
    assert heard(grader, one, answer("return x * scale + 2")) == "plus_two"
    assert heard(grader, one, answer("return x * scale + 3")) == "plus_two"


def test_a_file_of_its_own_is_a_mistake_too(grader: Grader, tmp_path: Path) -> None:
    one = kata(tmp_path, known("cubes", "values"))
    path = one.folder / "submissions" / "wrong_answer" / "cubes.py"
    path.parent.mkdir()
    path.write_text(answer("return x ** 3"))
    assert heard(grader, one, answer("return x * x * x")) == "cubes"


def test_a_pair_of_mistakes(grader: Grader, tmp_path: Path) -> None:
    """Where no single one explains the first check: both are told, in one message."""
    one = kata(tmp_path, PLUS_TWO, NOT_SCALED)
    verdict = judged(grader, one, answer("return x + 2"))
    assert verdict.mistake is not None
    assert sorted(verdict.mistake.text.en.splitlines()) == ["not_scaled", "plus_two"]


@pytest.mark.parametrize(
    ("crash", "name"),
    [
        ("raise RuntimeError('no `width` at 17')", "crashes"),  # the same words but for names and numbers
        ("raise IndexError('no `depth` at 3')", None),
        ("raise RuntimeError('no such thing')", None),
        ("if scale != 2:\n    return x\nraise RuntimeError('no `depth` at 3')", None),  # not in every failed check
    ],
)
def test_a_crash_is_weak_evidence(grader: Grader, tmp_path: Path, crash: str, name: str | None) -> None:
    one = kata(tmp_path, known("crashes", "values", ("return y + 1", "raise RuntimeError('no `depth` at 3')")))
    assert heard(grader, one, answer(crash)) == name


def test_refusals_are_alike(grader: Grader, tmp_path: Path) -> None:
    """A ValueError or an AssertionError of any words says that the argument was refused."""
    refuses = known("refuses", "scale", ("y = x", "assert scale > 0, 'small'\ny = x"))
    one = kata(tmp_path, refuses)
    assert heard(grader, one, answer("if scale <= 0: raise ValueError(scale)\nreturn x * scale + 1")) == "refuses"


def test_what_was_measured_fills_the_sentence(grader: Grader, tmp_path: Path) -> None:
    """`got` and `expected` are there by themselves, other facts by name; a sentence that wants more is not told."""
    hidden = """
    from interview.grading.checks.expect import expect
    def test_values(solution):
        y = solution.f(1.0)
        expect(y == 3.0, "wrong", "错", got=y, expected=3.0, off=y - 3.0)
    """
    full = known("plus_two", "values", ("y + 1", "y + 2"), en="{got} for {expected}, off by {off:.0f}")
    found = judged(grader, kata(tmp_path, full, hidden=hidden), answer("return x * 2 + 2")).mistake
    assert found is not None
    assert found.text.en == "4 for 3, off by 1"
    empty = known("plus_two", "values", ("y + 1", "y + 2"), en="{unmeasured}")
    assert heard(grader, kata(tmp_path / "b", empty, hidden=hidden), answer("return x * 2 + 2")) is None


def test_gradients_objects_randomness_and_questions(grader: Grader, tmp_path: Path) -> None:
    """All that a suite may ask goes through a replica: backward, an object's state, a seeded draw, a callback."""
    right = dedent("""
    import torch
    class C:
        def __init__(self): self.n = 0
        def add(self, x, ask):
            self.n += 1
            return x * torch.rand(()) + ask(x) + self.n
    def f(x): return x * x
    """)
    hidden = """
    import torch
    from interview.grading.checks.expect import expect
    def test_all(solution):
        c, x = solution.C(), torch.ones(3, requires_grad=True)
        made = [c.add(torch.ones(2), lambda v: v * k) for k in (2, 3)]
        solution.f(x).sum().backward()
        n, drew = c.n.value(), solution.drew
        expect(False, f"{made} {x.grad} {n} {drew}", "")
    """
    twice = known("twice", "all", ("self.n += 1", "self.n += 2"))
    cube = known("cube", "all", ("x * x", "x * x * x"))
    one = kata(tmp_path, twice, cube, hidden=hidden, reference=right)
    assert heard(grader, one, right.replace("self.n += 1", "self.n = self.n + 2")) == "twice"
    assert heard(grader, one, right.replace("return x * x", "return x ** 3")) == "cube"
    assert heard(grader, one, right.replace("ask(x)", "ask(x + 1)")) is None
    assert heard(grader, one, right) is None  # the check is at fault: the right answer gives the same


@pytest.mark.parametrize(
    "evil",
    [
        "while True: pass",
        "import os\nos._exit(0)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "import os, signal\nos.kill(os.getppid(), 0)\nbytearray(4 << 30)",
        "raise SystemExit",
        "import torch\ntorch.set_default_dtype(torch.float64)\ntorch.manual_seed(0)\ntorch.set_grad_enabled(False)",
    ],
)
def test_a_mistake_that_misbehaves_costs_its_name_only(grader: Grader, tmp_path: Path, evil: str) -> None:
    """It hangs, exits, wants all memory, changes the process: the verdict stands, and the next is as it was."""
    hostile = KataMistake("evil", ("values",), Text("evil", "evil"), (Variant((Edit("y = x * scale", evil),)),))
    one = kata(tmp_path, hostile, PLUS_TWO)
    verdict = judged(grader, one, answer("return x * scale + 5"))
    assert (verdict.mistake, verdict.reason) == (None, None)
    assert [each.outcome for each in verdict.checks] == [Outcome.FAILED] * 2
    assert grade(grader, one, RIGHT).status is Status.PASSED


def test_an_edit_that_fits_nowhere_is_no_name(grader: Grader, tmp_path: Path) -> None:
    """Lint tells it; a verdict goes on without."""
    one = kata(tmp_path, known("lost", "values", ("y + 7", "y")), PLUS_TWO)
    assert heard(grader, one, answer("return x * scale + 2")) == "plus_two"


def test_what_a_pack_changed_since_it_was_agreed_to_is_not_run(grader: Grader, tmp_path: Path) -> None:
    """A right answer, a wrong one or kata.yaml of other bytes than those agreed to: no diagnosis, and the verdict."""
    from dataclasses import replace

    from interview.grading.agreed import inventory

    one = kata(tmp_path, PLUS_TWO)
    (one.folder / "kata.yaml").write_text("kata: small\n")
    one = replace(one, agreed=inventory(one.folder))
    assert heard(grader, one, answer("return x * scale + 2")) == "plus_two"
    (one.folder / "submissions/accepted/reference.py").write_text(RIGHT + "# changed\n")
    assert heard(grader, replace(one), answer("return x * scale + 2")) is None


def test_a_second_mistake_stands_at_its_own_check(grader: Grader, tmp_path: Path) -> None:
    """One that the root does not explain and that gives, together with it, all answers of a later check; the headline
    is the root. A check that both of them leave unexplained has no name."""
    one = kata(tmp_path, PLUS_TWO, CONSTANT)
    verdict = judged(grader, one, answer("return x * 2 + 2"))
    assert [each.told and each.told.id for each in verdict.checks] == ["plus_two", "constant"]
    assert verdict.mistake is not None
    assert verdict.mistake.id == "plus_two"
    other = judged(grader, one, answer("return x * (2 if scale == 2 else 5) + 2"))
    assert [each.told and each.told.id for each in other.checks] == ["plus_two", None]
    root = judged(grader, one, answer("return x * scale + 2"))
    assert [each.told and each.told.id for each in root.checks] == ["plus_two", None]


def test_what_the_suite_tells_beside_the_root_stays(grader: Grader, tmp_path: Path) -> None:
    """A later check has a name by its suite, and a second mistake gives its answers too: the suite's stays, and the
    verdict stands."""
    told = SUITE.replace(
        "expect_equal(y, x * scale + 1, atol=1e-5)",
        "if abs(float(y[0]) - scale - 1) > 1e-5:\n            raise Mistake('named')",
    ).replace("import expect,", "import Mistake, expect,")
    one = kata(tmp_path, PLUS_TWO, CONSTANT, known("named", "scale"), hidden=told)
    verdict = judged(grader, one, answer("return x * 2 + 2"))
    assert [each.told and each.told.id for each in verdict.checks] == ["plus_two", "named"]
    assert verdict.mistake is not None
    assert verdict.mistake.id == "plus_two"


MINBPE = """\
def counts_of(ids):
    counts = {}
    for pair in zip(ids, ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    return counts


def replaced(ids, pair, new):
    out, i = [], 0
    while i < len(ids):
        if ids[i] == pair[0] and i < len(ids) - 1 and ids[i + 1] == pair[1]:
            out.append(new)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out


def train_bpe(text, num_merges):
    ids, vocab, merges = list(text.encode()), {i: bytes([i]) for i in range(256)}, []
    for i in range(num_merges):
        counts = counts_of(ids)
        pair = max(counts, key=counts.get)
        ids = replaced(ids, pair, 256 + i)
        vocab[256 + i] = vocab[pair[0]] + vocab[pair[1]]
        merges.append((vocab[pair[0]], vocab[pair[1]]))
    return merges


def bpe_encode(text, merges):
    tokens = [bytes([i]) for i in text.encode()]
    for pair in merges:
        tokens = replaced(tokens, pair, pair[0] + pair[1])
    return tokens


def bpe_decode(tokens):
    return b"".join(tokens).decode("utf-8", errors="replace")
"""
GUARDED = MINBPE.replace("        pair = max", "        if not counts:\n            break\n        pair = max")
CHARACTERS = GUARDED.replace("list(text.encode())", "[ord(c) for c in text]").replace(
    "{i: bytes([i]) for i in range(256)}", "{ord(c): c.encode() for c in text}"
).replace("256 + i", "2_000_000 + i")  # fmt: skip
FIRST_SEEN = {"ties": "ties_first_seen", "stops": "merges_singles"}


@pytest.mark.parametrize(
    ("source", "named"),
    [(MINBPE, FIRST_SEEN | {"empty": "empty_crashes"}), (GUARDED, FIRST_SEEN), (CHARACTERS, FIRST_SEEN)],
)
def test_the_commonest_tokenizer_is_told_each_of_its_departures(
    grader: Grader, source: str, named: dict[str, str]
) -> None:
    """bpe: ties by first appearance, no stop and a crash without pairs come together; none of them hides another, nor
    does a start from characters."""
    verdict = grade(grader, load_kata(shipped() / "katas" / "bpe"), source, seed="5")
    assert {each.check.id: each.told.id for each in verdict.checks if each.told} == named
    assert verdict.mistake is not None
    assert verdict.mistake.id == "ties_first_seen"


SPLITS = r"""
import re
from collections import Counter


def parts(text):
    return [[bytes([b]) for b in part.encode()] for part in re.findall(r"PATTERN", text)]


def fused(tokens, pair):
    out = []
    for each in tokens:
        if out and not fused.done and (out[-1], each) == pair:
            out[-1] += each
            fused.done = True
        else:
            out.append(each)
            fused.done = False
    return out


fused.done = False


def train_bpe(text, num_merges):
    words, merges = parts(text), []
    while len(merges) < num_merges:
        counts = Counter(pair for word in words for pair in zip(word, word[1:]))
        ranked = sorted(counts, key=lambda pair: (-counts[pair], pair))
        if not ranked or counts[ranked[0]] == 1:
            break
        merges.append(ranked[0])
        words = [fused(word, ranked[0]) for word in words]
    return merges


def bpe_encode(text, merges):
    tokens = [bytes([b]) for b in text.encode()]
    for pair in merges:
        tokens = fused(tokens, pair)
    return tokens


def bpe_decode(tokens):
    return b"".join(tokens).decode()
"""
GPT2 = r" ?[^\W\d_]+| ?\d+| ?[^\s\w]+|\s+(?!\S)|\s+"


@pytest.mark.parametrize("pattern", [r"\S+", r".*\n|.+", r"\s*\S+|\s+", GPT2])
def test_a_text_that_is_cut_before_training_is_told_so(grader: Grader, pattern: str) -> None:
    """bpe: at blanks, which are lost or go on with the next word; at line ends; as GPT-2 does."""
    verdict = grade(grader, load_kata(shipped() / "katas" / "bpe"), SPLITS.replace("PATTERN", pattern), seed="5")
    assert verdict.mistake is not None
    assert verdict.mistake.id == "pre_tokenises"
