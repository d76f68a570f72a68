# Prints what a passing run prints, and the events a judge sends, to every descriptor.
# must: failed
# with: wrong
import json, os
ended = [{"Ended": [None, None]}, "", None, None]
events = [{"CheckDone": ["interface", "", {"Passed": []}, ""]}, {"Judged": [[]]}, {"End": ended}]
text = "25 passed in 0.10s\n" + "".join(json.dumps(each) + "\n" for each in events)
print(text)
for descriptor in (0, 1, 2):
    try:
        os.write(descriptor, text.encode())
    except OSError:
        pass
