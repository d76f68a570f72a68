"""What an honest file that meets the sandbox is told: one sentence that helps, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import grade, grading, result_of, small_kata

from interview.content.katas.kata import Kata, Limits
from interview.grading.advice import on_error, on_lack, on_load
from interview.grading.client import Grader
from interview.grading.verdict import Status, Verdict
from interview.terminal.screens.verdict import render

HIDDEN = """
import pytest
import torch

def test_value(solution):
    assert float(solution.f(torch.ones(2)).sum()) == 4.0

def test_refuses(solution):
    with pytest.raises((ValueError, AssertionError)):
        solution.f(torch.zeros(0))
"""
RIGHT = "def f(x):\n    if not len(x): raise ValueError('empty')\n    return 2 * x\n"
CLOSED = "Files, processes and the network are closed"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as grader:
        yield grader


@pytest.fixture(scope="module")
def kata(tmp_path_factory: pytest.TempPathFactory) -> Kata:
    return small_kata(tmp_path_factory.mktemp("told"), HIDDEN)


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Kata:
    return small_kata(tmp_path_factory.mktemp("hasty"), HIDDEN, limits=Limits(1.0, 512))


def told(grader: Grader, kata: Kata, source: str) -> tuple[Verdict, str, str]:
    """The verdict, and the whole report in both languages with its folds taken out."""
    verdict = grade(grader, kata, source)
    en, zh = (" ".join(" ".join(line.plain for line in render(verdict, kata, lang=lang, width=400)).split())
              for lang in ("en", "zh"))  # fmt: skip
    return verdict, en, zh


@pytest.mark.parametrize(
    ("lines", "en", "zh"),
    [
        ("import no_such_plotting_package", "no_such_plotting_package", "no_such_plotting_package"),
        ("from utils import mask", "a file of yours beside this one is not sent along", "不会一起送去判题"),
        ("from .utils import mask", "judged alone, without the files beside it", "只有这一个文件"),
        ("import tempfile; tempfile.mkdtemp()", CLOSED, "不能读写文件"),
        ("open('out.txt', 'w')", CLOSED, "不能读写文件"),
        ("open('/etc/hostname').read()", CLOSED, "不能读写文件"),
        ("import pathlib; list(pathlib.Path.home().iterdir())", CLOSED, "不能读写文件"),
        ("import subprocess; subprocess.run(['ls'])", CLOSED, "启动进程"),
        ("import multiprocessing as m; m.Process(target=print).start()", CLOSED, "启动进程"),
        ("import socket; socket.socket()", CLOSED, "访问网络"),
        ("import urllib.request as u; u.urlopen('http://localhost:9')", CLOSED, "访问网络"),
        ("import torch; torch.save(torch.zeros(1), 'a.pt')", CLOSED, "不能读写文件"),
        ("import logging; logging.basicConfig(filename='a.log')", CLOSED, "不能读写文件"),
        ("import argparse; argparse.ArgumentParser().parse_args(['--p'])", "under `if __name__", "`argparse`"),
        ("import sys; sys.exit()", "under `if __name__", "`sys.exit`"),
        ("breakpoint()", "no keyboard", "没有键盘"),
        ("import pdb; pdb.set_trace()", "no keyboard", "没有键盘"),
        ("input('p? ')", "no keyboard", "没有键盘"),
        ("%matplotlib inline", "notebook's command", "notebook 的命令"),
        ("!pip install torch", "notebook's command", "notebook 的命令"),
        ("<<<<<<< HEAD", "marks of a merge", "合并冲突"),
    ],
)
def test_each_closed_door_has_a_sentence(grader: Grader, kata: Kata, lines: str, en: str, zh: str) -> None:
    """At the top of a file and inside the function: what was met, where the line stands, and where it belongs."""
    verdict, english, chinese = told(grader, kata, f"{lines}\n{RIGHT}")
    assert verdict.status is Status.CRASHED
    assert en in english
    assert zh in chinese
    assert "f.py:1: " in english or "f.py:2: " in english  # a debugger stops before the next line


@pytest.mark.parametrize(
    ("lines", "en"),
    [("open('out.txt', 'w')", CLOSED), ("breakpoint()", "no keyboard"), ("import no_such_package", "no_such_package")],
)
def test_a_closed_door_inside_a_call_too(grader: Grader, kata: Kata, lines: str, en: str) -> None:
    """The same sentence where a check's call meets it."""
    verdict, english, chinese = told(grader, kata, f"def f(x):\n    {lines}\n    return 2 * x\n")
    assert verdict.status is Status.FAILED
    assert ": it raised" in english
    assert en in english
    assert "判题" in chinese


