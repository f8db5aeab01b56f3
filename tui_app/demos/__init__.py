"""What we teach: the demos with their lessons, parameters, comparisons and questions."""
