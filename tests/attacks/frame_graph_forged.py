# Right values, and a graph whose gradients are made up.
# must: failed
# with: frames, right
from interview.grading.wire.answers import Returned

WORKER.do_backward = lambda graph, grads: Returned([None, torch.zeros(3)])
