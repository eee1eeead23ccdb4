"""A link that may only read."""

from support import main


def run(tests):
    if not tests.facts.get("read_only_address"):
        print("skipped: the facts have no read_only_address", flush=True)
        return
    tests.address = tests.facts["read_only_address"]
    with tests.page() as page:
        page.page.locator(".run-row").first.wait_for()
        tests.expect("the page says that it only reads", page.page.locator("#access")).to_have_text("Read only")
        tests.equal("no job can be started", page.page.get_by_role("button", name="Start").count(), 0)
        page.open_run("mixed")
        tests.expect("a report can be had", page.page.get_by_role("link", name="Report")).to_be_visible()
        for name in ("Abort", "Restart"):
            tests.expect(
                f"{name} is not offered", page.page.get_by_role("button", name=name, exact=True)
            ).to_be_hidden()
        status = page.page.evaluate(
            """async (run) => (await fetch(`/v1/runs/${run}/abort`, { method: 'POST',
            headers: { 'Content-Type': 'application/json' }, body: '{}' })).status""",
            tests.run("mixed"),
        )
        tests.equal("the server refuses it, too", status, 403)


main(run)
