"""Logs: their colours, their lengths, and what must do nothing."""

from support import main

LINES = "() => [...document.querySelectorAll('.logline:not([hidden])')].map((line) => line.textContent)"


def run(tests):
    with tests.page() as page:
        page.open_run("logs", "?task=colours&view=log")
        log = page.page.get_by_role("log")
        tests.expect("the log is there", log).to_contain_text("red plain bold orange green")
        tests.expect("a script is text", log).to_contain_text("<script>alert(1)</script>")
        tests.equal("and no element", page.page.locator(".log script").count(), 0)
        for text, name, wanted in (
            ("red", "color", "rgb(255, 138, 128)"),
            ("bold", "fontWeight", "700"),
            ("orange", "color", "rgb(255, 135, 0)"),
            ("green", "color", "rgb(10, 200, 90)"),
            ("underlined", "textDecorationLine", "underline"),
            ("italic", "fontStyle", "italic"),
        ):
            found = page.page.evaluate(
                "([text, name]) => getComputedStyle([...document.querySelectorAll('.logline span')].find((span) => span.textContent === text))[name]",
                [text, name],
            )
            tests.equal(f"{text} looks so", found, wanted)
        page.picture("log")

        page.page.get_by_role("button", name="Times").click()
        page.until("the times can be left out", "() => document.querySelectorAll('.logline .stamp').length === 0")
        page.page.get_by_role("button", name="Times").click()

        page.row("long").click()
        tests.expect("a long log opens at its end", log).to_contain_text("line 3999 of a long log")
        drawn = page.page.locator(".logline").count()
        tests.check("only the lines in view are elements", drawn < 200, f"{drawn} elements")
        page.page.get_by_role("button", name="Go to the beginning of the log").click()
        tests.expect("one press leads to its beginning", log).to_contain_text("line 0 of a long log")
        page.page.get_by_role("button", name="Go to the end of the log, and follow it").click()
        tests.expect("and one to its end", log).to_contain_text("line 3999 of a long log")
        seen = 3999
        for _ in range(12):
            before = page.page.evaluate(LINES)[0]
            page.page.evaluate("() => { document.querySelector('.log .scroller').scrollTop = 0; }")
            page.until(
                "earlier lines are read where one scrolls to",
                "(before) => document.querySelector('.logline:not([hidden])').textContent !== before",
                before,
            )
            seen = min(
                seen,
                *[int(line.split("line ")[1].split(" ")[0]) for line in page.page.evaluate(LINES) if "line " in line],
            )
            if seen == 0:
                break
        tests.equal("scrolling up leads to the first line", seen, 0)

        page.row("wide").click()
        tests.expect("a line of 300,000 signs is there", log).to_contain_text("after")
        longest = max(len(line) for line in page.page.evaluate(LINES))
        tests.check("it is broken into rows", longest < 2000, f"{longest} signs")
        page.page.get_by_role("button", name="Wrap").click()
        tests.expect("it need not be broken", log).to_contain_text("after")
        page.page.get_by_role("button", name="Wrap").click()

        page.row("silent").click()
        tests.expect("an empty log says so", page.page.locator(".log .empty")).to_be_visible()
        page.row("left-out").click()
        tests.expect("a task that did not run has none", page.page.locator(".log .empty")).to_contain_text(
            "has not run"
        )


main(run)
