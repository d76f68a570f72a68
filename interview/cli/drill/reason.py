"""The reason why a card came: the log says `kata dropout: p_zero`, which is `from the kata dropout: p = 0`."""

from __future__ import annotations

import re

from interview.cli.everything import shelf_of
from interview.cli.world import World
from interview.content.catalog import find_kata
from interview.errors import ContentError
from interview.printable import printable_line
from interview.text import LIST, Text


def reason(world: World, why: str) -> str:
    """The failed checks by their titles; where the kata is gone or cannot be read, as the log has it."""
    found = re.fullmatch(r"kata ([\w.-]+): (.+)", why)
    if not found:
        return printable_line(why, 200)
    name, failed = found.groups()
    titles: dict[str, str] = {}
    try:
        if folder := find_kata(world.roots(), name):
            titles = {check.id: check.title.say(world.lang) for check in shelf_of(world).kata(folder).checks}
    except ContentError:
        pass
    said = LIST.say(world.lang).join(titles.get(each, each) for each in failed.split(", "))
    return printable_line(Text(f"from the kata {name}: {said}", f"来自手写题 {name}：{said}").say(world.lang), 200)
