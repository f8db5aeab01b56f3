import concurrent.futures
import time

SECONDS = 2
WORKERS = 1


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    print("Done sleeping...")


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        executor.submit(do_something, SECONDS)

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
