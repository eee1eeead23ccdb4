"""From runs to medians, spreads and ratios; as a table and as JSON."""

from statistics import median


def summarise(workload, runs, sizes, failures):
    """Returns the results of a workload.

    runs: for every round, the run of every program by name. sizes: the number of tasks that a program was given.
    """
    rows = []
    for tool in workload.tools:
        own = [done[tool] for done in runs if tool in done]
        if not own:
            if tool in failures:
                rows.append({"tool": tool, "failure": failures[tool]})
            continue
        size = sizes[tool]
        per_task = [run.seconds / size * 1e3 for run in own]
        rows.append(
            {
                "tool": tool,
                "tasks": size,
                "rounds": len(own),
                "ms_per_task": {"median": median(per_task), "min": min(per_task), "max": max(per_task)},
                "seconds": median(run.seconds for run in own),
                "processor_ms_per_task": median(run.processor_seconds for run in own) / size * 1e3,
                "peak_mb": max(run.peak_kilobytes for run in own) / 1024,
                "ratios": _ratios(tool, workload.tools, runs, sizes),
            }
        )
        if tool in failures:
            rows[-1]["failure"] = failures[tool]
    return {"workload": workload.name, "kind": workload.kind, "size": workload.size, "programs": rows}


def _ratios(tool, tools, runs, sizes):
    """How many times as long as one of our programs another takes, per task, each pair in the same round."""
    if not tool.startswith("ours"):
        return {}
    result = {}
    for other in tools:
        pairs = [
            (done[other].seconds / sizes[other]) / (done[tool].seconds / sizes[tool])
            for done in runs
            if tool in done and other in done and other != tool
        ]
        if pairs:
            result[other] = {"median": median(pairs), "min": min(pairs), "max": max(pairs)}
    return result


def table(result):
    """The result of a workload as text."""
    lines = [f"{result['workload']}"]
    header = ["", "tasks", "rounds", "ms/task", "min – max", "s", "CPU ms/task", "peak MB", "× ours", "× ours-shell"]
    rows = [header]
    programs = {row["tool"]: row for row in result["programs"]}
    for row in result["programs"]:
        if "tasks" not in row:
            rows.append([row["tool"], "failed: " + row["failure"].splitlines()[0][:80]])
            continue
        time = row["ms_per_task"]
        smaller = "*" if row["tasks"] != result["size"] else ""
        rows.append(
            [
                row["tool"],
                f"{row['tasks']:,}{smaller}",
                str(row["rounds"]),
                _number(time["median"]),
                f"{_number(time['min'])} – {_number(time['max'])}",
                _number(row["seconds"]),
                _number(row["processor_ms_per_task"]),
                f"{row['peak_mb']:.0f}",
                _ratio(programs, "ours", row["tool"]),
                _ratio(programs, "ours-shell", row["tool"]),
            ]
        )
    widths = [max(len(row[column]) for row in rows if len(row) == len(header)) for column in range(len(header))]
    for row in rows:
        cells = [cell.ljust(width) if index == 0 else cell.rjust(width) for index, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  " + "  ".join(cells).rstrip())
    if any(row.get("tasks", result["size"]) != result["size"] for row in result["programs"]):
        lines.append("  * given fewer tasks, since it would take too long; times and ratios are per task")
    return "\n".join(lines)


def _ratio(programs, ours, other):
    ratio = programs.get(ours, {}).get("ratios", {}).get(other)
    return f"{ratio['median']:.2f}" if ratio else ""


def _number(value):
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}" if value >= 0.001 else f"{value:.2g}"
