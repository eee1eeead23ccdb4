"""A run: its head, and the task that is selected in all views."""

from support import main


def find_in_graph(page, name):
    """Moves the mouse over the graph until it is on a node. Returns where that is."""
    box = page.page.locator("div.graph .stage").bounding_box()
    for y in range(10, int(box["height"]), 12):
        for x in range(20, int(box["width"]), 24):
            page.page.mouse.move(box["x"] + x, box["y"] + y)
            title = page.page.evaluate("() => document.querySelector('div.graph .stage').title")
            if title.startswith(f"{name}, "):
                return box["x"] + x, box["y"] + y
    return None


def run(tests):
    with tests.page() as page:
        page.open_run("mixed")
        tests.equal("the head has the state", page.page.locator(".run-head .badge").text_content(), "✗ failed")
        tests.equal(
            "the head counts the tasks", page.counts(), {"failed": 2, "completed": 3, "skipped": 1, "not run": 1}
        )
        states = page.states()
        tests.equal(
            "the table has the states",
            states,
            {
                "extract": "completed",
                "retried": "completed",
                "transform": "completed",
                "lenient": "failed (allowed)",
                "optional": "skipped",
                "load": "failed",
                "publish": "not run",
            },
        )
        tests.expect("failures are told at once", page.page.locator(".facts-view")).to_contain_text("load")
        page.picture("run")

        place = find_in_graph(page, "load")
        tests.check("the graph has the task", place is not None)
        page.page.mouse.click(*place)
        tests.expect("a click in the graph selects in the table", page.row("load")).to_have_attribute(
            "aria-selected", "true"
        )
        tests.expect("and in the facts", page.page.locator(".facts-view h2")).to_have_text("load")
        page.until("and in the address", "() => new URL(location).searchParams.get('task') === 'load'")

        page.row("retried").click()
        tests.expect("a click in the table selects in the facts", page.page.locator(".facts-view h2")).to_have_text(
            "retried"
        )
        tests.expect("the facts have all attempts", page.page.locator(".facts-view .attempt")).to_have_count(2)

        stage = page.page.locator(".gantt .stage").bounding_box()
        page.page.mouse.click(stage["x"] + 60, stage["y"] + 24 + 24 * 2 + 12)
        tests.expect("a click in the timeline selects in the table", page.row("transform")).to_have_attribute(
            "aria-selected", "true"
        )

        page.page.locator(".facts-view").get_by_role("button", name="load").click()
        tests.expect("dependents are links", page.page.locator(".facts-view h2")).to_have_text("load")
        tests.expect("the facts say why it failed", page.page.locator(".facts-view")).to_contain_text(
            "exited with code 7"
        )

        page.page.get_by_role("tab", name="Log").last.click()
        tests.expect("the log is that of the selected task", page.page.locator(".log .scroller")).to_contain_text(
            "the table is locked"
        )

        page.until("the address has the task", "() => new URL(location).searchParams.get('task') === 'load'")
        page.page.reload()
        page.ready()
        tests.expect("after loading anew, it is selected still", page.row("load")).to_have_attribute(
            "aria-selected", "true"
        )
        tests.expect("and its log is shown", page.page.locator(".log .scroller")).to_contain_text("loading")

        page.page.get_by_role("group", name="Show only tasks that are").get_by_role("button", name="failed").click()
        page.until(
            "a count filters the tasks", "() => document.querySelectorAll('.table .row:not([hidden])').length === 2"
        )
        page.page.keyboard.press("Escape")
        page.until(
            "Escape shows all again", "() => document.querySelectorAll('.table .row:not([hidden])').length === 7"
        )

        page.page.get_by_role("button", name="Sort by duration").click()
        page.page.get_by_role("button", name="Sort by duration").click()
        page.until(
            "the table can be sorted",
            "() => document.querySelector('.table .row:not([hidden]) .cell.name').title === 'transform'",
        )

        page.open("/runs/no-such-run")
        tests.expect(
            "a run that is not there is explained", page.page.get_by_role("heading", name="There is no such run")
        ).to_be_visible()


main(run)
