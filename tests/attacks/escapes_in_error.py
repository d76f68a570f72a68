# Terminal escapes, markup and bidirectional marks in its error text.
# must: crashed
raise RuntimeError("\x1b]0;owned\x07\x1b[2J\r[bold]passed[/bold]\u202e\x9b31m\ud800" + "A" * 100000)
