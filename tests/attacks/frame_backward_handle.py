# Gradients that are handles without end.
# must: failed
# with: frames, right
class Thing: pass
WORKER.do_backward = lambda graph, grads: {"value": Thing()}
