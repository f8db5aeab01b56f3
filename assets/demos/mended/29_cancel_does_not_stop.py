import concurrent.futures
import multiprocessing
import time

SECONDS = 1
WORKERS = 2


def do_something(seconds, stop):
    print(f"Sleeping for {seconds} second(s)...")
    if stop.wait(seconds):
        return "Stopped sleeping..."
    return "Done sleeping..."


if __name__ == "__main__":
    start = time.perf_counter()

    stop = multiprocessing.Manager().Event()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        future = executor.submit(do_something, SECONDS, stop)
        time.sleep(SECONDS / 2)
        stop.set()
        print(future.result())
        stop.clear()

        futures = [executor.submit(do_something, SECONDS, stop) for _ in range(WORKERS)]
        time.sleep(SECONDS / 2)
        stop.set()
        for future in futures:
            print(future.result())

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
