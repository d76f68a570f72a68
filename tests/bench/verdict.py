"""How long a verdict takes, as ratios to `import torch` in the same run. Run by hand: `python tests/bench/verdict.py`.

cold: the whole command `interview kata dropout --check`. warm: a new submission while the zygote lives. watch: from a
save to its verdict on the screen. rate: right submissions a second and core through `grade`. call: one call across the
wire, by the number of elements.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from judging import dropout, grading, small_kata, submission
from screens import Quiz

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start compiles us anew, which none does once installed
INTERVIEW = Path(sys.executable).with_name("interview")
CALLS = """
import time, torch
def test_calls(solution):
    said = []
    for n in (1, 1_000, 1_000_000):
        x = torch.randn(n)
        solution.f(x)
        times = []
        for _ in range(30):
            start = time.perf_counter()
            solution.f(x)
            times.append(time.perf_counter() - start)
        said.append(f"{sorted(times)[15] * 1e3:.2f} ms")
    from interview.grading.checks.expect import expect
    expect(False, "", "", got=", ".join(said))
"""


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def run(*command: str | Path, cwd: str | None = None) -> None:
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def watched(folder: Path, saves: int = 12) -> list[float]:
    """Seconds from a save to the verdict on the screen of `--watch`, a right and a wrong answer in turn."""
    sources = (submission("reference").read_text(), submission("scale_missing").read_text())
    file = folder / "dropout.py"
    file.write_text(sources[1])
    watch = Quiz("kata", "dropout", "--check", "--watch", rows=60, cwd=folder)
    seconds = []
    try:
        watch.until(" of 20", seconds=60)
        for n in range(saves):
            time.sleep(0.3)
            right = n % 2 == 0
            file.write_text(sources[0 if right else 1])
            seconds.append(timed(lambda: watch.wait(lambda: ("All 20 checks" in watch.text) is right)))  # noqa: B023
    finally:
        watch.leave("q")
        watch.close()
    return seconds


def shown(name: str, seconds: list[float], floor: float) -> None:
    middle = statistics.median(seconds)
    print(
        f"{name:<34} {middle * 1e3:7.0f} ms   {middle / floor:5.2f} x import torch   (best {min(seconds) / floor:.2f})"
    )


def main(rounds: int = 7) -> None:
    kata, source = dropout(), submission("reference")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INTERVIEW_HOME"] = str(Path(folder) / "home")
        file = Path(folder) / "dropout.py"
        file.write_bytes(source.read_bytes())
        floors, colds = [], []
        for _ in range(rounds):  # in turn, so that a busy moment falls on both
            floors.append(timed(lambda: run(sys.executable, "-W", "ignore", "-c", "import torch")))
            colds.append(timed(lambda: run(INTERVIEW, "kata", "dropout", "--check", cwd=folder)))
        floor = statistics.median(floors)
        shown("python -c 'import torch'", floors, floor)
        shown("cold: kata dropout --check", colds, floor)
        with grading() as grader:
            text = file.read_text()
            grader.grade(kata, text, file=file)
            warm = [timed(lambda: grader.grade(kata, text, file=file)) for _ in range(20)]
            calls = grader.grade(small_kata(Path(folder) / "calls", CALLS), "def f(x): return x", file=file)
        shown("warm: a new submission", warm, floor)
        shown("watch: from save to verdict", watched(Path(folder)), floor)
        count = 24
        for n in range(count):
            (Path(folder) / "many").mkdir(exist_ok=True)
            (Path(folder) / "many" / f"{n}.py").write_bytes(source.read_bytes())
        few = timed(lambda: run(INTERVIEW, "grade", "dropout", file, "--jobs", "1"))
        many = timed(lambda: run(INTERVIEW, "grade", "dropout", Path(folder) / "many", "--jobs", "1"))
        print(f"{'grade, one job':<34} {(count - 1) / (many - few):7.1f} right submissions a second")
        print(f"{'one call of 1, 1e3, 1e6 elements':<34} {calls.checks[0].got.en}")


if __name__ == "__main__":
    main()
