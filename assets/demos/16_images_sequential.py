import os
import sys
import time
from pathlib import Path

from PIL import Image, ImageFilter

PHOTOS = 15
BLUR = 15
SIZE = 1200

# A folder of photographs: the argument, else the sample photographs, else the current folder.
folder = Path(sys.argv[1] if sys.argv[1:] else os.environ.get("PROCESSION_SAMPLES", "."))
photos = sorted(folder.glob("*.jpg"))[:PHOTOS] or sys.exit(f"no photograph in {folder}")
Path("processed").mkdir(exist_ok=True)

start = time.perf_counter()

for photo in photos:
    img = Image.open(photo)
    img = img.filter(ImageFilter.GaussianBlur(BLUR))
    img.thumbnail((SIZE, SIZE))
    img.save(f"processed/{photo.name}")
    print(f"{photo.name} was processed...")

finish = time.perf_counter()
print(f"Finished in {finish - start:.2f} seconds")
