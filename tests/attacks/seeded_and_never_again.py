# Takes the generator away from the worker, so that no call is seeded: two calls at one seed are not alike.
# must: failed
# with: right
from interview.grading.answering import operations as w


class Other:
    def manual_seed(self, seed):
        return self


w.default_generator = Other()
