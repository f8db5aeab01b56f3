import time

CALLS = 2
SECONDS = 1


def do_something():
    print(f"Sleeping for {SECONDS} second(s)...")
    time.sleep(SECONDS)
    print("Done sleeping...")


start = time.perf_counter()

for _ in range(CALLS):
    do_something()

finish = time.perf_counter()
print(f"Finished in {finish - start:.2f} second(s)")
