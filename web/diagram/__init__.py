"""The drawing of a process with a case's way on it, and the same way as a list."""
