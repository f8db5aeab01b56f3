"""The probe: the code that reports from inside every Python process of a played script.

The script's results are as without it: what it wraps does the same, and reports it. Each
interpreter loads it at its start, so it imports next to nothing, and it wraps `multiprocessing` and
`concurrent.futures` only when the script imports them. It imports nothing of the package around it
and runs under whichever Python plays the script. `typing` alone would cost as much as all of it, so
only the type checker reads that.

Three rules keep it out of the script's way:

- What it hands to another process holds nothing of its own: that process may be without the probe.
- No frame of the probe stands between the script's code and its caller.
- It looks at a descriptor before it uses it: the script may have put another file there.

The modules:

- `home`: the way to the event server.
- `start`: puts everything in place, once in an interpreter and again after each fork.
- `prints`: `sys.stdout`, `sys.stderr` and `sys.stdin`.
- `cstdio`: C's own stdout.
- `lines`: the line of the script that the main process is on.
- `answering`, `gathering`: what threads wait for, told when the event server asks.
- `frames`, `objects`, `holders`, `feeders`: what is asked of frames and of what threads wait for.
- `leaving`: the locks that a process has when it ends.
- `counting`: how many threads and asyncio tasks were started.
- `loops`, `coroutines`: the tasks of asyncio's event loops, and what each awaits.
- `waits`: the reports `waiting` and `resumed`, and `time.sleep`.
- `allowance`: how much may be told one by one.
- `holding`: keeps signals back where an error would be lost.
- `imports`: wraps a module when it is first imported.
- `wrapping`: what wrappers have in common.
- `work`: the tasks, and which one this process has in hand.
- `processes`, `futures`, `pools`: `multiprocessing.Process`, `concurrent.futures`,
  `multiprocessing.Pool`.
- `commands`: `subprocess`.
- `tracebacks`: keeps the probe's own frames out of tracebacks.
"""
