"""Work of the record, done by the task worker."""
