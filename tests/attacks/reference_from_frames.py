# Steals an earlier submission (right, judged before in this zygote) from the frames it was forked in.
# must: crashed
# after: right
import sys
def strings(value, depth=0):
    if isinstance(value, str): yield value
    elif isinstance(value, bytes): yield value.decode("utf-8", "replace")
    elif isinstance(value, dict) and depth < 4:
        for each in list(value.values()): yield from strings(each, depth + 1)
    elif isinstance(value, (list, tuple)) and depth < 4:
        for each in value: yield from strings(each, depth + 1)
frame = sys._getframe()
found = None
while frame is not None:
    for text in strings(dict(frame.f_locals)):
        if "STOLEN" "-MARK" in text and "def dropout" in text and "f_locals" not in text:
            found = text
    frame = frame.f_back
if found is None:
    raise LookupError("nothing to steal")
exec(found, globals())
