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

`run` decides, `backlog` holds the tasks and tells which is next, `hub` listens, `slots`,
`executors` and `threads` hold the workers, `prestart` has their server ready, `worker` is the other
side of the line: it is imported by workers and loads neither asyncio nor Textual.
"""
