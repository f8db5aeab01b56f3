import multiprocessing
import time

CALLS = 7
PLACES = 3
SECONDS = 0.8


def park(places, number):
    with places:
        print(f"Parked: {number}")
        time.sleep(SECONDS)
        print(f"Left: {number}")


if __name__ == "__main__":
    start = time.perf_counter()

    places = multiprocessing.Semaphore(PLACES)
    processes = []
    for number in range(1, CALLS + 1):
        p = multiprocessing.Process(target=park, args=[places, number])
        p.start()
        processes.append(p)

    for p in processes:
        p.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
