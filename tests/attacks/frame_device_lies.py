# Says of the device test something that is no answer, with a wrong function.
# must: failed
# with: frames, wrong
from interview.grading.wire.answers import Lived

WORKER.posed = lambda call: Lived({"elsewhere": True})
