# Replaces the judge's and the proxy's functions, which it can import but not reach.
# must: failed|crashed
# with: wrong
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("interview.grading"):
        for attribute in ("check_seed", "say", "found", "submission_error", "expect", "expect_equal", "conclude"):
            if hasattr(module, attribute):
                setattr(module, attribute, lambda *a, **k: None)
