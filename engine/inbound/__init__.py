"""What comes from outside and becomes a command: results of jobs, and the passing of time."""
