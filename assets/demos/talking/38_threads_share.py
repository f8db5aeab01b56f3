import multiprocessing
import threading
import time

CALLS = 3
SECONDS = 1

results = []


def do_something():
    time.sleep(SECONDS)
    results.append("done")


if __name__ == "__main__":
    for kind in [threading.Thread, multiprocessing.Process]:
        start = time.perf_counter()
        results.clear()
        workers = [kind(target=do_something) for _ in range(CALLS)]
        for w in workers:
            w.start()
        for w in workers:
            w.join()
        print(f"Results by {kind.__name__}: {len(results)} of {CALLS}")

        finish = time.perf_counter()
        print(f"Finished in {finish - start:.2f} second(s)")