@pytest.mark.parametrize(
    ("source", "en", "zh"),
    [
        ("", "it is empty", "它是空的"),
        ("# nothing yet\n", "it defines nothing", "什么也没有定义"),
        ("def F(x): pass", "it has `F`: call it `f`", "文件里有 `F`"),
        ("class S:\n    def f(self, x): pass", "defined inside something else", "定义在别的结构里面"),
        ('{\n "cells": [], "nbformat": 4}', "it is a notebook", "notebook"),
        ("def other(x): pass", "by that name", "用这个名字"),
    ],
)
def test_a_missing_function_is_looked_for(grader: Grader, kata: Kata, source: str, en: str, zh: str) -> None:
    """Another case, another place, another kind of file: said as such."""
    verdict, english, chinese = told(grader, kata, source)
    assert verdict.status is Status.CRASHED
    assert en in english
    assert zh in chinese


def test_near_names_are_named() -> None:
    """`my_dropout`, `Dropout`, `dropuot` and an assignment are near `dropout`; the task's name is asked for."""
    for line in ("def my_dropout(x): ...", "class Dropout: ...", "def dropuot(x): ...", "drop_out = None"):
        assert "call it `dropout`" in on_lack(line, ["dropout"]).en


def test_other_exceptions_get_no_advice() -> None:
    """A fault of the answer's own is not blamed on the sandbox."""
    assert on_load("x = 1 / 0", "ZeroDivisionError", "ZeroDivisionError: division by zero") is None
    assert on_error("", "ValueError", "ValueError: p") is None
    assert on_load("def f(:", "SyntaxError", "SyntaxError: invalid syntax") is None


def test_arguments_are_the_files_own(grader: Grader, kata: Kata) -> None:
    """`sys.argv` names the file and nothing of ours; what stands under `__main__` does not run."""
    source = f"import sys\nassert sys.argv == ['f.py']\nif __name__ == '__main__': raise SystemExit\n{RIGHT}"
    assert told(grader, kata, source)[0].status is Status.PASSED


@pytest.mark.parametrize("line", ["@torch.compile", "@torch.compile()", "@torch.compile(dynamic=True, mode='default')"])
def test_what_is_compiled_runs_as_it_stands(grader: Grader, kata: Kata, line: str) -> None:
    """`torch.compile` would want a compiler and files; the answer is judged without it."""
    assert told(grader, kata, f"import torch\n{line}\n{RIGHT}")[0].status is Status.PASSED


@pytest.mark.parametrize("body", ["torch.zeros(1).cuda()", "torch.cuda._lazy_init()", "torch.cuda.current_device()"])
def test_an_assertion_of_torchs_is_no_refusal(grader: Grader, kata: Kata, body: str) -> None:
    """`Torch not compiled with CUDA enabled` says nothing of an argument, though it is an AssertionError."""
    source = f"import torch\ndef f(x):\n    if not len(x): {body}\n    return 2 * x\n"
    verdict, english, _ = told(grader, kata, source)
    assert result_of(verdict, "refuses").outcome != "passed"
    assert "f.py:3: it raised" in english


@pytest.mark.parametrize("line", ["assert len(x), 'empty'", "torch._assert(bool(len(x)), 'empty')"])
def test_an_assertion_of_ones_own_is_one(grader: Grader, kata: Kata, line: str) -> None:
    """`assert` refuses an argument, and so does torch's function of that meaning."""
    assert told(grader, kata, f"import torch\ndef f(x):\n    {line}\n    return 2 * x\n")[0].status is Status.PASSED


@pytest.mark.parametrize(
    "body", ["while True: pass", "for _ in iter(int, 1): x = x + 1", "import time; time.sleep(99)"]
)
def test_a_timeout_says_which_limit_and_which_line(grader: Grader, hasty: Kata, body: str) -> None:
    """The call's limit of 0.6 s, and the line where it was, however it spends its time."""
    verdict, english, chinese = told(grader, hasty, f"def f(x):\n    {body}\n")
    assert verdict.status is Status.TIMEOUT
    assert "f.py:2: Stopped: one call took longer than its limit (0.6 s)" in english
    assert "单次调用超过了时限（0.6 秒）" in chinese


def test_a_timeout_of_the_run_is_told_as_such(grader: Grader, tmp_path: Path) -> None:
    """Many calls, each within its limit: the run's own limit is named."""
    hidden = "import torch\n\ndef test_many(solution):\n    for _ in range(50):\n        solution.f(torch.ones(2))\n"
    kata = small_kata(tmp_path / "many", hidden, limits=Limits(1.5, 512))
    verdict = grade(grader, kata, "import time\ndef f(x):\n    time.sleep(0.2)\n    return x\n")
    assert verdict.status is Status.TIMEOUT
    assert verdict.reason is not None
    assert "the whole run (1.5 s)" in verdict.reason.en
    assert verdict.line == 3


def test_prints_are_those_of_the_failing_check(grader: Grader, kata: Kata) -> None:
    """Not what the file printed while it loaded, nor in checks that passed, nor the first of a flood."""
    source = """
        print("while loading")
        def f(x):
            if len(x):
                print("early " * 3000)
                return 2 * x
            for n in range(3000):
                print("late", n)
            return x
        """
    verdict, english, chinese = told(grader, kata, source)
    assert result_of(verdict, "value").printed == ""
    assert "These calls printed:" in english
    assert "late 2999" in english
    assert "early" not in english
    assert "while loading" not in english
    assert "这些调用打印了：" in chinese
