"""What the processes of a played script wait for, where the probe does not report it by itself.

No call of the script is wrapped for it, so a script that never waits pays nothing. The app looks at
each process from outside, and asks inside only while it sleeps:

- `kernel`: what the system tells of a thread: when it ran, and in which call it sleeps.
- `watcher`: looks some times a second, and tells each wait from its begin to its end.
- `inquiries`, `bells`, `answers`: asks a process what its threads wait for.
- `naming`, `identities`: what a wait and its object are called, the same in all processes.
- `holders`, `renewals`: who has what is waited for, also while the wait goes on.
- `picture`, `stuck`, `deadlocks`: who could wake whom, and whether nobody can go on.
"""
