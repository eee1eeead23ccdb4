"""Searching, and going about with the keys alone."""

from support import main


def run(tests):
    with tests.page() as page:
        page.open_run("mixed")
        page.page.keyboard.press("/")
        search = page.page.get_by_role("searchbox", name="Search for tasks")
        tests.expect("a slash goes to the search", search).to_be_focused()
        page.page.keyboard.type("transform")
        page.until(
            "the table shows what was found",
            "() => document.querySelectorAll('.table .row:not([hidden])').length === 1",
        )
        tests.expect("what was found is counted", page.page.locator(".found")).to_have_text("1 task found")
        page.until(
            "the search stands in the address", "() => new URL(location).searchParams.get('search') === 'transform'"
        )
        page.page.keyboard.press("Enter")
        page.until("Enter selects the first", "() => new URL(location).searchParams.get('task') === 'transform'")
        page.page.keyboard.press("Escape")
        page.until(
            "Escape ends the search", "() => document.querySelectorAll('.table .row:not([hidden])').length === 7"
        )

        page.page.keyboard.press("1")
        stage = page.page.locator("div.graph .stage")
        tests.expect("1 goes to the graph", stage).to_be_focused()
        page.page.keyboard.press("ArrowDown")
        page.until("down goes to what depends on it", "() => new URL(location).searchParams.get('task') === 'load'")
        tests.check("the task is read out", "load, failed" in page.page.locator("#announcer").text_content())
        page.page.keyboard.press("ArrowUp")
        page.until("up goes to a dependency", "() => new URL(location).searchParams.get('task') === 'transform'")
        page.page.keyboard.press("ArrowDown")
        page.page.keyboard.press("ArrowDown")
        page.until("twice down goes two steps", "() => new URL(location).searchParams.get('task') === 'publish'")
        tests.expect("the table goes along", page.row("publish")).to_have_attribute("aria-selected", "true")
        page.page.keyboard.press("ArrowUp")
        page.page.keyboard.press("Enter")
        tests.expect("Enter opens the log", page.page.get_by_role("log")).to_be_focused()

        page.page.keyboard.press("3")
        tests.expect("3 goes to the tasks", page.page.get_by_role("treegrid")).to_be_focused()
        page.page.keyboard.press("Home")
        page.until("Home goes to the first", "() => new URL(location).searchParams.get('task') === 'extract'")
        page.page.keyboard.press("ArrowDown")
        page.until("down goes to the next", "() => new URL(location).searchParams.get('task') === 'retried'")
        active = page.page.evaluate(
            "() => document.getElementById(document.querySelector('.table').getAttribute('aria-activedescendant'))?.querySelector('.name').title"
        )
        tests.equal("the active row is told to screen readers", active, "retried")
        page.page.keyboard.press("2")
        page.page.keyboard.press("End")
        page.until("the timeline has the same keys", "() => new URL(location).searchParams.get('task') === 'publish'")

        page.page.keyboard.press("?")
        dialog = page.page.get_by_role("dialog", name="Keys")
        tests.expect("a question mark shows the keys", dialog).to_be_visible()
        page.picture("keys")
        page.page.keyboard.press("Escape")
        tests.expect("Escape closes them", dialog).to_have_count(0)
        page.page.keyboard.press("Escape")
        page.until("then Escape leaves the selection", "() => !new URL(location).searchParams.has('task')")


main(run)
