"""Landscapes drawn with Pillow alone: light, noise and perspective."""

from collections.abc import Callable, Mapping

from PIL import Image

from tui_app.images.scenery import (
    balloons,
    city,
    coast,
    desert,
    garden,
    mountains,
    night,
    water,
    web,
)
from tui_app.images.scenery.field import Frame
from tui_app.images.scenery.film import vignette
from tui_app.images.scenery.light import Light

Scene = Callable[[Frame], Light]

SCENES: Mapping[str, Scene] = {
    "misty-mountains": mountains.misty_mountains,
    "aurora-lake": night.aurora_lake,
    "desert-dunes": desert.desert_dunes,
    "sunset-sea": desert.sunset_sea,
    "milky-way": night.milky_way,
    "rain-on-glass": city.rain_on_glass,
    "autumn-forest": garden.autumn_forest,
    "moonrise": night.moonrise,
    "lavender-field": garden.lavender_field,
    "alpenglow": mountains.alpenglow,
    "spider-web": web.spider_web,
    "hot-air-balloons": balloons.hot_air_balloons,
    "lighthouse": coast.lighthouse,
    "underwater": water.underwater,
    "sea-of-clouds": mountains.sea_of_clouds,
}


def drawn(name: str, frame: Frame) -> Image.Image:
    """The scene of that name as an 8-bit picture of the frame's size."""
    return (SCENES[name](frame) * vignette(frame, 0.4)).developed()
