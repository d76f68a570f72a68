# Graphs that were never made, for every call.
# must: failed|crashed
# with: frames
honest = WORKER.answer


def answer(header, payload):
    if header.get("op") != "calls":
        return honest(header, payload)
    body = [
        ["value", {"x": ["float32", [2, 3], 0, True]}],
        ["live", [0, 0, 7, -1, None]],
        ["graph", 10**30],
        ["changed", [None, "a"]],
    ]
    return {"value": [{"d": body}] * len(header["calls"])}, [bytes(24)]


WORKER.answer = answer
