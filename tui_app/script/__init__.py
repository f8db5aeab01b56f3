"""How any script is played: the task, the supervisor, the probe, and the events of its run."""
