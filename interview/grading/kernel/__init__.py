"""What a process of ours asks of the kernel."""
