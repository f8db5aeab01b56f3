"""The private parts of Textual that this app touches, each behind a public name of our own.

Read against Textual 8.2.8 (`constraints.txt`): read each entry again when that version rises.
`tests/widgets/textual_internals/test_only_here.py` fails where another file touches a private part.

`app`
    Touches: `App._fatal_error`, `_exception`, `_exit_renderables`, `_return_code`,
        `_close_messages_no_wait`; `App.get_driver_class`, which is not documented.
    Why: Textual reports an error with all local variables, and offers no choice of a driver.
    Unnecessary when: an app may report its own errors, and may name its driver.
`driver`
    Touches: `textual._xterm_parser`; `LinuxDriver.run_input_thread`, `_sigtstp_application`,
        `_sigcont_application`, `_auto_restart`, `_loop`, `_app`, `attrs_before`.
    Why: the input thread ends at a byte that is not UTF-8; SIGCONT starts a second one.
    Unnecessary when: the input is decoded leniently, and SIGCONT after SIGSTOP starts nothing.
`stylesheet`
    Touches: `Stylesheet._variables`, and that `reparse` parses again what has not changed.
    Why: when a mode is first shown, all styles are parsed twice.
    Unnecessary when: Textual keeps what it has parsed.
`keys_line`
    Touches: `Footer.bindings_changed`, which is not documented; `Footer._bindings_ready`;
        `textual.widgets._footer.FooterKey`.
    Why: each move of the focus composes the footer again, and lays the whole screen out; keys that
        do not fit are cut, whichever they are.
    Unnecessary when: the footer compares its keys with those that it shows, and knows which of them
        matter more.
`scroll_size`
    Touches: the way in which `ScrollView.virtual_size` reaches the scrollbar.
    Why: one line more in a log lays the whole screen out.
    Unnecessary when: `virtual_size` can rise without a new layout.
`no_tree_sitter`
    Touches: the import in `textual._tree_sitter`.
    Why: tree-sitter turns the lock of a free-threaded Python on.
    Unnecessary when: tree-sitter supports free threading, and our editor may refuse its colours.
`checkbox`
    Touches: the moment at which `ToggleButton._button` reads `BUTTON_INNER`.
    Why: Textual's check box shows an X in both states, in two colours.
    Unnecessary when: the two states differ without colour.
`palette`
    Touches: `CommandPalette._start_no_matches_countdown`, `_stop_no_matches_countdown`,
        `_no_matches_timer`, `_list_visible`, `_NO_MATCHES`, `_NO_MATCHES_COUNTDOWN`.
    Why: that nothing was found is said in English only.
    Unnecessary when: Textual has languages.
`file_dialogs`
    Touches: textual-fspicker's `FileSystemPickerScreen._title`, `_location`, `_select_button`,
        `_cancel_button`, `_double_click_directories`, `_set_error`; `BaseFileDialog._default_file`,
        `_suggest_path`, `_should_return`.
    Why: its dialogs have borders, words and sizes of their own, and tell nothing of images.
    Unnecessary when: it has hooks for the layout and for the check of what was chosen.
`words`
    Touches: the texts of Textual's own widgets.
    Why: they are translated like ours.
    Unnecessary when: Textual has languages.
"""
