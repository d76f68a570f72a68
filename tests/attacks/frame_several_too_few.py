# Fewer answers than calls, and then more.
# must: failed|crashed
# with: frames
honest = WORKER.answer


def answer(header, payload):
    if header.get("op") != "calls":
        return honest(header, payload)
    count = len(header["calls"])
    return {"value": [{"d": [["value", None]]}] * (count - 1 if count % 2 else count + 1)}, []


WORKER.answer = answer
