# Steals an earlier submission from gc.
# must: crashed
# after: right
import gc
found = None
for each in gc.get_objects():
    values = list(each.values()) if type(each) is dict else list(each) if type(each) in (list, tuple) else []
    for text in values:
        if type(text) is str and "STOLEN" "-MARK" in text and "def dropout" in text and "get_objects" not in text:
            found = text
if found is None:
    raise LookupError("nothing to steal")
exec(found, globals())
