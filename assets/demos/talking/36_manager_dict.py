import multiprocessing
import time

PROCESSES = 3
SECONDS = 1


def write(ordinary, managed, number):
    time.sleep(SECONDS)
    ordinary[number] = "written"
    managed[number] = "written"


if __name__ == "__main__":
    start = time.perf_counter()

    with multiprocessing.Manager() as manager:
        ordinary, managed = {}, manager.dict()
        processes = []
        for number in range(PROCESSES):
            args = [ordinary, managed, number]
            p = multiprocessing.Process(target=write, args=args)
            p.start()
            processes.append(p)

        for p in processes:
            p.join()
        print(f"In the ordinary dict: {len(ordinary)} of {PROCESSES}")
        print(f"In the manager's dict: {len(managed)} of {PROCESSES}")

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
