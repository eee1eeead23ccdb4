"""The slider over the time of a run."""

from support import main


def total(counts):
    return sum(counts.values())


def run(tests):
    with tests.page() as page:
        page.open_run("mixed")
        end = page.counts()
        slider = page.page.get_by_role("slider", name="Time of the run")
        slider.focus()
        page.page.keyboard.press("Home")
        page.until("the slider shows the beginning", "() => document.querySelector('.run').classList.contains('past')")
        start = page.counts()
        tests.equal("at the beginning all is pending", start.get("pending", 0) + start.get("running", 0), total(end))
        tests.check("no task is counted twice or lost", total(start) == total(end), f"{start} against {end}")
        tests.check(
            "the table shows the instant", set(page.states().values()) <= {"pending", "running"}, str(page.states())
        )
        page.until("the address has the instant", "() => new URL(location).searchParams.get('at') === '0'")
        page.picture("slider")

        seen = [start]
        for _ in range(40):
            page.page.keyboard.press("]")
            page.frame()
            seen.append(page.counts())
            if not page.page.evaluate("() => document.querySelector('.run').classList.contains('past')"):
                break
        ended = [total(counts) - counts.get("pending", 0) - counts.get("running", 0) for counts in seen]
        tests.equal("step by step, tasks only come to their ends", ended, sorted(ended))
        tests.equal("the last step is the end", seen[-1], end)
        tests.check("a step shows a task that runs", any(counts.get("running") for counts in seen))

        page.page.keyboard.press("[")
        page.until("a step back leaves the end", "() => document.querySelector('.run').classList.contains('past')")
        tests.check(
            "the slider says the instant in words",
            "pending" in slider.get_attribute("aria-valuetext")
            or "completed" in slider.get_attribute("aria-valuetext"),
        )
        page.page.keyboard.press(".")
        page.until("the end is one key away", "() => !document.querySelector('.run').classList.contains('past')")
        tests.equal("at the end all is as before", page.counts(), end)

        axis = page.page.locator(".gantt .stage").bounding_box()
        page.page.mouse.click(axis["x"] + axis["width"] * 0.5, axis["y"] + 10)
        page.until(
            "a click on the axis of the timeline shows that instant",
            "() => document.querySelector('.run').classList.contains('past')",
        )
        page.page.get_by_role("button", name="End", exact=True).click()
        page.until("the button leads to the end", "() => !document.querySelector('.run').classList.contains('past')")


main(run)
