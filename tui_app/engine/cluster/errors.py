"""What can be wrong with a cluster."""


class ClusterError(Exception):
    """The cluster cannot do the work; the text is one plain sentence."""
