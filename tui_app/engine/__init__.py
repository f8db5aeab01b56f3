"""Runs tasks in processes and yields what happens as events.

                        the engine's process                          │  each worker
                                                                      │
  tasks ──▶ Scheduler ── run_in_executor ──▶ OneWorker ── tasks ──────┼──▶ run_tasks()
             │  ▲  ◀── a worker is free ────────┘      ◀── its pid ───┼───────┘ │
             │  │                                                     │         │
             │  └── EventServer ◀── ChannelServer ◀── steps, ends, ───┼─────────┘
             ▼      makes events      reads           prints, writes  │
           Inbox                                      to fds 1 and 2: a socket for each kind
             │
             ▼
           events, in order of arrival

- `run` begins and ends it all; `spec` has the values that a caller hands to it.
- `cluster` has the tasks done by a Dask cluster; `base_scheduler` is what both ways share.
- `scheduler` decides: `backlog` holds the tasks, `batching` says how many are sent at once,
  `in_flight` knows which are under way, `retry_policy` which are tried again.
- `workforce` and `slots` hold the workers; `executors` and `piped_worker` are two ways to have one,
  with `contexts` and `forkserver` for starting it.
- `channel_server` reads, `event_server` makes events, `inbox` keeps them for the reader.
- `limits` and `machine` know how much this machine can do.
- `worker`, `call_server` and `resource_usage` are the other side. Workers import them, so they load
  neither asyncio nor Textual.
"""
