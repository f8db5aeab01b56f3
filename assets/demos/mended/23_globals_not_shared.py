import concurrent.futures
import time

CALLS = 4
SECONDS = 0.5
WORKERS = 2

calls_done = 0


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    return 1


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        for done in executor.map(do_something, [SECONDS] * CALLS):
            calls_done += done

    print(f"Calls done, as main counts: {calls_done} of {CALLS}")

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
