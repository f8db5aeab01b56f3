import concurrent.futures
import time

CALLS = 5000
MEGABYTES = 64
WORKERS = 2


def do_nothing(_):
    pass


def make_data(megabytes):
    data = bytes(megabytes * 1_000_000)
    return len(data)


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        for chunksize in [1000]:
            start = time.perf_counter()
            for _ in executor.map(do_nothing, range(CALLS), chunksize=chunksize):
                pass
            finish = time.perf_counter()
            print(
                f"Finished in {finish - start:.3f} second(s): {CALLS} calls, chunksize {chunksize}"
            )

        start = time.perf_counter()
        executor.submit(make_data, MEGABYTES).result()
        finish = time.perf_counter()
        print(f"Finished in {finish - start:.3f} second(s): made {MEGABYTES} MB there")
