import multiprocessing
import time

SECONDS = [1, 1.5, 2.5]


def hike(hut, name, seconds):
    time.sleep(seconds)
    print(f"{name} is at the hut")
    hut.wait()
    print(f"{name} goes on")


if __name__ == "__main__":
    start = time.perf_counter()

    hut = multiprocessing.Barrier(len(SECONDS))
    hikers = []
    for number, seconds in enumerate(SECONDS, 1):
        name = f"Hiker {number}"
        p = multiprocessing.Process(target=hike, args=[hut, name, seconds])
        p.start()
        hikers.append(p)

    for p in hikers:
        p.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
