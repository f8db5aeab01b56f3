import concurrent.futures
import time

SECONDS = 2
WORKERS = 2


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    return "Done sleeping..."


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        f1 = executor.submit(do_something, SECONDS)
        f2 = executor.submit(do_something, SECONDS)

        print(f1.result())
        print(f2.result())

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
