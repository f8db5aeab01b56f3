import asyncio
import time

SECONDS = [1.5, 1, 0.5]


def read_page(seconds):
    time.sleep(seconds)  # a library that knows nothing of asyncio


async def fetch(seconds):
    print(f"Asked for a page of {seconds} second(s)")
    await asyncio.to_thread(read_page, seconds)
    print(f"Got the page of {seconds} second(s)")


async def main():
    tasks = [asyncio.create_task(fetch(seconds)) for seconds in SECONDS]
    for task in tasks:
        await task


if __name__ == "__main__":
    start = time.perf_counter()

    asyncio.run(main())

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
