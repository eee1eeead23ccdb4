"""What is measured, and with which programs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    kind: str
    size: int
    # The programs, by name, in the order of the table.
    tools: tuple
    rounds: int

    @property
    def name(self):
        return f"{self.kind}-{self.size}"


OURS = ("ours", "ours+journal", "ours+defaults")
SPAWNING = ("floor-spawn", "ours-shell", "make", "ninja", "doit-commands")
PEERS = ("floor-message", "doit", "luigi", "flowmancer-py")


def all_workloads(quick):
    everything = ("floor-message",) + OURS + ("ours-process",) + SPAWNING + PEERS[1:]
    if quick:
        return [
            Workload("one", 1, OURS + ("make", "ninja", "doit", "luigi", "flowmancer-py"), 3),
            Workload("chain", 200, everything, 2),
            Workload("independent", 500, everything, 2),
            Workload("layers", 200, everything, 2),
            Workload("layers", 2_000, everything, 2),
            Workload("wide", 2_000, ("floor-spawn", "ours-shell", "ours", "make", "ninja"), 2),
            Workload("fan-in", 500, OURS + ("make", "ninja", "doit"), 2),
            Workload("lines", 100, OURS + ("ours-process", "make", "flowmancer-py"), 2),
        ]
    return [
        Workload("one", 1, OURS + ("ours-process", "ours-shell", "make", "ninja", "doit", "luigi", "flowmancer-py"), 9),
        Workload("chain", 1_000, everything, 5),
        Workload("independent", 1_000, everything, 5),
        Workload("independent", 10_000, everything, 3),
        Workload("layers", 1_000, everything, 5),
        Workload("layers", 10_000, everything, 3),
        Workload("layers", 100_000, ("floor-message",) + OURS + ("make", "ninja", "doit"), 3),
        Workload("wide", 5_000, ("floor-spawn", "ours-shell", "ours", "make", "ninja"), 5),
        Workload("fan-in", 1_000, OURS + ("ours-process", "make", "ninja", "doit"), 5),
        Workload("lines", 1_000, OURS + ("ours-process", "make", "doit", "flowmancer-py"), 3),
    ]
