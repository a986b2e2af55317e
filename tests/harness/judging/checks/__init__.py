"""One check a file. `registry` finds them by itself, so a new check is a new file and nothing else."""
