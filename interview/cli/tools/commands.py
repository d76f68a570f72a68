"""The commands: what each is for, and the module that has it."""

from __future__ import annotations

# In the order a newcomer needs them. Only the one that runs is imported: a screen waits for nothing it does not show.
COMMANDS = {
    "today": "What to do now.",
    "quiz": "Drill questions; each comes back when it is about to be forgotten.",
    "kata": "Hand out a task, or grade your answer with --check.",
    "card": "One card: its history; forget, suspend, flag it.",
    "path": "What needs what; what is passed, due, unlocked.",
    "list": "Decks and katas, with their status.",
    "plan": "Set or show the interview date, and what fits the days left.",
    "stats": "Your history in pictures.",
    "undo": "Take back the last ratings.",
    "grade": "Judge many submissions of one kata.",
    "new": "Begin a kata or a deck of your own.",
    "pack": "Other people's decks and katas: add, list, remove.",
    "lint": "Is the content sound? Decks and katas, ours or yours.",
    "doctor": "Is this machine sound?",
    "export": "Write cards out for Anki, csv or json.",
    "import": "Read cards in from csv or json.",
    "backup": "Write the whole history to one file.",
    "restore": "Bring the history back from a backup.",
}


ROOMS = {
    "ahead": ("today", "path", "plan"),
    "drill": ("quiz", "card", "list", "stats", "undo"),
    "katas": ("kata", "grade"),
    "content": ("new", "pack", "lint", "export", "import"),
    "person": ("doctor", "backup", "restore"),
}
MODULES = {name: f"interview.cli.{room}.{name}" for room, names in ROOMS.items() for name in names}
MODULES["import"] += "_"  # a word of Python's
