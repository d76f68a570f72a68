import re
from collections import defaultdict


def pack(text: str) -> str:
    return "".join(f"<{byte:02x}>" for byte in text.encode())


def parts(packed: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in re.findall(r"<(\w+)>", packed)]


def glue(packed: str, pair: tuple[bytes, bytes]) -> str:
    a, b = pair[0].hex(), pair[1].hex()
    return packed.replace(f"<{a}><{b}>", f"<{a}{b}>")


def train_bpe(text: str, num_merges: int) -> list[tuple[bytes, bytes]]:
    packed, merges = pack(text), []
    for _ in range(num_merges):
        counts = defaultdict(int)
        tokens = parts(packed)
        for n in range(len(tokens) - 1):
            counts[tokens[n], tokens[n + 1]] += 1
        often = [pair for pair in counts if counts[pair] >= 2]
        if not often:
            return merges
        best = sorted(often, key=lambda pair: (-counts[pair], pair[0], pair[1]))[0]
        merges += [best]
        packed = glue(packed, best)
    return merges


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[bytes]:
    packed = pack(text)
    for pair in merges:
        packed = glue(packed, pair)
    return parts(packed)


def bpe_decode(tokens: list[bytes]) -> str:
    return bytes(b for token in tokens for b in token).decode("utf8")
