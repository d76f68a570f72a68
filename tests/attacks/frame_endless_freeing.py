# Answers with graphs that must be let go of, and errors to that.
# must: failed|crashed
# with: frames, wrong
WORKER.do_free = lambda graphs: 1 / 0
