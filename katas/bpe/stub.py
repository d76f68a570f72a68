def train_bpe(text: str, num_merges: int) -> list[tuple[bytes, bytes]]:
    """At most num_merges pairs of tokens, in the order in which they were merged. A token is a bytes object."""
    raise NotImplementedError


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[bytes]:
    """The tokens of text under merges that train_bpe returned, perhaps for another text."""
    raise NotImplementedError


def bpe_decode(tokens: list[bytes]) -> str:
    """The text whose tokens these are."""
    raise NotImplementedError
