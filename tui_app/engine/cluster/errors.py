"""What can be wrong with a cluster."""

from tui_app.language import N_

NEEDS_DASK = N_("a Dask cluster needs another package; install it: pip install 'procession[dask]'")


class ClusterError(Exception):
    """The cluster cannot do the work; the text is one plain sentence."""
