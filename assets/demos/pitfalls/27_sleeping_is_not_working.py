import concurrent.futures
import time

CALLS = 10
SECONDS = 0.3


def sleep(seconds):
    time.sleep(seconds)


def compute(seconds):
    end = time.process_time() + seconds  # so much time of a CPU
    while time.process_time() < end:
        pass


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(CALLS) as executor:
        for call in [sleep, compute]:
            start = time.perf_counter()
            for _ in executor.map(call, [SECONDS] * CALLS):
                pass
            finish = time.perf_counter()
            print(f"Finished in {finish - start:.2f} second(s): {CALLS} x {call.__name__}")
