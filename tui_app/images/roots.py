"""Images of the same names from several folders: each folder's go into a folder of its name.

Which images a run has decides where they go, and nothing else does: so the next run finds them.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from tui_app.images.plan import Item, Items
from tui_app.stores.urls import is_url


def told_apart(items: Items, same: Callable[[str], str]) -> Items:
    """Return the images, each with its root's name in front where roots have the same names.

    Where roots have the same name, too, the names of the folders above them tell them apart. The
    images then count as found in the folder above what is in front of their names.

    Args:
        items: The images.
        same: Makes names equal that are the same to the output's disk.
    """
    roots = items.roots
    if len(roots) < 2:
        return items
    # Hashes are smaller than names.
    first: dict[int, str] = {}
    if all(first.setdefault(hash(same(i.output_name)), i.root) == i.root for i in items):
        return items
    del first
    ways = _ways(roots, same)
    return Items(_moved(item, ways[item.root]) for item in items)


def _ways(roots: Iterable[str], same: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """Return the last parts of each root's path: of all as many, and as few as tell them apart."""
    # Of a URL the host or bucket is the first part.
    named = {root: root.partition("://")[2] if is_url(root) else root for root in roots}
    parts = {root: tuple(filter(None, path.split("/"))) for root, path in named.items()}
    deepest = max(map(len, parts.values()))
    for number in range(1, deepest):
        ends = {tuple(map(same, each[-number:])) for each in parts.values()}
        if len(ends) == len(parts):
            return {root: each[-number:] for root, each in parts.items()}
    return parts


def _moved(item: Item, way: tuple[str, ...]) -> Item:
    if not way:
        return item
    front = "/".join(way)
    above = item.root.removesuffix(front)
    if not above.endswith("://"):
        above = above.rstrip("/") or "/"
    return replace(
        item,
        root=above,
        name=f"{front}/{item.name}",
        target=f"{front}/{item.target}" if item.target else "",
    )
