import multiprocessing
import time

QUESTIONS = 3
SECONDS = 0.6


def square(connection):
    while (number := connection.recv()) is not None:
        time.sleep(SECONDS)
        connection.send(number * number)


if __name__ == "__main__":
    start = time.perf_counter()

    ours, theirs = multiprocessing.Pipe()
    p = multiprocessing.Process(target=square, args=[theirs])
    p.start()

    for number in range(1, QUESTIONS + 1):
        ours.send(number)
        print(f"Sent {number}")
        print(f"Received {ours.recv()}")

    ours.send(None)
    p.join()

    finish = time.perf_counter()
    print(f"Finished in {finish - start:.2f} second(s)")
