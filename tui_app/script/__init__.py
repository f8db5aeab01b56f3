"""How any script is played: the task, the supervisor, the probe, and the events of its run.

     the app                  │ a pool's worker │ the script's own session
                              │                 │
  ScriptRun ─ Run ────────────┼──▶ play() ──────┼──▶ supervisor.py ─ fork, exec ─▶ python script.py
     ▲                        │                 │         │                           │ fork, spawn
     │                        │                 │         │ which processes ended     ▼
     └─ ScriptEventServer ◀───┼─────────────────┼─────────┴── the probe's reports ── its processes
           │                  │                 │             one line for each process
           ▼
        events, in the order in which they happened

The script runs unchanged. `probe/` is the first folder on its PYTHONPATH, so each interpreter of
the group loads `sitecustomize` and connects to the server. Here `event_server` takes greetings and
reports, `members` knows who is there, `ends` sees how each ended, `tree` finds programs that are
not Python, and `pipes` reads what was written. `program` is what is played, `interpreter` by which
Python. The supervisor, the fork server and the resource tracker are helpers: they appear in no
event.
"""
