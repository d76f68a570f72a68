"""Decks written for tests: `write_deck` wraps one card, `CHOICE` and its like are sound ones to break."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

HEAD = """\
deck: {name}
title: {{en: "A deck", zh: "题库"}}
cards:
"""
CHOICE = """\
- id: strongest
  rev: 1
  kind: choice
  level: 3
  tags: [theory]
  ask: {en: "How strong at `p`?", zh: "在 `p` 处多强？"}
  choices:
    - {id: grows, right: true, en: "It grows.", zh: "递增。"}
    - {id: half, en: "It peaks.", zh: "有峰值。", mistake: peak}
    - {id: falls, en: "It falls.", zh: "递减。"}
  answer: {en: "It grows.", zh: "递增。"}
  mistakes: [{id: peak, en: "A peak.", zh: "峰值。"}]
  refs: [someone2000]
"""
NUMERIC = """\
- id: variance
  rev: 1
  kind: numeric
  level: 2
  tags: [theory]
  params: {p: [0.1, 0.2], x: [3, 4]}
  expr: x**2 * p/(1-p)
  within: {abs: 0.001}
  near_misses: [{expr: x**2 * p*(1-p), mistake: vanilla}]
  ask: {en: "x is {{x}}, p is {{p}}.", zh: "x = {{x}}，p = {{p}}。"}
  answer: {en: "It is {{x**2 * p/(1-p)}}.", zh: "是 {{x**2 * p/(1-p)}}。"}
  mistakes: [{id: vanilla, en: "Unscaled.", zh: "没缩放。"}]
  refs: [someone2000]
  proof: |
    print(x**2 * p / (1 - p))
"""
PREDICT = """\
- id: printed
  rev: 1
  kind: predict_output
  level: 2
  tags: [code]
  ask: {en: "What is printed?", zh: "输出什么？"}
  code: |
    import torch
    torch.manual_seed(0)
    print(torch.rand(3).numel())
  prints: "3"
  answer: {en: "Three.", zh: "三个。"}
  refs: [someone2000]
"""
SPOT = """\
- id: spot
  rev: 1
  kind: spot_bug
  level: 2
  tags: [code]
  ask: {en: "Which line?", zh: "哪一行？"}
  code: |
    def double(x):
        return x * x
  lines: [2]
  fix: |
    def double(x):
        return x + x
  shows: |
    assert double(3) == 6
  rubric: [{en: "It squares.", zh: "求了平方。", any_of: [square, "平方"]}]
  answer: {en: "It squares.", zh: "求了平方。"}
  refs: [someone2000]
"""
OPEN = """\
- id: explain
  rev: 1
  kind: open
  level: 1
  tags: [theory]
  must_know: true
  origin: [Q1]
  ask: {en: "Why?", zh: "为什么？"}
  rubric:
    - {en: "One.", zh: "其一。", must: true, any_of: [one, "其一"]}
    - {en: "Two.", zh: "其二。"}
    - {en: "Three.", zh: "其三。"}
  model_answer: {en: "Because.", zh: "因为。"}
  hint: {en: "Think.", zh: "想想。"}
  kata: double
  follow_ups:
    - strongest
    - ask: {en: "And then?", zh: "然后呢？"}
      expect: {en: "More.", zh: "还有。"}
  refs: [someone2000]
"""
TRUE_FALSE = """\
- id: ridge
  rev: 1
  kind: true_false
  level: 3
  tags: [theory]
  statement: {en: "It is ridge.", zh: "它就是 ridge。"}
  holds: false
  rubric: [{en: "Scaled.", zh: "有缩放。"}]
  answer: {en: "Not quite.", zh: "不完全是。"}
  refs: [someone2000]
"""
# For decks of one's own: ours hold an answer against something, and say all in both languages.
FLIP = """\
- id: flipped
  ask: What does $$x^2$$ cost?
  answer: "$2, and x * x is 4."
"""
EVERY_KIND = CHOICE + NUMERIC + PREDICT + SPOT + OPEN.replace("  kata: double\n", "") + TRUE_FALSE
REFERENCES = 'someone2000: {authors: "A. Someone", title: "On it", year: 2000, where: "A journal"}\n'


def write_deck(folder: Path, cards: str, *, name: str = "mine") -> Path:
    """A pack's deck: `folder/questions/NAME.yaml` beside its references."""
    questions = folder / "questions"
    questions.mkdir(exist_ok=True, parents=True)
    (questions / "references.yaml").write_text(REFERENCES, encoding="utf-8")
    path = questions / f"{name}.yaml"
    path.write_text(HEAD.format(name=name) + indent(cards, "  "), encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    """Where the text stands first."""
    return 1 + path.read_text(encoding="utf-8").split(text)[0].count("\n")


KATA = {
    "kata.yaml": """\
        kata: double
        title: {en: "Double", zh: "加倍"}
        level: 1
        minutes: 3
        limits: {seconds: 10, memory_mib: 1024}
        provides: [double]
        hints:
          - {en: "Add.", zh: "加。"}
          - {en: "Add it.", zh: "加它。"}
          - {en: "Add it to itself.", zh: "与自身相加。"}
        checks:
          - id: doubles
            title: {en: "value", zh: "数值"}
            en: It is twice the input.
            zh: 结果是输入的两倍。
        mistakes:
          - id: squared
            caught_by: [doubles]
            en: You squared it and got {made:.0f}.
            zh: 你求了平方，得到 {made:.0f}。
        """,
    "prompt.en.md": "Write `double(x)`.\n",
    "prompt.zh.md": "实现 `double(x)`。\n",
    "stub.py": '''\
        """Double it."""


        def double(x):
            raise NotImplementedError
        ''',
    "hidden.py": '''\
        from interview.grading.checks.expect import Mistake, expect


        def test_doubles(solution):
            """Exactly twice."""
            made = solution.double(3.0)
            if made == 9.0:
                raise Mistake("squared", made=made)
            expect(made == 6.0, "it is not twice the input", "结果不是输入的两倍", got=made)
        ''',
    "submissions/accepted/reference.py": "def double(x):\n    return x + x\n",
    "submissions/wrong_answer/squared.py": "def double(x):\n    return x * x\n",
}


def write_kata(folder: Path, **changed: str) -> Path:
    """A pack's kata, `folder/katas/double`. `changed` replaces files: `hidden_py="…"`; an empty text leaves one out."""
    kata = folder / "katas" / "double"
    for name, text in KATA.items():
        written = dedent(changed.get(name.split("/")[-1].replace(".", "_"), text))
        if written:
            path = kata / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written, encoding="utf-8")
    return kata
