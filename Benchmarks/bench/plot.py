"""Draws how the time per task changes with the number of tasks, as SVG."""

from math import floor, ceil, log10

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 30, 50
COLOURS = ["#0b6e4f", "#c1292e", "#235789", "#f1a208", "#7b2d8b", "#5c5c5c", "#00a6a6", "#a0522d", "#e36397", "#3a3a9e"]


def scaling(results, kind="layers"):
    """Returns the plot of one kind of graph, or None if it was measured at fewer than two sizes."""
    series = {}
    for result in results:
        if result["kind"] != kind:
            continue
        for row in result["programs"]:
            if "tasks" in row:
                series.setdefault(row["tool"], {})[row["tasks"]] = row["ms_per_task"]["median"]
    points = [point for values in series.values() for point in values.items()]
    if len({size for size, _ in points}) < 2:
        return None
    sizes, times = zip(*points)
    x = _axis(min(sizes), max(sizes), LEFT, WIDTH - RIGHT)
    y = _axis(min(times), max(times), HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18">Milliseconds per task, by the number of tasks ({kind}; both axes logarithmic)</text>',
    ]
    parts += _grid(x, y)
    parts += _lines(series, x, y)
    return "\n".join(parts + ["</svg>", ""])


class _axis:
    """A logarithmic axis of whole decades."""

    def __init__(self, low, high, start, end):
        self.first, self.last = floor(log10(low)), max(ceil(log10(high)), floor(log10(low)) + 1)
        self.start, self.end = start, end

    def __call__(self, value):
        share = (log10(value) - self.first) / (self.last - self.first)
        return self.start + share * (self.end - self.start)

    @property
    def decades(self):
        return [10.0**power for power in range(self.first, self.last + 1)]


def _grid(x, y):
    parts = []
    for value in x.decades:
        parts.append(f'<line x1="{x(value):.1f}" y1="{TOP}" x2="{x(value):.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>')
    for value in y.decades:
        parts.append(f'<line x1="{LEFT}" y1="{y(value):.1f}" x2="{WIDTH - RIGHT}" y2="{y(value):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    return parts


def _lines(series, x, y):
    parts = []
    # Names stand beside the last points, moved apart where they would overlap.
    ends = sorted((y(values[max(values)]), tool) for tool, values in series.items())
    label = TOP
    for end, tool in ends:
        values = series[tool]
        colour = COLOURS[sorted(series).index(tool) % len(COLOURS)]
        places = [(x(size), y(values[size])) for size in sorted(values)]
        path = " ".join(f"{left:.1f},{top:.1f}" for left, top in places)
        width = 3 if tool.startswith("ours") else 1.5
        dashes = ' stroke-dasharray="4 3"' if tool.startswith("floor") else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>')
        parts += [f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3" fill="{colour}"/>' for left, top in places]
        label = max(end, label + 14)
        parts.append(f'<text x="{WIDTH - RIGHT + 12}" y="{label + 4:.1f}" fill="{colour}">{tool}</text>')
    return parts
