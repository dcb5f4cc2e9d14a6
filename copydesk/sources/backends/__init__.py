"""What sources have outside of the process: the sandbox in which their bytes are read."""
