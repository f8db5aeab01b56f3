"""The probe: what runs inside every Python process of a played script, and reports from there.

It changes nothing that the script can tell from its results: what it wraps does what it did, and
says so. It is loaded at the start of each interpreter, so it imports next to nothing, and wraps
`multiprocessing` and `concurrent.futures` only when the script imports them. It knows nothing of
the package around it, and must run under whichever Python plays the script. `typing` alone would
cost as much as all of it, so it is there for the type checker only.

Three rules keep it out of the script's way. What crosses to another process holds nothing of the
probe's: that process may be without it. No frame of the probe stands between the script's own and
who called it. And a descriptor is looked at before it is used: the script may have put another
file there.

- `home`: what leads to the hub.
- `start`: puts everything in place, once in an interpreter, and anew after each fork.
- `prints`: `sys.stdout`, `sys.stderr` and `sys.stdin`.
- `cstdio`: C's own stdout.
- `lines`: which line of the script the main process is on.
- `waits`: `waiting` and `resumed`, and `time.sleep`.
- `holding`: keeps signals back where an error would be lost.
- `imports`: wraps a module when it is first imported.
- `wrapping`: what wrappers have in common.
- `work`: the tasks, and which one this process has in hand.
- `processes`, `futures`, `pools`: `multiprocessing.Process`, `concurrent.futures`,
  `multiprocessing.Pool`.
- `tracebacks`: keeps the probe's own frames out of them.
"""
