"""Runs one program on one graph, once."""

import os
import resource
import shutil
import subprocess
from dataclasses import dataclass

# A run that takes longer is given up.
LIMIT_SECONDS = 900


@dataclass(frozen=True)
class Run:
    seconds: float
    processor_seconds: float
    peak_kilobytes: int


class RunFailed(Exception):
    pass


def prepare(tool, graph, directory):
    """Writes what a program needs; returns its command. This is not measured."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return [str(part) for part in tool.prepare(graph, directory)]


def run(measurer, command, directory):
    result = directory / "measured"
    output = directory / "output"
    with open(output, "w") as file:
        try:
            subprocess.run(
                [measurer, result] + command,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=LIMIT_SECONDS,
                preexec_fn=_allow_many_files,
                check=True,
            )
        except subprocess.TimeoutExpired:
            raise RunFailed(f"no end after {LIMIT_SECONDS} s") from None
        except subprocess.CalledProcessError as error:
            raise RunFailed(f"the measurement itself failed: {error}") from None
    seconds, user, system, peak, code = result.read_text().split()
    if code != "0":
        raise RunFailed(f"exit code {code}: {output.read_text(errors='replace')[-500:].strip()}")
    return Run(float(seconds), float(user) + float(system), int(peak))


def _allow_many_files():
    """The Python package leaks descriptors; 1,024 end it after 483 tasks."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65_536), hard))


def machine():
    def first(path, key):
        try:
            with open(path) as file:
                for line in file:
                    if line.startswith(key):
                        return line.split(":", 1)[1].strip()
        except OSError:
            pass
        return "unknown"

    return {
        "processor": first("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory": first("/proc/meminfo", "MemTotal"),
        "kernel": os.uname().release,
        "load_before": os.getloadavg(),
    }
