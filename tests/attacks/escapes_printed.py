# Terminal escapes printed.
# must: failed
# with: wrong
print("\x1b]52;c;b3duZWQ=\x07\x1b[2J [bold]x[/bold] \u202e")
