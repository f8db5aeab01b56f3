"""What stands on the ground: ridges and trees, as lines of y's or as masks."""

from random import Random

from PIL import Image, ImageDraw

from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.noise import profile


def ridge(
    frame: Frame, seed: str, y: float, relief: float, cell: float, gain: float = 0.5
) -> list[float]:
    """A skyline around `y`, up and down by about `relief`; `cell` is the width of its peaks."""
    return [y - relief * value for value in profile(frame, seed, cell, gain=gain)]


def conifers(
    frame: Frame, seed: str, line: list[float], height: float, spacing: float
) -> list[float]:
    """A skyline with a forest of firs on it.

    Args:
        frame: the picture.
        seed: another seed, another forest.
        line: the ground, a y for each column.
        height: of the tallest trees, in picture heights.
        spacing: between two trees, in picture heights.
    """
    random = Random(seed)
    result = list(line)
    x = 0.0
    while x < frame.aspect:
        tall = height * random.uniform(0.35, 1.0)
        half = tall * random.uniform(0.16, 0.24)
        middle = min(frame.width - 1, int(x * frame.height))
        foot = line[middle] + 0.1 * height
        tiers = random.uniform(9, 14)
        first = max(0, int((x - half) * frame.height))
        last = min(frame.width - 1, int((x + half) * frame.height) + 1)
        for column in range(first, last + 1):
            aside = abs((column + 0.5) / frame.height - x) / half
            # A fir widens in tiers, so its outline steps down like stairs with drooping edges.
            step = (aside * tiers) % 1.0
            reach = 1.0 - aside**0.85 + (0.5 - step) * 0.9 / tiers
            result[column] = min(result[column], foot - tall * max(0.0, reach))
        x += spacing * random.uniform(0.3, 1.7)
    return result


def trunks(frame: Frame, seed: str, count: int, width: float, foot: float) -> Field:
    """Bare trunks, each a little crooked, from the top of the picture down to the y `foot`."""
    random = Random(seed)
    scale = frame.height * 2
    image = Image.new("L", (frame.width * 2, frame.height * 2))
    pen = ImageDraw.Draw(image)
    for _ in range(count):
        x = random.uniform(-0.02, frame.aspect + 0.02)
        half = width * random.uniform(0.3, 0.6)
        lean, bow = random.uniform(-0.05, 0.05), random.uniform(-0.03, 0.03)
        bottom = foot + random.uniform(-0.02, 0.03)
        left, right = [], []
        for step in range(41):
            up = step / 40
            y = bottom * (1 - up)
            middle = x + lean * up + bow * up * (1 - up) * 4 + width * random.uniform(-0.012, 0.012)
            reach = half * (1.0 - 0.35 * up + 0.5 * (1 - up) ** 14)
            left.append(((middle - reach) * scale, y * scale))
            right.append(((middle + reach) * scale, y * scale))
        pen.polygon([*left, *reversed(right)], fill=255)
    return Field(image.reduce(2)) / 255.0
