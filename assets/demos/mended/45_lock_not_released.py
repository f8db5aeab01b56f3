import multiprocessing
import time

PATIENCE = 3


def divide(lock, number):
    with lock:
        print(f"Has the lock: 100 / {number}")
        print(f"100 / {number} = {100 / number}")


if __name__ == "__main__":
    start = time.perf_counter()

    lock = multiprocessing.Lock()
    p1 = multiprocessing.Process(target=divide, args=[lock, 0])
    p2 = multiprocessing.Process(target=divide, args=[lock, 4])
    p1.start()
    p1.join()

    p2.start()
    p2.join(PATIENCE)  # None: for ever
    print(f"P-2 has ended: {not p2.is_alive()}")
    if p2.is_alive():
        lock.release()  # what P-1 did not do
    p2.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
