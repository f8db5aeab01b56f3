import concurrent.futures
import time

CALLS = 10
SECONDS = 1.5
WORKERS = 8


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    return "Done sleeping..."


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        futures = [executor.submit(do_something, SECONDS) for _ in range(CALLS)]

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
