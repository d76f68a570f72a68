# Answers with graphs that must be let go of, and errors to that.
# must: failed|crashed
# with: frames, wrong
class Graphs(dict):
    def pop(self, *_):
        return 1 / 0


WORKER.graphs = Graphs()
