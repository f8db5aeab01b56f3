import multiprocessing
import time

DEPOSITS = 2
PROCESSES = 3
SECONDS = 0.4


def deposit(lock, total):
    for _ in range(DEPOSITS):
        with lock:
            before = total.value
            time.sleep(SECONDS)
            total.value = before + 1


if __name__ == "__main__":
    start = time.perf_counter()

    lock = multiprocessing.Lock()
    total = multiprocessing.Value("i", 0, lock=False)
    processes = []
    for _ in range(PROCESSES):
        p = multiprocessing.Process(target=deposit, args=[lock, total])
        p.start()
        processes.append(p)

    for p in processes:
        p.join()
    print(f"Total: {total.value} of {PROCESSES * DEPOSITS}")

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
