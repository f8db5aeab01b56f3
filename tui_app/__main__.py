"""The command's entry: `procession`, and `python -m tui_app`.

Workers that are spawned import the main module anew, so nothing else is imported at its top.
"""


def main() -> None:
    """Runs the command line and exits with its code."""
    import sys

    from tui_app.command_language import choose

    # The commands' texts are read when they are imported.
    choose(sys.argv[1:])
    from tui_app.cli import run

    run()


if __name__ == "__main__":
    main()
