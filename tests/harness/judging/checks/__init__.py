"""One rule a file. `registry` finds them by itself, so a new rule is a new file and nothing else."""
