# Answers that are numbers, lists, and objects without a value.
# must: failed|crashed
# with: frames
honest = WORKER.answer


def answer(header, payload):
    if header.get("op") != "calls":
        return honest(header, payload)
    kinds = (1, [], None, {"d": []}, {"d": [["valu", 1]]}, {"t": []}, {"o": "x"}, {"d": [["error", 1]]})
    return {"value": [kinds[n % len(kinds)] for n in range(len(header["calls"]))]}, []


WORKER.answer = answer
