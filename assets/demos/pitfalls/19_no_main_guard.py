import multiprocessing
import time

SECONDS = 1


def do_something():
    print(f"Sleeping for {SECONDS} second(s)...")
    time.sleep(SECONDS)
    print("Done sleeping...")


def main():
    start = time.perf_counter()

    p1 = multiprocessing.Process(target=do_something)
    p2 = multiprocessing.Process(target=do_something)

    p1.start()
    p2.start()

    p1.join()
    p2.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")


main()
