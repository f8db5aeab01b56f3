"""The command's entry: `procession`, and `python -m tui_app`.

Workers that are spawned import the main module anew, so nothing else is imported at its top.
"""


def main() -> None:
    """Runs the command line and exits with its code."""
    from tui_app.cli import run

    run()


if __name__ == "__main__":
    main()
