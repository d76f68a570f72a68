# An exception that calls itself Skipped, Exit, WorkerGone and AssertionError.
# must: failed
class Skipped(BaseException): pass
class WorkerGone(Exception): pass
names = [Skipped, WorkerGone, GeneratorExit, KeyboardInterrupt, StopIteration]
def dropout(x, p=0.5, training=True):
    kind = names.pop() if names else AssertionError
    if issubclass(kind, Skipped):
        kind = type("Exit", (Exception,), {"__module__": "_pytest.outcomes"})
    raise kind("skipped")
