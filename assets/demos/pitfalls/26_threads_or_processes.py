import concurrent.futures
import time

CALLS = 8
SIZE = 1500000
WORKERS = 2


def compute(size):
    return sum(number * number for number in range(size))


if __name__ == "__main__":
    start = time.perf_counter()
    for _ in range(CALLS):
        compute(SIZE)
    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s) in turn")

    for kind in ["ThreadPoolExecutor", "ProcessPoolExecutor"]:
        with getattr(concurrent.futures, kind)(WORKERS) as executor:
            start = time.perf_counter()
            for _ in executor.map(compute, [SIZE] * CALLS):
                pass
            finish = time.perf_counter()
        print(f"Finished in {finish - start:.2f} second(s) by a {kind}")
