from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.screens.pilot_steps import until
from tui_app import language
from tui_app.app import ProcessionApp


def listed(pilot: Pilot[None]) -> list[str]:
    options = pilot.app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]


async def test_that_nothing_is_found_is_said_in_the_present_language() -> None:
    language.use("ro")
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: bool(app.screen.query(Input)))
        await pilot.press(*"qqqq")
        await until(pilot, lambda: listed(pilot) == ["Nimic cu acest nume."])
        assert app.screen.query_one(OptionList).has_class("--visible")
