"""Light and dark, and the width of a phone."""

from support import main

BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"


def run(tests):
    with tests.page(scheme="dark") as page:
        page.open_run("mixed")
        dark = page.page.evaluate(BACKGROUND)
        tests.check("a dark system has a dark page", dark != "rgb(255, 255, 255)", dark)
        page.picture("dark")
        page.page.locator("#theme").click()
        page.until(
            "the switch makes it light",
            "() => getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'",
        )
        page.page.reload()
        page.ready()
        tests.equal("the choice is kept", page.page.evaluate(BACKGROUND), "rgb(255, 255, 255)")
        page.page.locator("#theme").click()
        page.page.locator("#theme").click()
        tests.equal("the third choice is the system's", page.page.evaluate(BACKGROUND), dark)

    for width in (390, 360):
        with tests.page(width=width, height=844, has_touch=True, is_mobile=True) as page:
            page.page.locator(".run-row").first.wait_for()
            tests.check(f"the list fits in {width} pixels", not page.page.evaluate(TOO_WIDE))
            page.picture(f"list-{width}")
            page.open_run("groups")
            page.frame()
            for name in ("Graph", "Timeline", "Tasks", "Facts", "Log"):
                page.page.get_by_role("tab", name=name, exact=True).first.click()
                tests.expect(
                    f"{name} is shown behind its tab", page.page.get_by_role("tabpanel", name=name)
                ).to_be_visible()
                page.frame()
                tests.check(f"{name} fits in {width} pixels", not page.page.evaluate(TOO_WIDE))
                page.picture(f"{name.lower()}-{width}")
            page.page.get_by_role("tab", name="Tasks", exact=True).first.click()
            page.row("collect").click()
            page.page.get_by_role("tab", name="Facts", exact=True).first.click()
            tests.expect(
                "what is selected is selected behind all tabs", page.page.locator(".facts-view h2")
            ).to_have_text("collect")

    with tests.page(reduced_motion="reduce") as page:
        page.open_run("mixed")
        moves = page.page.evaluate(
            """() => [...document.querySelectorAll('*')].filter((element) => {
            const { transitionDuration, animationName } = getComputedStyle(element);
            return transitionDuration.split(',').some((time) => parseFloat(time) > 0) || animationName !== 'none'; }).length"""
        )
        tests.equal("nothing moves by itself for those who do not want it", moves, 0)


main(run)
