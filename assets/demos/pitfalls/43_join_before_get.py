import multiprocessing
import time

MEGABYTES = 10
PATIENCE = 3


def produce(queue):
    queue.put(bytes(MEGABYTES * 1_000_000))
    print("Put all")


if __name__ == "__main__":
    start = time.perf_counter()

    queue = multiprocessing.Queue()
    p = multiprocessing.Process(target=produce, args=[queue])
    p.start()

    p.join(PATIENCE)  # None: for ever
    print(f"P-1 has ended: {not p.is_alive()}")
    data = queue.get()
    print(f"Got {len(data)} bytes")
    p.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
