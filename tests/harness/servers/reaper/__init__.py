"""A small program that outlives pytest by moments and cleans up after it, and the side of the suite that starts it."""
