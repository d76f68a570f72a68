"""What lies ahead: today, the path, the plan."""
