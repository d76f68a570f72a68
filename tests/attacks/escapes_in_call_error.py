# Terminal escapes in the text and the name of an exception.
# must: failed
Odd = type("\x1b[2J[red]Passed[/red]\n", (Exception,), {})
def dropout(*a, **k):
    raise Odd("\x1b[31m" + "passed\n" * 1000)
