"""The programs: how each is given a graph and run in a fresh directory."""

from dataclasses import dataclass, field
from typing import Callable


@dataclass(frozen=True)
class Tool:
    name: str
    about: str
    # Writes what the program needs into a directory, and returns the command to run there.
    prepare: Callable
    # The largest graph that it runs in reasonable time.
    limit: int = 10**9
    quick_limit: int = 10**9
    environment: dict = field(default_factory=dict)


def name(number):
    return f"t{number}"


def _write(directory, file, lines):
    (directory / file).write_text("\n".join(lines) + "\n")


# This project.


def _job(graph, task, settings, plugins):
    """A job file. Two tasks at once, as with all other programs."""
    lines = ["config:", "  name: benchmark"] + [f"  {line}" for line in settings] + ["tasks:"]
    for number, dependencies in enumerate(graph.dependencies):
        lines += [f"  {name(number)}:", f"    task: {task}"]
        if dependencies:
            lines.append("    dependencies: [" + ", ".join(map(name, dependencies)) + "]")
        if task == "Shell":
            lines.append("    parameters: {command: /bin/true}")
    return lines + plugins


BARE = ["loggers: {}", "extensions: {}", "history: {history: NoHistory}"]
NO_CHECKPOINT = ["checkpointer: {checkpointer: NoCheckpoint}"]


def _ours(app, settings, plugins, task=None):
    def prepare(graph, directory):
        kind = task or ("PrintLines" if graph.prints else "NoOp")
        _write(directory, "job.yaml", _job(graph, kind, settings, plugins))
        return [app, "-j", "job.yaml"]

    return prepare


def ours(app):
    two = ["max_concurrency: 2"]
    return [
        Tool("ours", "no-op tasks in the pool; no loggers, progress, checkpoint, history", _ours(app, two, BARE + NO_CHECKPOINT)),
        Tool("ours+journal", "the same with the journal", _ours(app, two, BARE)),
        Tool("ours+defaults", "the same with log files, progress and journal", _ours(app, two, [])),
        Tool(
            "ours-process",
            "a fresh process for every task",
            _ours(app, two + ["isolation: process"], BARE + NO_CHECKPOINT),
            limit=10_000,
        ),
        Tool("ours-shell", "Shell tasks: /bin/true", _ours(app, two, BARE + NO_CHECKPOINT, "Shell"), limit=10_000),
    ]


# Floors: what the system costs without any program around it.


def floors(native):
    def floor(program):
        return lambda graph, directory: [native / program, str(graph.size)]

    return [
        Tool("floor-spawn", "C: posix_spawn and wait of /bin/true, two at once", floor("spawn-floor"), limit=10_000),
        Tool("floor-message", "C: round trips over socket pairs, two workers", floor("message-floor")),
    ]


# Programs that start commands.

PRINT = "i=0; while [ $i -lt 100 ]; do echo line $i xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; i=$((i+1)); done"


def _make(make):
    def prepare(graph, directory):
        lines = [".PHONY: all " + " ".join(name(number) for number in range(graph.size)), "all: " + _all(graph)]
        command = PRINT.replace("$", "$$") if graph.prints else "/bin/true"
        for number, dependencies in enumerate(graph.dependencies):
            lines += [f"{name(number)}: " + " ".join(map(name, dependencies)), f"\t@{command}"]
        _write(directory, "Makefile", lines)
        return [make, "-j2", "all"]

    return prepare


def _all(graph):
    return " ".join(name(number) for number in range(graph.size))


def _ninja(ninja):
    def prepare(graph, directory):
        lines = ["rule run", "  command = /bin/true"]
        for number, dependencies in enumerate(graph.dependencies):
            lines.append(f"build {name(number)}: run " + " ".join(map(name, dependencies)))
        _write(directory, "build.ninja", lines)
        return [ninja, "-j2", "--quiet"]

    return prepare


# Programs in Python. Their tasks are written as their documentation has it.


def _doit(python, commands):
    def prepare(graph, directory):
        action = '"/bin/true"' if commands else ("print_lines" if graph.prints else "no_op")
        _write(directory, "graph.py", [f"DEPENDENCIES = {graph.dependencies!r}"])
        _write(
            directory,
            "dodo.py",
            [
                "from graph import DEPENDENCIES",
                "def no_op(): pass",
                "def print_lines():",
                "    for number in range(100): print(f'line {number} '.ljust(60, 'x'))",
                "def task_t():",
                "    for number, dependencies in enumerate(DEPENDENCIES):",
                f"        yield {{'name': str(number), 'actions': [{action}],",
                "               'task_dep': [f't:{other}' for other in dependencies]}",
            ],
        )
        return [python, "-m", "doit", "run", "--verbosity", "0"] + (["-n", "2"] if commands else [])

    return prepare


def _luigi(python):
    def prepare(graph, directory):
        (directory / "done").mkdir()
        _write(directory, "graph.py", [f"DEPENDENCIES = {graph.dependencies!r}"])
        _write(
            directory,
            "tasks.py",
            [
                "import luigi",
                "from graph import DEPENDENCIES",
                "class NoOp(luigi.Task):",
                "    number = luigi.IntParameter()",
                "    def requires(self): return [NoOp(number=other) for other in DEPENDENCIES[self.number]]",
                "    def output(self): return luigi.LocalTarget(f'done/{self.number}')",
                "    def run(self): open(self.output().path, 'w').close()",
                "class All(luigi.WrapperTask):",
                "    def requires(self): return [NoOp(number=number) for number in range(len(DEPENDENCIES))]",
                "if __name__ == '__main__':",
                "    ok = luigi.build([All()], local_scheduler=True, workers=2, log_level='ERROR')",
                "    raise SystemExit(0 if ok else 1)",
            ],
        )
        return [python, "tasks.py"]

    return prepare


def _flowmancer(python):
    def prepare(graph, directory):
        (directory / "tasks").mkdir()
        _write(directory, "tasks/__init__.py", [])
        body = (
            ["for number in range(100): print(f'line {number} '.ljust(60, 'x'))"] if graph.prints else ["pass"]
        )
        _write(
            directory,
            "tasks/no_op.py",
            ["from flowmancer.task import Task, task", "@task", "class NoOp(Task):", "    def run(self):"]
            + [f"        {line}" for line in body],
        )
        _write(directory, "run.py", ["from flowmancer import Flowmancer", "raise SystemExit(Flowmancer().start())"])
        lines = _job(graph, "NoOp", ["max_concurrency: 2", "extension_directories:", "  - ./tasks"], [])
        _write(directory, "job.yaml", ["version: 0.1"] + lines)
        return [python, "run.py", "-j", "job.yaml"]

    return prepare


def peers(make, ninja, python, installed):
    tools = []
    if make:
        tools.append(Tool("make", "make -j2 of /bin/true", _make(make)))
    if ninja:
        tools.append(Tool("ninja", "ninja -j2 of /bin/true", _ninja(ninja)))
    if "doit" in installed:
        tools.append(Tool("doit", "Python functions in one process, one at a time", _doit(python, False)))
        tools.append(
            Tool("doit-commands", "doit -n 2 of /bin/true", _doit(python, True), limit=10_000, quick_limit=500)
        )
    if "luigi" in installed:
        tools.append(Tool("luigi", "two workers, files as outputs", _luigi(python), limit=1_000, quick_limit=50))
    if "flowmancer" in installed:
        tools.append(
            Tool("flowmancer-py", "the Python package, its defaults", _flowmancer(python), limit=300, quick_limit=30)
        )
    return tools
