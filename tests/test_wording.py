"""What the shipped decks and katas say, where a rule of wording or of sources can be checked without a reader."""

from __future__ import annotations

from interview.cli.world import shipped
from interview.content.references import load_references
from interview.terminal.back import citation

NO_URL: dict[str, str] = {}  # a source that stands nowhere on the web, and why


def test_every_source_can_be_opened() -> None:
    """Each reference has an address, or stands in `NO_URL` with the reason."""
    references = load_references(shipped() / "questions" / "references.yaml")
    lacking = {key for key, reference in references.items() if not reference.url}
    assert lacking == set(NO_URL)
    assert all((reference.url or "https://").startswith("https://") for reference in references.values())


def test_no_two_sources_read_alike() -> None:
    """On a card's back, files and pages of one project are told apart; so are their addresses."""
    references = load_references(shipped() / "questions" / "references.yaml").values()
    for said in ([citation(each) for each in references], [each.url for each in references]):
        assert sorted(x for x in set(said) if said.count(x) > 1) == []
