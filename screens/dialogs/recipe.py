"""A recipe's values, changed for a batch, or saved as a recipe of a person's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog

from tui_app.images.errors import RecipeError
from tui_app.images.recipe import Metadata, Recipe
from tui_app.images.recipe_changes import Steps, changed
from tui_app.images.recipe_files import RecipeExistsError, save_recipe
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.widgets.base.form_fields import FormError
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.plan_form import PlanForm
from tui_app.widgets.recipe_form import RecipeForm


@dataclass(frozen=True, slots=True)
class EditedRecipe:
    """What was made of a recipe.

    Attributes:
        recipe: The name, or the file, of the recipe that is changed, or of the one that was saved.
        steps: What is changed of it.
        metadata: The policy, where it is not the recipe's own.
    """

    recipe: str
    steps: Steps
    metadata: Metadata | None


class RecipeDialog(ModalScreen[EditedRecipe | None], Localized):
    """The form of a recipe; its result is None if it was left with escape.

    Args:
        chosen: the recipe's name, or its file.
        base: the recipe as its file has it.
        present: the recipe with what is changed already.
    """

    CSS_PATH = "recipe.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+r", "use", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+o", "reset", show=False, priority=True),
    ]

    def __init__(self, chosen: str, base: Recipe, present: Recipe) -> None:
        super().__init__()
        self._chosen, self._base, self._present = chosen, base, present

    def compose(self) -> ComposeResult:
        """Compose the form, what it comes to, and the keys."""
        with Vertical(id="recipe-box"):
            yield RecipeForm(self._present)
            yield PlainText(id="recipe-said")
            yield PlainText(id="recipe-keys")

    def on_mount(self) -> None:
        """Begin in the first field."""
        self.query_one("#crop", Input).focus()

    def update_texts(self) -> None:
        """Head the box and tell the keys in the present language."""
        title = safe(_("Recipe {name}").format(name=self._base.name))
        self.query_one("#recipe-box").border_title = Content(title)
        keys = _("enter uses it · ctrl+s saves it · ctrl+o resets · escape leaves")
        self.query_one("#recipe-keys", PlainText).update(Content.styled(keys, MUTED))
        self.tell()

    @on(RecipeForm.Changed)
    def tell(self) -> None:
        """Tell what the values come to, or what is wrong with them."""
        recipe = self._read()
        if recipe is not None:
            self._say(recipe.describe(), "$success")

    def _say(self, sentence: str, colour: str) -> None:
        said = Content.styled(safe(sentence), colour)
        self.query_one("#recipe-said", PlainText).set_text(said, layout=True)

    def _read(self) -> Recipe | None:
        """Return the recipe that the fields describe; where there is none, say why."""
        form = self.query_one(RecipeForm)
        try:
            recipe = changed(self._base, form.steps(self._base))
        except (FormError, RecipeError) as error:
            self._say(f"✗ {error}", "$error")
            return None
        return replace(recipe, metadata=Metadata(form.chosen("metadata")))

    @on(RecipeForm.RunWanted)
    def take_enter(self) -> None:
        """Save, where enter was pressed behind a name; else use the values."""
        if self.query_one("#save-name", Input).has_focus:
            self.action_save()
        else:
            self.action_use()

    def action_use(self) -> None:
        """Use the values for the batch."""
        if (recipe := self._read()) is not None:
            own = recipe.metadata == self._base.metadata
            steps = self.query_one(RecipeForm).steps(self._base)
            self.dismiss(EditedRecipe(self._chosen, steps, None if own else recipe.metadata))

    def action_reset(self) -> None:
        """Put the recipe's own values into the fields."""
        self.query_one(RecipeForm).fill(self._base)

    def action_leave(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

    @work(exclusive=True)
    async def action_save(self) -> None:
        """Save the values as a recipe; ask first if another one has that name."""
        form, recipe = self.query_one(RecipeForm), self._read()
        if recipe is None:
            return
        name, title = form.typed("save-name"), form.typed("title")
        if not name:
            form.query_one("#save-name", Input).focus()
            self._say(_("name the recipe, then press enter"), "$warning")
            return
        recipe = replace(recipe, title=title or name)
        try:
            try:
                save_recipe(recipe, name)
            except RecipeExistsError:
                if not await self._may_replace(name):
                    return
                save_recipe(recipe, name, replace=True)
        except RecipeError as error:
            self._say(f"✗ {error}", "$error")
            return
        self.dismiss(EditedRecipe(name, (), None))

    async def _may_replace(self, name: str) -> bool:
        def question() -> str:
            return _("There is another recipe {name} already. Replace it?").format(name=safe(name))

        answers = (Answer("replace", N_("Replace"), "r"), Answer("keep", N_("Keep"), "k"))
        return await self.app.push_screen_wait(ChoiceDialog(question, answers)) == "replace"


def edit_recipe(app: App[Any], form: PlanForm) -> None:
    """Let the recipe of a batch's form be changed, and put what comes of it into the form."""
    try:
        request = form.request
        base = replace(request, steps=(), metadata=None, upright=False).load_recipe()
        present = request.load_recipe()
    except (FormError, RecipeError):
        # The plan's place says what is wrong.
        app.bell()
        return

    def take(edited: EditedRecipe | None) -> None:
        if edited is not None:
            form.set_recipe(edited.recipe, edited.steps, edited.metadata)

    app.push_screen(RecipeDialog(request.recipe, base, present), take)
