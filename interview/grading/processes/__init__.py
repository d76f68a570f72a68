"""Who forks whom."""
