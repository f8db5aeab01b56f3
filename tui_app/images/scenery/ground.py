"""The ground (or a ceiling of cloud) in perspective, flat or in relief."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.light import Light
from tui_app.images.scenery.noise import white

_LATTICE = (1280, 1024)  # knots of white noise, across and ahead
_SUPERSAMPLED = 3  # rows of relief for each row of the picture


@dataclass(frozen=True, slots=True)
class Ground:
    """A plane seen from 1 unit above: a column for each of the picture's, a row for each depth.

    Depths and widths are in units of the camera's height; `lens` is the focal length in picture
    heights, so that a thing of size s at depth z is `lens * s / z` high in the picture.
    """

    frame: Frame
    depths: tuple[float, ...]
    lens: float = 1.0

    @classmethod
    def flat(cls, frame: Frame, horizon: float, lens: float = 1.0) -> Ground:
        """What shows below a horizon (a y of the picture): a depth for each row there."""
        below = Frame(frame.width, frame.height - round(horizon * frame.height))
        rows = [(row + 0.5) / frame.height for row in range(below.height)]
        return cls(frame, tuple(lens / row for row in rows), lens)

    @classmethod
    def deep(
        cls, frame: Frame, nearest: float, farthest: float, lens: float = 1.0, step: float = 0.012
    ) -> Ground:
        """Depths for a relief: a pixel apart where the ground is near, `step` of it farther on."""
        pixel = 1.2 / lens / frame.height
        depths = [nearest]
        while depths[-1] < farthest:
            depths.append(depths[-1] * (1.0 + min(pixel * depths[-1], step)))
        return cls(frame, tuple(depths), lens)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and depths."""
        return (self.frame.width, len(self.depths))

    @property
    def pixel(self) -> Field:
        """How wide a pixel is at each depth."""
        return self.z().scaled(1 / (self.lens * self.frame.height))

    def x(self) -> Field:
        """Distance to the right of the middle."""
        middle = self.frame.aspect / 2
        columns = [(at - middle) / self.lens for at in self.frame.column_positions()]
        return Field.of_columns(len(self.depths), columns) * self.z()

    def z(self) -> Field:
        """Distance ahead."""
        return Field.of_rows(self.frame.width, self.depths)

    def noise(
        self,
        seed: str,
        cell: float | tuple[float, float],
        *,
        octaves: int = 8,
        gain: float = 0.5,
        shape: Callable[[Field], Field] | None = None,
    ) -> Field:
        """Fractal noise lying on the ground, about -1 to 1; what is too far to be seen is grey.

        Args:
            seed: another seed, another noise.
            cell: size of the largest features: one number, or across and ahead.
            octaves: how many times features half the size are added.
            gain: how strong each octave is beside the one before it.
            shape: what is done to each octave before it is added, e.g. `abs` for billows.
        """
        wide, deep = cell if isinstance(cell, tuple) else (cell, cell)
        total = Field.filled(self.size, 0.0)
        for octave in range(octaves):
            share = 0.5**octave
            layer = self._octave(f"{seed}/{octave}", wide * share, deep * share)
            layer = shape(layer) if shape else layer
            total = total + layer * (2 * math.sqrt(1 - gain * gain) * gain**octave)
        return total

    def _octave(self, seed: str, wide: float, deep: float) -> Field:
        """One octave: each row is cut from a lattice of white noise, as wide as the row shows."""
        lattice = white(_LATTICE, seed).image
        picture = Image.new("F", self.size, 0.0)
        columns = self.frame.width
        finest = min(columns // 2, _LATTICE[0] - 8)  # finer cells than two pixels are grey
        previous = self.depths[0]
        for row, depth in enumerate(self.depths):
            seen = self.frame.aspect / self.lens * depth / wide
            footprint = max(0.02, min(abs(previous - depth) / deep, 64.0))
            previous = depth
            if seen > finest:
                continue
            left = (_LATTICE[0] - seen) / 2
            ahead = depth / deep % (_LATTICE[1] - 80)
            line = lattice.resize(
                (columns, 1),
                Image.Resampling.BICUBIC,
                box=(left, ahead, left + seen, ahead + footprint),
            )
            if 2 * seen > finest:
                fade = 2.0 - 2.0 * seen / finest
                line = line.point(lambda value, fade=fade: value * fade + 0.0)
            picture.paste(line, (0, row))
        return Field(picture)

    def slope_right(self, height: Field) -> Field:
        """How steeply `height` rises to the right."""
        return (height.shifted(-1) - height.shifted(1)) / (self.pixel * 2.0)

    def slope_ahead(self, height: Field) -> Field:
        """How steeply `height` rises away from the camera."""
        # Looking back: in front of a crest, where it is seen, it must not feel the slope behind.
        step = self.z() - self.z().shifted(0, 1)
        return (height - height.shifted(0, 1)) / step

    def shadow(self, height: Field, drop: float) -> Field:
        """How deep each place lies in the shade of a sun on the left that sinks `drop` a unit."""
        fall = self.pixel * drop
        roof = height
        reach = 1
        while reach < self.frame.width // 3:
            roof = roof.most(roof.shifted(reach) - fall * float(reach))
            reach *= 2
        return roof - height

    def relief(
        self, height: Field, colours: Light, horizon: float, camera: float = 1.0, finer: int = 1
    ) -> tuple[Light, Field]:
        """The ground standing up: its light as the camera sees it, and the mask of where it is.

        Args:
            height: above the plane, at each column and depth.
            colours: the light of each column and depth.
            horizon: y of the horizon in the picture, 0 to 1.
            camera: how high the camera stands above the plane.
            finer: how many depths to draw for each; steep faces need 2 or 3.
        """
        tall = self.frame.height * _SUPERSAMPLED
        columns, count = self.frame.width, len(self.depths) * finer
        factors = Field.of_rows(columns, [self.lens * tall / depth for depth in self.depths])
        tops = ((camera - _crested(height)) * factors).scaled(1.0, horizon * tall)
        tops = tops.clamped(0.0, float(tall)).resized((columns, count))
        edges = tops.transposed().image.convert("I").tobytes()
        picture = colours.developed().resize((columns, count), Image.Resampling.BILINEAR)
        pixels = picture.convert("RGBA").transpose(Image.Transpose.TRANSPOSE).tobytes()
        rows = memoryview(edges).cast("i")
        drawn = b"".join(
            _column(rows[at : at + count].tolist(), pixels[4 * at : 4 * (at + count)], tall)
            for at in range(0, columns * count, count)
        )
        seen = Image.frombytes("RGBA", (tall, columns), drawn)
        seen = seen.resize((self.frame.height, columns), Image.Resampling.BOX)
        seen = seen.transpose(Image.Transpose.ROTATE_90)
        return Light.of_picture(seen.convert("RGB")), Field(seen.getchannel("A")) / 255.0


def _crested(height: Field) -> Field:
    """Heights whose sharp crests are kept where they fall between two depths."""
    beyond = height.shifted(0, -1)
    rise = height - height.shifted(0, 1)
    fall = beyond - height.shifted(0, -2)
    share = (beyond - height + fall) / (rise + fall)
    sharp = (rise * 1e4).clamped() * (fall * 1e4).clamped()
    return height + rise * share.clamped() * sharp


def _column(tops: list[int], pixels: bytes, bottom: int) -> bytes:
    """One column of a relief from the bottom up: near ground hides what is behind and below."""
    parts = []
    for depth, top in enumerate(tops):
        if top < bottom:
            parts.append(pixels[4 * depth : 4 * depth + 4] * (bottom - top))
            bottom = top
    parts.append(b"\0\0\0\0" * bottom)
    return b"".join(parts)
