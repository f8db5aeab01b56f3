import concurrent.futures
import time

CALLS = 12
CHUNKSIZE = 3
SECONDS = 1
WORKERS = 2


def prepare():
    global table
    print("Preparing...")
    time.sleep(SECONDS)
    table = [number * number for number in range(CALLS)]


def look_up(number):
    time.sleep(SECONDS / 10)
    return f"The square of {number} is {table[number]}"


if __name__ == "__main__":
    start = time.perf_counter()

    with concurrent.futures.ProcessPoolExecutor(WORKERS, initializer=prepare) as executor:
        for line in executor.map(look_up, range(CALLS), chunksize=CHUNKSIZE):
            print(line)

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
