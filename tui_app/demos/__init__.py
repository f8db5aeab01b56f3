"""The demos, and how a script is played.

     the app              │ a pool's worker │ the script's own session
                          │                 │
  PlayRun ─ Run ──────────┼──▶ play() ──────┼──▶ supervisor.py ── fork, exec ──▶ python script.py
     ▲                    │                 │         │                            │ fork, spawn
     │                    │                 │         │ who was reaped             ▼
     └─ PlayHub ◀─────────┼─────────────────┼─────────┴── what the probe tells ── its processes
           │              │                 │             one line for each process
           ▼
        events, in the order in which they happened

The script runs untouched. `probe/` stands first on its PYTHONPATH, so each interpreter of the
group loads `sitecustomize` and dials home. The supervisor, the fork server and the resource
tracker are helpers: they appear in no event.
"""
