"""What has the focus, on all screens alike: seen in 16 colours, and without any."""

FEW_COLOURS = "-few-colours"

FOCUS_CSS = """
LogView:focus, Timeline:focus, ProcessRows:focus, CodeView:focus, VerticalScroll:focus,
OptionList:focus, RowTable:focus {
    outline-left: heavy $accent;
}

DemoList > .option-list--option { padding: 0 0 0 1; }

OptionList:focus > .option-list--option-highlighted {
    background: $primary 30%;
    color: $foreground;
    text-style: bold;
}

.-few-colours OptionList:focus > .option-list--option-highlighted { text-style: bold underline; }

.-few-colours Input:focus { text-style: underline; }

Input:focus { background: $primary 25%; }

Select:focus > SelectCurrent Static#label {
    background: $primary;
    color: $background;
    text-style: bold;
}

Button.-primary {
    background: $panel;
    color: $primary;
    text-style: bold;
}

Button.-primary:focus {
    background: $primary;
    color: $background;
    text-style: bold;
}

Tab { color: $foreground 75%; }

Tab.-active { text-style: bold; }

ModalScreen { background: $background 30%; }

ModalScreen VerticalScroll:focus { outline-left: none; }
"""
"""A mark at the left edge of what is read, which is free there; a filled ground for what enter or
space acts on.

`FEW_COLOURS` is the app's class where a ground that is mixed of two colours cannot be seen. (Lists
are not drawn in reverse, whatever a style says: Textual's visual styles leave it out.) Two
rules are for reading: names of tabs that are not in front, and what is behind a dialog, which has a
frame of its own.
"""
