"""What a person's own tools are told: the shell that completes, the editor that opens."""
