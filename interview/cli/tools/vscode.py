"""The tasks of VS Code: one that watches the kata in the open file, with a matcher for its plain lines."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from interview.errors import UsageError, in_chinese
from interview.text import Text

FOUND = r"^(.+?):(\d+):(\d+): (error): (.+)$"  # as katas/plain.py writes them
BEGINS, ENDS = r"^\[interview\] begin ", r"^\[interview\] end "


class TasksWords:
    written = Text(
        '{file} is written: "Run Test Task" watches the kata in the open file',
        "已写出 {file}：“运行测试任务”会监视当前文件里的手写题",
    )
    same = Text("{file} is there already, as we would write it", "{file} 已经有了，内容就是我们要写的")
    kept = Text(
        '{file} is there already and was left as it is. Add this to its "tasks":',
        '{file} 已经存在，没有改动。请把下面这一项加进它的 "tasks"：',
    )


def task() -> dict[str, Any]:
    ours = ["interview"] if shutil.which("interview") else [sys.executable, "-P", "-m", "interview"]
    watch = ["kata", "${fileBasenameNoExtension}", "--check", "--watch", "--plain", "--file", "${relativeFile}"]
    return {
        "label": "interview: watch",
        "type": "process",
        "command": ours[0],
        "args": [*ours[1:], *watch],
        "isBackground": True,
        "group": {"kind": "test", "isDefault": True},
        "presentation": {"reveal": "silent", "panel": "dedicated"},
        "problemMatcher": {
            "owner": "interview",
            "fileLocation": ["autoDetect", "${workspaceFolder}"],
            "pattern": {"regexp": FOUND, "file": 1, "line": 2, "column": 3, "severity": 4, "message": 5},
            "background": {"activeOnStart": True, "beginsPattern": BEGINS, "endsPattern": ENDS},
        },
    }


def write_tasks(folder: Path, lang: str) -> list[str]:
    """`.vscode/tasks.json`, where none is; what to say of it."""
    path = folder / ".vscode" / "tasks.json"
    text = as_text({"version": "2.0.0", "tasks": [task()]})
    try:
        if not path.parent.exists():
            path.parent.mkdir()
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        if path.is_file() and path.read_bytes() == text.encode():
            return [TasksWords.same.say(lang, file=".vscode/tasks.json")]
        return [TasksWords.kept.say(lang, file=".vscode/tasks.json"), as_text(task())]
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", f"{path} 写不了：{in_chinese(error)}") from None
    return [TasksWords.written.say(lang, file=".vscode/tasks.json")]


def as_text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
