"""The task graphs that every program gets in its own form."""

import random
from dataclasses import dataclass

LAYER_WIDTH = 50
PRINTED_LINES = 100


@dataclass(frozen=True)
class Graph:
    kind: str
    # For every task, in order, the numbers of those that it depends on.
    dependencies: list

    @property
    def size(self):
        return len(self.dependencies)

    @property
    def prints(self):
        return self.kind == "lines"


def make(kind, size):
    return Graph(kind, SHAPES[kind](size))


def _independent(size):
    return [[] for _ in range(size)]


def _chain(size):
    return [[number - 1] if number else [] for number in range(size)]


def _layers(size):
    """Layers of 50; each task depends on one to three of the layer before. The same in every run."""
    generator = random.Random(1)
    result = []
    for number in range(size):
        before = (number // LAYER_WIDTH - 1) * LAYER_WIDTH
        count = generator.randint(1, 3)
        chosen = {before + generator.randrange(LAYER_WIDTH) for _ in range(count)} if before >= 0 else set()
        result.append(sorted(chosen))
    return result


def _wide(size):
    """Layers of 1,000, so that the number that may run at once, not the graph, is the limit."""
    return [[number - 1_000] if number >= 1_000 else [] for number in range(size)]


def _fan_in(size):
    return [[] for _ in range(size - 1)] + [list(range(size - 1))]


SHAPES = {
    "one": _independent,
    "chain": _chain,
    "independent": _independent,
    "layers": _layers,
    "wide": _wide,
    "fan-in": _fan_in,
    "lines": _independent,
}
