import multiprocessing
import time

PATIENCE = 3
SECONDS = 0.5


def write(first, second):
    with first:
        print("Has one lock, wants the other")
        time.sleep(SECONDS)
        with second:
            print("Has both locks")


if __name__ == "__main__":
    start = time.perf_counter()

    pen, paper = multiprocessing.Lock(), multiprocessing.Lock()
    p1 = multiprocessing.Process(target=write, args=[pen, paper])
    p2 = multiprocessing.Process(target=write, args=[paper, pen])
    p1.start()
    p2.start()

    p1.join(PATIENCE)  # None: for ever
    print(f"P-1 has ended: {not p1.is_alive()}")
    if p1.is_alive():
        p1.terminate()
        p2.terminate()
    p2.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
