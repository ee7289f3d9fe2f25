"""Where the points of the graph lie: every cluster of things shared is a ring of vouchers around what they share.

Fixed by what is drawn, so that the picture is the same tomorrow and on paper.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil, cos, pi, sin, sqrt

Node = tuple[str, Hashable]  # ("voucher", 17), ("address", "192.0.2.1"), ("device", "GD00012CNC1")
Edge = tuple[Node, Node]  # what is shared, who shares it


@dataclass(frozen=True, slots=True)
class Layout:
    """places: point by node, in cells of size 1; columns, rows: how many cells there are."""

    places: Mapping[Node, tuple[float, float]]
    columns: int
    rows: int


def lay_out(edges: Iterable[Edge]) -> Layout:
    """The largest clusters first, from the upper left."""
    clusters = sorted(_clusters(edges), key=lambda nodes: (-len(nodes), str(sorted(nodes, key=str)[0])))
    columns = max(ceil(sqrt(len(clusters) * 2)), 1)
    places: dict[Node, tuple[float, float]] = {}
    for place, nodes in enumerate(clusters):
        centre = (place % columns + 0.5, -(place // columns) - 0.5)
        shared = sorted((node for node in nodes if node[0] != "voucher"), key=str)
        around = sorted((node for node in nodes if node[0] == "voucher"), key=str)
        _ring(places, shared, centre, 0.14 if len(shared) > 1 else 0)
        _ring(places, around, centre, 0.38)
    return Layout(places, columns, ceil(len(clusters) / columns))


def _clusters(edges: Iterable[Edge]) -> list[set[Node]]:
    near: dict[Node, set[Node]] = defaultdict(set)
    for one, other in edges:
        near[one].add(other)
        near[other].add(one)
    found, seen = [], set[Node]()
    for start in near:
        if start in seen:
            continue
        cluster, waiting = set[Node](), [start]
        while waiting:
            node = waiting.pop()
            if node not in cluster:
                cluster.add(node)
                waiting.extend(near[node])
        seen |= cluster
        found.append(cluster)
    return found


def _ring(
    places: dict[Node, tuple[float, float]], nodes: list[Node], centre: tuple[float, float], radius: float
) -> None:
    for turn, node in enumerate(nodes):
        angle = 2 * pi * turn / len(nodes)
        places[node] = (round(centre[0] + radius * sin(angle), 3), round(centre[1] + radius * cos(angle), 3))
