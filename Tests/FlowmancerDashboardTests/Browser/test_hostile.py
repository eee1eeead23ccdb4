"""Names and output of those who mean harm are text, wherever they are shown."""

from support import HOSTILE, main


def run(tests):
    with tests.page() as page:
        page.open_run(HOSTILE)
        tests.equal("the name of the job is text", page.page.locator("h1").text_content(), HOSTILE)
        names = list(page.states())
        tests.check("a tag is text", '"><img src=x onerror=alert(2)>' in names, str(names))
        tests.check("a script is text", any(name.startswith("<script>alert(4)") for name in names), str(names))
        tests.check("what turns the text around is shown", "turned\\u{202E}gnp.exe" in names, str(names))
        tests.equal("no element came of it", page.page.locator("main img, main script, main iframe").count(), 0)
        page.picture("hostile")
        for name in names:
            page.row(name).click()
            tests.expect(f"{name[:40]} can be selected", page.page.locator(".facts-view h2")).to_have_text(name)
            page.page.locator(".facts-view .attempt").first.wait_for()
        page.row('"><img src=x onerror=alert(2)>').click()
        page.page.get_by_role("tab", name="Log").last.click()
        log = page.page.get_by_role("log")
        tests.expect("its log is text", log).to_contain_text("<script>alert(3)</script>")
        tests.expect("other escapes do nothing", log).to_contain_text("nothing was cleared")
        tests.expect("bytes that are no UTF-8 are shown as such", log).to_contain_text("not UTF-8: �� end")
        tests.expect("direction is shown, not followed", log).to_contain_text("turned \\u{202E}around")
        tests.check(
            "no escape is left",
            "\x1b" not in log.text_content() and "title" not in log.text_content(),
            log.text_content(),
        )
        page.until(
            "the address has the name",
            "() => new URL(location).searchParams.get('task') === '\"><img src=x onerror=alert(2)>'",
        )
        page.page.reload()
        page.ready()
        tests.expect("an address with the name leads to it", page.page.locator(".log .title")).to_have_text(
            '"><img src=x onerror=alert(2)>'
        )
        page.open("/?job=%3Cscript%3Ealert(5)%3C%2Fscript%3E")
        tests.expect("an address is text too", page.page.get_by_label("Job", exact=True)).to_have_value(
            "<script>alert(5)</script>"
        )


main(run)
