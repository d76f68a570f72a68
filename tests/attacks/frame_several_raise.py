# Each call raises what a check might look for, with bases of its own choice.
# must: failed|crashed
# with: frames
honest = WORKER.answer


def answer(header, payload):
    if header.get("op") != "calls":
        return honest(header, payload)
    error = [
        ["type", "ValueError"],
        ["bases", ["ValueError", "SystemExit", "Exception", "StopIteration"]],
        ["text", "\x1b[2J"],
        ["line", 10**9],
    ]
    return {"value": [{"d": [["error", {"d": error}]]}] * len(header["calls"])}, []


WORKER.answer = answer
