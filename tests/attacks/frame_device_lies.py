# Says of the device test something that is no answer, with a wrong function.
# must: failed
# with: frames, wrong
WORKER.posed = lambda call: {"value": {"elsewhere": True}}
