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
        results = executor.map(do_something, SECONDS)

        for result in results:
            print(result)

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
