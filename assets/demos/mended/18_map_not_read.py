import concurrent.futures
import time

CALLS = 5
SECONDS = 0.5
WORKERS = 5


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    return "Done sleeping for " + seconds  # TypeError: a text plus a number


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        for result in executor.map(do_something, [SECONDS] * CALLS):
            print(result)

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
