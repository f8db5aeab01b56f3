import concurrent.futures
import time

CALLS = 5000
MEGABYTES = 64
WORKERS = 2


def do_nothing(_):
    pass


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        for chunksize in [1, 1000]:
            start = time.perf_counter()
            for _ in executor.map(do_nothing, range(CALLS), chunksize=chunksize):
                pass
            finish = time.perf_counter()
            print(
                f"Finished in {finish - start:.3f} second(s): {CALLS} calls, chunksize {chunksize}"
            )

        start = time.perf_counter()
        data = bytes(MEGABYTES * 1_000_000)
        executor.submit(do_nothing, data).result()
        finish = time.perf_counter()
        print(f"Finished in {finish - start:.3f} second(s): passed {MEGABYTES} MB")
