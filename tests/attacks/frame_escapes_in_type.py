# Terminal escapes and Rich markup as the name of a type.
# must: failed
# with: frames
name = "\x1b]0;owned\x07\x1b[2J[bold red]passed[/bold red]\u202e" + "A" * 200000
instead({"value": {"o": name}, "forbidden": [name], "changed": [], "initial_seed": 0})
