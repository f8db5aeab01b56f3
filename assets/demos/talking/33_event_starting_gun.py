import multiprocessing
import time

RUNNERS = 4
SECONDS = 1.5


def run(gun, number):
    print(f"Ready: {number}")
    gun.wait()
    print(f"Running: {number}")


if __name__ == "__main__":
    start = time.perf_counter()

    gun = multiprocessing.Event()
    runners = []
    for number in range(1, RUNNERS + 1):
        p = multiprocessing.Process(target=run, args=[gun, number])
        p.start()
        runners.append(p)

    time.sleep(SECONDS)
    print("Bang!")
    gun.set()

    for p in runners:
        p.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
