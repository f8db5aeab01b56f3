"""Records: the events of runs, kept in files, found again, and read up to any moment.

`blocks` is the format, `recorder` writes it, `reader` reads it, `store` is the folder with all
records. `freezing` and `moments` make any moment of a very long run quick to reach.
"""
