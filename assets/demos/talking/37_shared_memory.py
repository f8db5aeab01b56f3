import multiprocessing
import time
from multiprocessing import shared_memory

SECONDS = 1
WORD = "share"


def write(name, place, letter):
    memory = shared_memory.SharedMemory(name)
    time.sleep(SECONDS)
    memory.buf[place] = letter
    memory.close()


if __name__ == "__main__":
    start = time.perf_counter()

    letters = WORD.encode()
    memory = shared_memory.SharedMemory(create=True, size=len(letters))
    processes = []
    for place, letter in enumerate(letters):
        args = [memory.name, place, letter]
        processes.append(multiprocessing.Process(target=write, args=args))
        processes[-1].start()

    for p in processes:
        p.join()
    read = bytes(memory.buf[: len(letters)])
    print(f"Main reads: {read.decode(errors='replace')!r}")
    memory.close()
    memory.unlink()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
