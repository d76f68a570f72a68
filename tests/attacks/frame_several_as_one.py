# One value where several calls were made.
# must: failed|crashed
# with: frames
honest = WORKER.answer


def answer(header, payload):
    if header.get("op") != "calls":
        return honest(header, payload)
    return {"value": True}, []


WORKER.answer = answer
