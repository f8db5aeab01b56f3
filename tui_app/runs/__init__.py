"""What a reader makes of a run's events: its log, its view, its report; and the runs there are."""
