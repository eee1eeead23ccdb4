"""The list of runs, its filters, and the jobs that can be started."""

from support import HOSTILE, main


def rows(page):
    return page.page.locator(".run-row")


def jobs_of(page):
    return page.page.evaluate(
        "() => [...document.querySelectorAll('.run-row .job-name')].map((link) => link.textContent)"
    )


def run(tests):
    with tests.page() as page:
        tests.expect(
            "the list has the runs", page.page.locator(f'.run-row[data-id="{tests.run("mixed")}"]')
        ).to_be_visible()
        tests.check("hostile names are text", HOSTILE in jobs_of(page))
        badge = page.page.locator(f'.run-row[data-id="{tests.run("mixed")}"] .badge')
        tests.equal("a state has a sign and a word", badge.text_content(), "✗ failed")
        page.picture("list")
        late = page.page.evaluate(
            """() => {
            const asked = new Set([...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href));
            return performance.getEntriesByType('resource').map(({ name }) => name)
                .filter((name) => name.endsWith('.js') && !/\\/(main|early)\\.js$/.test(name) && !asked.has(name)); }"""
        )
        tests.equal("all modules are asked for at once", late, [])

        page.page.get_by_label("Job", exact=True).fill("groups")
        page.until(
            "only runs of the job are left",
            """() => {
            const names = [...document.querySelectorAll('.run-row .job-name')].map((link) => link.textContent);
            return names.length > 0 && names.every((name) => name === 'groups'); }""",
        )
        tests.check("the filter stands in the address", "job=groups" in page.page.url, page.page.url)
        page.page.reload()
        page.until("the filter of the address holds", "() => document.querySelectorAll('.run-row').length > 0")
        tests.equal("after loading anew, only runs of the job are there", set(jobs_of(page)), {"groups"})

        page.page.get_by_role("button", name="Clear").click()
        page.until(
            "all runs are back",
            "() => new Set([...document.querySelectorAll('.job-name')].map((e) => e.textContent)).size > 2",
        )
        page.page.get_by_role("group", name="States").get_by_role("button", name="failed").click()
        page.until(
            "only failed runs are left",
            """() => {
            const badges = [...document.querySelectorAll('.run-row .badge')].map((badge) => badge.textContent);
            return badges.length > 0 && badges.every((text) => text.endsWith('failed')); }""",
        )
        tests.check("the state stands in the address", "state=failed" in page.page.url, page.page.url)
        page.page.get_by_role("button", name="Clear").click()

        part = tests.run("logs")[-9:]
        page.page.get_by_label("Run", exact=True).fill(part)
        page.until(
            "a part of the id finds its run",
            "(id) => { const rows = document.querySelectorAll('.run-row'); return rows.length === 1 && rows[0].dataset.id === id; }",
            tests.run("logs"),
        )
        page.page.get_by_label("Run", exact=True).fill("no-run-has-this")
        tests.expect(
            "an empty list says what to do", page.page.get_by_role("heading", name="No run fits")
        ).to_be_visible()
        page.page.get_by_role("button", name="show all runs").click()
        tests.expect("all runs can be shown again", rows(page).nth(2)).to_be_visible()

        page.page.get_by_label("Started", exact=True).select_option("hour")
        tests.expect(
            "the runs of the last hour are listed", page.page.locator(f'.run-row[data-id="{tests.run("mixed")}"]')
        ).to_be_visible()

        job = page.page.locator(".job").filter(has_text="broken.yaml")
        job.locator("summary").click()
        tests.expect("a job's problem has its place", job.locator(".issues")).to_contain_text("broken.yaml:8:20")
        tests.expect(
            "a job with a problem cannot be started", job.get_by_role("button", name="Start broken")
        ).to_be_disabled()

        page.page.get_by_role("button", name="Clear").click()
        page.page.locator(f'.run-row[data-id="{tests.run("mixed")}"] .job-name').click()
        page.ready()
        tests.check(
            "a row leads to its run",
            page.page.url.startswith(f"{tests.origin}/runs/{tests.run('mixed')}"),
            page.page.url,
        )
        page.page.go_back()
        tests.expect("back leads to the list", rows(page).first).to_be_visible()


main(run)
