"""What screens are made of. The log, the process rows and the timeline draw their own lines."""
