"""A graph of 10,000 tasks: it opens, moves and is searched. The times are printed, and not judged."""

import time

from support import main

FRAMES = """async (kind) => {
  const stage = document.querySelector('div.graph .stage');
  const box = stage.getBoundingClientRect();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const point = (type, x, y) => stage.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, pointerType: 'mouse', isPrimary: true,
    button: 0, buttons: 1, clientX: box.left + x, clientY: box.top + y }));
  stage.setPointerCapture = () => {};
  const times = [await frame()];
  if (kind === 'pan') point('pointerdown', 300, 150);
  for (let step = 0; step < 120; step += 1) {
    if (kind === 'pan') point('pointermove', 300 + 150 * Math.sin(step / 12), 150 + 90 * Math.cos(step / 9));
    else stage.dispatchEvent(
      new WheelEvent('wheel', {
        bubbles: true, cancelable: true, deltaY: step < 60 ? -80 : 80, clientX: box.left + 300, clientY: box.top + 150,
      }),
    );
    times.push(await frame());
  }
  if (kind === 'pan') point('pointerup', 300, 150);
  delete stage.setPointerCapture;
  const gaps = times.slice(1).map((moment, index) => moment - times[index]).sort((a, b) => a - b);
  return { rate: 1000 * gaps.length / gaps.reduce((sum, gap) => sum + gap, 0), slowest: gaps.at(-1) };
}"""


def run(tests):
    if not tests.has_run("large"):
        print("skipped: the facts name no run of the job 'large'", flush=True)
        return
    with tests.page() as page:
        for attempt in ("for the first time", "again"):
            start = time.monotonic()
            page.open_run("large")
            print(f"figure: opened {attempt} in {time.monotonic() - start:.2f} s", flush=True)
        rows = int(page.page.get_by_role("treegrid").get_attribute("aria-rowcount"))
        tests.check("the table has all tasks", rows > 10000, str(rows))
        elements = page.page.evaluate("() => document.querySelectorAll('*').length")
        tests.check("few of them are elements", elements < 2500, f"{elements} elements")
        for kind in ("pan", "zoom"):
            figures = page.page.evaluate(FRAMES, kind)
            print(
                f"figure: {kind} at {figures['rate']:.0f} frames a second, the slowest took {figures['slowest']:.0f} ms",
                flush=True,
            )
        page.picture("large")
        page.page.locator(".table").focus()
        page.page.keyboard.press("End")
        last = page.until("the last task is one key away", "() => new URL(location).searchParams.get('task')")
        page.page.keyboard.press("/")
        page.page.keyboard.type(last)
        page.until(
            "it is found among all",
            "(last) => { const rows = [...document.querySelectorAll('.table .row:not([hidden])')]; return rows.length >= 1 && rows.length < 20 && rows.some((row) => row.querySelector('.name').title === last); }",
            last,
        )
        tests.check("a large graph can be searched", True)


main(run)
