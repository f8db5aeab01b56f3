"""What the screens are made of: panels, forms, lists, and views that draw their own lines."""

from tui_app.widgets.textual_internals import no_tree_sitter as no_tree_sitter
