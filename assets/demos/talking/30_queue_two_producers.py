import multiprocessing
import time

ITEMS = 3
SECONDS = [0.5, 0.8]


def produce(queue, name, seconds):
    for number in range(1, ITEMS + 1):
        time.sleep(seconds)
        queue.put(f"item {number} of producer {name}")
    queue.put(None)  # the sentinel: nothing more will come


if __name__ == "__main__":
    start = time.perf_counter()

    queue = multiprocessing.Queue()
    for name, seconds in enumerate(SECONDS, 1):
        p = multiprocessing.Process(target=produce, args=[queue, name, seconds])
        p.start()

    producers = len(SECONDS)
    while producers:
        item = queue.get()
        if item is None:
            producers -= 1
        else:
            print(f"Got {item}")

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
