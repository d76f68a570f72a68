"""The katas' commands: a task handed out, checked, watched; many submissions graded."""
