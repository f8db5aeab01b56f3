import concurrent.futures
import time

SECONDS = [5, 4, 3, 2, 1]
WORKERS = 5


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    return f"Done sleeping for {seconds} second(s)"


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        futures = [executor.submit(do_something, seconds) for seconds in SECONDS]

        for future in concurrent.futures.as_completed(futures):
            print(future.result())

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
