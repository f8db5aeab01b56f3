import concurrent.futures
import os
import time

CALLS = 24
CPUS = None  # as many as there are
SIZE = 500000


def compute(size):
    return sum(number * number for number in range(size))


if __name__ == "__main__":
    cpus = CPUS or os.cpu_count()
    step = max(1, cpus // 4)  # fewer rounds where there are many

    for workers in sorted({1, *range(step, 2 * cpus + 1, step)}):
        with concurrent.futures.ProcessPoolExecutor(workers) as executor:
            start = time.perf_counter()
            for _ in executor.map(compute, [SIZE] * CALLS):
                pass
            finish = time.perf_counter()

        print(f"Finished in {finish - start:.2f} second(s) by {workers} worker(s)")
