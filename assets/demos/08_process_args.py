import multiprocessing
import time

CALLS = 10
SECONDS = 2


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    print("Done sleeping...")


if __name__ == "__main__":
    start = time.perf_counter()

    processes = []
    for _ in range(CALLS):
        p = multiprocessing.Process(target=do_something, args=[SECONDS])
        p.start()
        processes.append(p)

    for p in processes:
        p.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
