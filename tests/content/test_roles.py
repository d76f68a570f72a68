from __future__ import annotations

import re

from interview.cli.world import shipped
from interview.content.catalog import deck_names
from interview.content.roles import roles


def test_every_weight_names_a_deck_of_ours_and_its_source() -> None:
    """What is weighed is there, and a source is a title and figures: without one a topic weighs 1."""
    decks = deck_names([shipped()])
    for role in roles().values():
        assert role.title.en
        assert re.search(r"[\u4e00-\u9fff]", role.title.zh)
        for each in role.weights:
            assert each.topic in decks
            assert each.weight > 1
            assert re.search(r"\d+ (?:interview problems|questions)", each.source)
            assert each.topic in each.source


def test_a_weight_is_twice_the_mean_of_what_its_source_counts() -> None:
    """The rule at the head of the file, over the figures in the sentence: 2 from twice the mean of our topics on."""
    names = deck_names([shipped()])
    for role in roles().values():
        for each in role.weights:
            counted = dict.fromkeys(names, 0)
            said = each.source[each.source.index(" of ") :].replace("none on", "0 on")
            for n, topic in re.findall(r"(\d+) (?:are )?on (\w+)", said):
                counted[topic] = int(n)
            mean = sum(counted.values()) / len([name for name in names if name in said])
            assert counted[each.topic] >= 2 * mean, (role.name, counted)


def test_what_is_not_named_weighs_one() -> None:
    """In a role with weights, and in one of which no source tells."""
    assert roles()["llm-inference"].weight("dropout") == 1
    assert roles()["llm-inference"].weight("attention") == 2
    assert {roles()["recsys"].weight(each) for each in deck_names([shipped()])} == {1}
