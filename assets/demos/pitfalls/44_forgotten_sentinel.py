import multiprocessing
import time

CONSUMERS = 2
ITEMS = 4
PATIENCE = 3
SECONDS = 0.4


def consume(queue):
    while (item := queue.get()) is not None:
        time.sleep(SECONDS)
        print(f"Did item {item}")
    print("Went home")


if __name__ == "__main__":
    start = time.perf_counter()
    queue = multiprocessing.Queue()
    consumers = [multiprocessing.Process(target=consume, args=[queue]) for _ in range(CONSUMERS)]
    for p in consumers:
        p.start()
    for number in range(ITEMS):
        queue.put(number + 1)
    queue.put(None)  # the sentinel
    for p in consumers:
        p.join(PATIENCE)  # None: for ever
    waiting = sum(p.is_alive() for p in consumers)
    print(f"Still waiting: {waiting} of {CONSUMERS}")
    for _ in range(waiting):
        queue.put(None)  # what was forgotten
    for p in consumers:
        p.join()
    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
