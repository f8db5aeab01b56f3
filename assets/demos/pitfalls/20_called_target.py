import multiprocessing
import time

CALLS = 3
SECONDS = 1


def do_something():
    print(f"Sleeping for {SECONDS} second(s)...")
    time.sleep(SECONDS)
    print("Done sleeping...")


if __name__ == "__main__":
    start = time.perf_counter()

    processes = []
    for _ in range(CALLS):
        p = multiprocessing.Process(target=do_something())
        p.start()
        processes.append(p)

    for p in processes:
        p.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
