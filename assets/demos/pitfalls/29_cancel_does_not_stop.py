import concurrent.futures
import multiprocessing
import time

SECONDS = 1
WORKERS = 2


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    return "Done sleeping..."


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        future = executor.submit(do_something, SECONDS)
        time.sleep(SECONDS / 2)
        print(f"Cancelled: {future.cancel()}")
        print(future.result())

        futures = [executor.submit(do_something, SECONDS) for _ in range(WORKERS)]
        time.sleep(SECONDS / 2)
        multiprocessing.active_children()[0].kill()
        for future in futures:
            print(f"Ended with {type(future.exception()).__name__}")

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
