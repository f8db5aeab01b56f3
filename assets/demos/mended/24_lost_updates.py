import multiprocessing
import time

ROUNDS = 20
UPDATES = 20000
WORKERS = 2


def count_up(counter, barrier):
    for _ in range(ROUNDS):
        barrier.wait()  # all begin together
        for _ in range(UPDATES):
            with counter.get_lock():
                counter.value += 1
        barrier.wait()  # all have counted


if __name__ == "__main__":
    start = time.perf_counter()

    counter = multiprocessing.Value("i", 0)
    barrier = multiprocessing.Barrier(WORKERS + 1)  # main waits there, too
    for _ in range(WORKERS):
        multiprocessing.Process(target=count_up, args=[counter, barrier]).start()

    for _ in range(ROUNDS):
        counter.value = 0
        barrier.wait()
        barrier.wait()
        print(f"Counted {counter.value} of {WORKERS * UPDATES}")

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
