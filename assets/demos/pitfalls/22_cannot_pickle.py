import concurrent.futures
import threading
import time

WORKERS = 1


def take(thing):
    return f"Took {type(thing).__name__}"


if __name__ == "__main__":
    start = time.perf_counter()

    things = [
        lambda text: text.upper(),
        threading.Lock(),
        open(__file__),
    ]

    with concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        for thing in things:
            try:
                print(executor.submit(take, thing).result())
            except Exception as error:
                print(f"{type(error).__name__}: {error}")

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
