import asyncio
import concurrent.futures
import time

SECONDS = 2
TICK = 0.4
WORKERS = 2


def do_something(seconds):
    print(f"Sleeping for {seconds} second(s)...")
    time.sleep(seconds)
    return "Done sleeping..."


async def tick():
    while True:
        print("Tick")
        await asyncio.sleep(TICK)


async def main(pool):
    ticking = asyncio.create_task(tick())
    loop = asyncio.get_running_loop()
    calls = [loop.run_in_executor(pool, do_something, SECONDS) for _ in range(WORKERS)]
    for call in calls:
        print(await call)
    ticking.cancel()


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
        start = time.perf_counter()
        asyncio.run(main(pool))
        finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
