from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from judging import DROPOUT, submission

from interview.cli.main import main
from interview.cli.world import shipped
from interview.errors import UsageError
from interview.grading.verdict import Status
from interview.practice.batch import Task, close_stations, find_submissions, grade_many, grade_path

INTERVIEW = Path(sys.executable).with_name("interview")
NAMES = ("where", "scale_missing", "only_one_accepted", "float_mask")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four submissions, one in a folder of its own, and a file that is none."""
    place = tmp_path / "homework"
    (place / "inner").mkdir(parents=True)
    for name in NAMES:
        target = place / "inner" if name == "float_mask" else place
        (target / f"{name}.py").write_bytes(submission(name).read_bytes())
    (place / "notes.txt").write_text("not Python")
    return place


def test_one_object_a_line(folder: Path) -> None:
    """Every file below the folder gets one JSON object on its own line; the code is 0 whatever the verdicts."""
    done = subprocess.run(
        [INTERVIEW, "grade", "dropout", folder, "--json"], capture_output=True, text=True, check=True, timeout=120
    )
    verdicts = {Path(each["file"]).stem: each for each in map(json.loads, done.stdout.splitlines())}
    assert set(verdicts) == set(NAMES)
    assert {name: each["status"] for name, each in verdicts.items()} == {
        name: "passed" if name == "where" else "failed" for name in NAMES
    }
    assert verdicts["scale_missing"]["mistake"]["id"] == "scale_missing"
    assert all(each["attempt"] is None for each in verdicts.values())


def test_no_history(folder: Path, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Grading others leaves the person's own history alone, and ends with a table."""
    assert main(["grade", "dropout", str(folder), "--jobs", "1"]) == 0
    said = capfd.readouterr()
    assert not (home / "history.db").exists()
    assert "passed" in said.err
    assert "✓" in said.out


def test_jobs_change_no_verdict(folder: Path) -> None:
    """With a seed, the verdicts of one job and of three are the same, check for check."""
    found = []
    for jobs in ("1", "3"):
        done = subprocess.run(
            [INTERVIEW, "grade", "dropout", folder, "--json", "--jobs", jobs, "--seed", "9"],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        lines = [json.loads(each) for each in done.stdout.splitlines()]
        found.append({each["file"]: (each["status"], each["checks"]) for each in lines})
    assert found[0] == found[1]


def test_any_executor(folder: Path) -> None:
    """The seam: the same tasks over a pool of processes."""
    tasks = [Task(DROPOUT, folder / "where.py", "3", (shipped(),))]
    with ProcessPoolExecutor(1) as pool:
        assert [each.status for each in grade_many(tasks, pool)] == [Status.PASSED]
        pool.submit(close_stations).result()


def test_a_dead_zygote_is_replaced(folder: Path) -> None:
    """A zygote that dies between two submissions costs neither of them its verdict."""
    task = Task(DROPOUT, folder / "where.py", "3", (shipped(),))
    try:
        assert grade_path(task).status is Status.PASSED
        from interview.practice.batch import STATIONS

        assert STATIONS.grader is not None
        os.kill(STATIONS.grader.process.pid, signal.SIGKILL)
        assert grade_path(task).status is Status.PASSED
    finally:
        close_stations()


def test_paths(folder: Path, tmp_path: Path) -> None:
    """Files and folders, each file once; what is not there, or holds nothing, is refused."""
    found = find_submissions([folder / "where.py", folder])
    assert len(found) == len(set(found)) == 4
    with pytest.raises(UsageError, match="there is no"):
        find_submissions([tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no \.py file"):
        find_submissions([tmp_path / "empty"])


def test_a_missing_layer_refuses(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the kernel lacks a layer a stranger's files are refused with code 4, unless they are trusted."""
    monkeypatch.setattr("interview.grading.lockdown.unsupported", lambda: ["files"])
    assert main(["grade", "dropout", str(folder)]) == 4
    assert "--trust-submissions" in capsys.readouterr().err
    assert main(["grade", "dropout", str(folder / "where.py"), "--trust-submissions"]) == 0


def test_ctrl_c_ends_it_all(folder: Path) -> None:
    """An interrupt in the middle ends with 130 within seconds and leaves no process."""
    for n in range(40):
        shutil.copy(folder / "where.py", folder / f"copy_{n}.py")
    command = [INTERVIEW, "grade", "dropout", folder, "--json", "--jobs", "1"]

    def hears() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started us in the background has it ignored

    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True, preexec_fn=hears) as process:  # noqa: PLW1509
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
