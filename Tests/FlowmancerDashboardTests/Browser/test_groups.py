"""Groups: closed with their counts, opened by mouse and keys."""

from support import main


def names(page):
    return page.page.evaluate(
        "() => [...document.querySelectorAll('.table .row:not([hidden]) .cell.name')].map((cell) => cell.title)"
    )


def nodes(page):
    """How many nodes the graph shows, by its accessible name."""
    return page.page.evaluate(
        "() => Number(/Graph of ([0-9,]+) node/.exec(document.querySelector('div.graph .stage').ariaLabel)[1].replaceAll(',', ''))"
    )


def run(tests):
    with tests.page() as page:
        page.open_run("groups")
        tests.equal("groups are closed", names(page), ["prepare", "convert", "variant", "collect"])
        tests.equal("the graph shows them as one node each", nodes(page), 4)
        tests.expect("a group has the number of its tasks", page.row("convert").locator(".name .small")).to_have_text(
            "8"
        )
        tests.check("a group is announced as closed", page.row("convert").get_attribute("aria-expanded") == "false")

        page.row("convert").get_by_role("button", name="Open the group").click()
        page.until(
            "its tasks follow in the table",
            "() => document.querySelectorAll('.table .row:not([hidden])').length === 12",
        )
        page.until(
            "and in the graph",
            "() => document.querySelector('div.graph .stage').ariaLabel.startsWith('Graph of 11 nodes')",
        )
        tests.check("a group is announced as open", page.row("convert").get_attribute("aria-expanded") == "true")
        page.row("convert").click()
        tests.expect("the facts count its states", page.page.locator(".facts-view .counts-line")).to_have_text(
            "✗ 1 failed✓ 7 completed"
        )
        page.picture("groups")

        page.page.locator(".table").focus()
        page.page.keyboard.press("ArrowLeft")
        page.until(
            "the left key closes it", "() => document.querySelectorAll('.table .row:not([hidden])').length === 4"
        )
        page.page.keyboard.press("ArrowRight")
        page.until(
            "the right key opens it", "() => document.querySelectorAll('.table .row:not([hidden])').length === 12"
        )
        page.page.keyboard.press("ArrowRight")
        page.until("the right key goes into it", "() => new URL(location).searchParams.get('task') === 'convert[one]'")
        page.page.keyboard.press("ArrowLeft")
        page.page.keyboard.press("ArrowLeft")
        page.until(
            "the left key leads out, and closes",
            "() => document.querySelectorAll('.table .row:not([hidden])').length === 4",
        )

        page.open_run("groups", "?task=variant%5Bdebug%5D%2Fcheck%5Bunit%5D")
        tests.expect(
            "an address opens the groups around its task", page.row("variant[debug]/check[unit]")
        ).to_have_attribute("aria-selected", "true")
        tests.expect("rows say how deep they are", page.row("variant[debug]/check[unit]")).to_have_attribute(
            "aria-level", "4"
        )
        page.until(
            "the graph opens them too",
            "() => !document.querySelector('div.graph .stage').ariaLabel.startsWith('Graph of 4 ')",
        )

        page.page.keyboard.press("1")
        page.page.keyboard.press("Escape")
        page.until("Escape leaves the selection", "() => !new URL(location).searchParams.has('task')")


main(run)
