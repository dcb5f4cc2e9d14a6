"""Changes to the record: it is appended to, and nothing else."""
