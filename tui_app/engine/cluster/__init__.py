"""A run's work on a Dask cluster.

      the engine's process                     │ Dask's scheduler │  each worker
                                               │                  │
  ClusterScheduler ── run_in_executor ──▶ Link ── calls ──────────┼──▶ run_call()
        ▲                                  ▲   │  (places, queues,│     │      │
        │◀── answers: the last events ─────┼───┼── moves)  ◀──────┼─────┘      │
        │                                  │   │                  │            │
        └── ClusterWorkers ◀── a topic of events ─┴───┼──────────────────┼── begin, step, print
            (names, numbers, clocks)           │                  │

- `link` is the only room that talks to `distributed`, from threads beside the loop.
- `workers` knows the cluster's workers, and puts their times into the time of the run.
- `scheduler` keeps a bounded number of calls in flight, and decides what a lost worker means;
  `stopping` sees to it that a call does not go on.
- `inspection` compares workers with us before the run.
- `worker_side` and `telling` run in Dask's workers: they import what our own workers import.

Placement and queueing are Dask's. What travels from a worker to us is text.
"""
