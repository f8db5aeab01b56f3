"""Landscapes drawn with Pillow alone: light, noise and perspective."""

from collections.abc import Callable, Mapping

from PIL import Image

from tui_app.images.scenery import coast, desert, garden, mountains, night, town, water
from tui_app.images.scenery.field import Frame
from tui_app.images.scenery.film import vignette
from tui_app.images.scenery.light import Light

Scene = Callable[[Frame], Light]

SCENES: Mapping[str, Scene] = {
    "misty-mountains": mountains.misty_mountains,
    "desert-dunes": desert.desert_dunes,
    "sunset-sea": desert.sunset_sea,
    "moonrise": night.moonrise,
    "sea-of-clouds": mountains.sea_of_clouds,
    "lavender-field": garden.lavender_field,
    "autumn-forest": garden.autumn_forest,
    "spider-web": garden.spider_web,
    "rain-on-glass": town.rain_on_glass,
    "hot-air-balloons": town.hot_air_balloons,
    "lighthouse": coast.lighthouse,
    "underwater": water.underwater,
    "aurora-lake": night.aurora_lake,
    "milky-way": night.milky_way,
    "alpenglow": mountains.alpenglow,
}


def drawn(name: str, frame: Frame) -> Image.Image:
    """The scene of that name as an 8-bit picture of the frame's size."""
    return (SCENES[name](frame) * vignette(frame, 0.4)).developed()
