"""The commands for what is the person's: the machine looked at, the history backed up and restored."""
