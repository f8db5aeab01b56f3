import concurrent.futures
import time

PATIENCE = 3
SECONDS = 0.5
WORKERS = 1


def inner():
    time.sleep(SECONDS)
    return "Inner is done"


def outer(executor):
    future = executor.submit(inner)
    print("Outer waits for inner...")
    return f"Outer is done: {future.result()}"


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as executor:
        future = executor.submit(outer, executor)
        concurrent.futures.wait([future], PATIENCE)  # None: for ever
        print(f"Outer has ended: {future.done()}")
        executor.shutdown(cancel_futures=True)  # takes inner out of the queue
    print(repr(future.exception() or future.result()))

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
