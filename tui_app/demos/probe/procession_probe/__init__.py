"""The probe: what runs inside every Python process of a played script, and reports from there.

It changes nothing that the script can tell from its results: what it wraps does what it did, and
says so. It is loaded at the start of each interpreter, so it imports next to nothing, and wraps
`multiprocessing` and `concurrent.futures` only when the script imports them. It knows nothing of
the package around it, and must run under whichever Python plays the script. `typing` alone would
cost as much as all of it, so it is there for the type checker only.

- `home`: the line to the hub; what every other module reports with.
- `start`: puts everything in place, once in an interpreter, and anew after each fork.
- `prints`: `sys.stdout`, `sys.stderr` and `sys.stdin`.
- `lines`: which line of the script the main process is on.
- `waits`: `waiting` and `resumed`, and `time.sleep`.
- `imports`: wraps a module when it is first imported.
- `processes`, `futures`, `pools`, `calls`: `multiprocessing.Process`, `concurrent.futures`,
  `multiprocessing.Pool`, and a call that travels to a worker.
- `tracebacks`: keeps the probe's own frames out of them.
"""
