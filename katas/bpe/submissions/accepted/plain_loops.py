def train_bpe(text, num_merges):
    assert num_merges >= 0
    tokens = []
    for byte in text.encode("utf-8"):
        tokens.append(bytes([byte]))
    merges = []
    for _ in range(num_merges):
        best, most = None, 1
        for i in range(len(tokens) - 1):
            pair = (tokens[i], tokens[i + 1])
            count = 0
            for j in range(len(tokens) - 1):
                if tokens[j] == pair[0] and tokens[j + 1] == pair[1]:
                    count += 1
            if count > most or (count == most and best is not None and pair < best):
                best, most = pair, count
        if best is None:
            break
        merges.append(best)
        in_place(tokens, best)
    return merges


def in_place(tokens, pair):
    i = 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == pair:
            tokens[i : i + 2] = [pair[0] + pair[1]]
        i += 1


def bpe_encode(text, merges):
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    for pair in merges:
        in_place(tokens, pair)
    return tokens


def bpe_decode(tokens):
    data = b""
    for token in tokens:
        data += token
    return str(data, "utf-8")
