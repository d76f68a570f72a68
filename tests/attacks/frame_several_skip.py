# Each call ends as a test would be skipped or ended.
# must: failed|crashed
# with: frames
honest = WORKER.answer


def answer(header, payload):
    if header.get("op") != "calls":
        return honest(header, payload)
    names = ("Skipped", "Exit", "SystemExit", "KeyboardInterrupt", "WorkerLate", "Unseen")
    told = [{"d": [["type", each], ["bases", [each, "BaseException"]], ["text", ""], ["line", None]]} for each in names]
    return {"value": [{"d": [["error", told[n % len(told)]]]} for n in range(len(header["calls"]))]}, []


WORKER.answer = answer
