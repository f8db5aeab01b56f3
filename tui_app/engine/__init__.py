"""Runs tasks in processes and yields what happens as events.

                         the engine's process                        │  each worker
                                                                     │
  tasks ──▶ Run ── run_in_executor ──▶ Executor ── pickled tasks ────┼──▶ run_tasks()
             ▲  ◀─ a worker is free ──────┘     ◀── its pid ─────────┼───────┘ │
             │                                                       │         │
             └── Hub ◀── steps, ends, prints, writes to fd 1 and 2 ──┼─────────┘
                     one socket of its own for each kind, each worker│
             │
             ▼
           events, in order of arrival

`run` decides, `backlog` holds the tasks and tells which is next, `hub` listens, `staff`, `slots`
and `executors` hold the workers, `limits` and `machine` know how many can be had, `prestart` has
their server ready. `worker` and `serving` are the other side of the line: they are imported by
workers and load neither asyncio nor Textual.
"""
