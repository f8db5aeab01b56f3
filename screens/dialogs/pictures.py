"""One image before and after, side by side; ← and → go to its neighbours."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_app.engine.spec import Limits, Pool
from tui_app.files.error_words import told
from tui_app.images.plan import Plan
from tui_app.language import N_, _, grouped
from tui_app.runs.formatting import byte_size, safe, shorten
from tui_app.runs.pictures import PicturesRun, Side, SidePicture
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.picture_view import PictureView

TITLE_CELLS = 60
"""Cells of an image's name."""

STILL_SECONDS = 0.15
"""Seconds without a move until the pictures of an image are made."""


class PicturesDialog(ModalScreen[None]):
    """Shows the images of a plan before and after, one at a time. A worker makes the pictures.

    Args:
        plan: its images.
        index: which is shown first.
        pool: how workers start.
        limits: what one image may take.
        made: whether outputs are shown that are there; else what the plan would make.
    """

    CSS_PATH = "pictures.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,i", "close", show=False),
        Binding("left,up,k", "move(-1)", N_("Image before"), show=False),
        Binding("right,down,j", "move(1)", N_("Next image"), show=False),
    ]

    def __init__(self, plan: Plan, index: int, pool: Pool, limits: Limits, *, made: bool) -> None:
        super().__init__()
        self._plan, self._index, self._made = plan, index, made
        self._pool, self._limits = pool, limits
        self._run: PicturesRun | None = None
        self._moved, self._over = asyncio.Event(), asyncio.Event()
        self._begun = self._left = False

    def compose(self) -> ComposeResult:
        """Compose both sides, and a line below."""
        with Vertical(id="pictures"):
            with Horizontal(id="sides"):
                for side in Side:
                    with Vertical():
                        yield PlainText(id=f"{side}-title", classes="side")
                        yield PictureView(id=side)
                        yield PlainText(id=f"{side}-about", classes="about")
            yield PlainText(id="pictures-keys")

    def on_mount(self) -> None:
        """Say what is where, and show the first image as soon as there is a size."""
        after = _("After") if self._made else _("After, by this recipe")
        for side, title in ((Side.BEFORE, _("Before")), (Side.AFTER, after)):
            self.query_one(f"#{side}-title", PlainText).set_text(title)
        keys = _("← → other images · escape closes")
        self.query_one("#pictures-keys", PlainText).set_text(keys)
        self.call_after_refresh(self.show_images)

    def on_resize(self) -> None:
        """Have the pictures made anew, for the new room."""
        self._give_up()

    def action_move(self, steps: int) -> None:
        """Show another image of the plan."""
        index = min(max(0, self._index + steps), len(self._plan.items) - 1)
        if index != self._index:
            self._index = index
            self._give_up()

    def _give_up(self) -> None:
        """Make other pictures instead of those that are being made."""
        self._moved.set()
        if self._run is not None:
            self._run.cancel()

    @work
    async def show_images(self) -> None:
        """Show the image that is wanted, whenever it is another one."""
        self._begun = True
        try:
            while not self._left:
                self._moved.clear()
                self._begin()
                await asyncio.sleep(STILL_SECONDS)
                if not self._moved.is_set():
                    await self._make()
                    await self._moved.wait()
        finally:
            self._over.set()

    def _begin(self) -> None:
        """Name the image, with nothing to be seen of it yet."""
        box = self.query_one("#pictures", Vertical)
        box.border_title = Content(safe(shorten(self._plan.items[self._index].name, TITLE_CELLS)))
        number, images = grouped(self._index + 1), grouped(len(self._plan.items))
        box.border_subtitle = _("{number} of {images}").format(number=number, images=images)
        for side in Side:
            self.query_one(f"#{side}", PictureView).show_sentence("…")
            self.query_one(f"#{side}-about", PlainText).set_text("")

    async def _make(self) -> None:
        most = self.query_one(f"#{Side.BEFORE}", PictureView).most
        item = self._plan.items[self._index]
        self._run = run = PicturesRun(
            self._plan, item, most, self._pool, self._limits, made=self._made
        )
        try:
            async with aclosing(run.pictures()) as pictures:
                async for one in pictures:
                    self._show(one)
        except OSError as error:
            self._show(SidePicture(Side.AFTER, None, told(error)))
        finally:
            self._run = None

    def _show(self, one: SidePicture) -> None:
        view = self.query_one(f"#{one.side}", PictureView)
        if one.picture is None:
            view.show_sentence(f"✗ {one.reason}")
            return
        view.show_picture(one.picture)
        across, down = one.picture.source
        about = f"{across}x{down}  {byte_size(one.picture.bytes)}"
        self.query_one(f"#{one.side}-about", PlainText).set_text(about)

    async def end(self) -> None:
        """End the worker, and wait until it is gone."""
        self._left = True
        self._give_up()
        if self._begun:
            await self._over.wait()

    async def action_close(self) -> None:
        """End the worker, and close."""
        await self.end()
        self.dismiss()
