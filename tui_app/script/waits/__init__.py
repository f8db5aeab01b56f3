"""What the processes of a played script wait for, where the probe does not report it by itself.

No call of the script is wrapped for it, so a script that never waits pays nothing. The app looks at
each process from outside, and asks inside only while it sleeps:

- `kernel`: what the system tells of a thread: when it ran, and in which call it sleeps.
- `watcher`: looks some times a second, and tells each wait from its begin to its end; `sights` is
  what it knows of a thread, and `short_waits` counts what is not told one by one.
- `threads`, `owners`: which threads are the script's, their numbers, names, begins and ends.
- `turns`: who has the GIL, where several threads compute.
- `loops`: what the tasks of asyncio await, from what the probe reports.
- `inquiries`, `bells`, `answers`: asks a process what its threads wait for.
- `naming`, `identities`: what a wait and its object are called, the same in all processes.
- `holders`, `renewals`: who has what is waited for, also while the wait goes on.
- `picture`, `stuck`, `deadlocks`: who could wake whom, and whether nobody can go on.
"""
