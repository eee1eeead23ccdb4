"""A run that is under way: started, followed and aborted from the page."""

import os
import shutil
import tempfile

from support import main


def start(page, gate):
    page.open("/")
    page.page.get_by_role("button", name="Start live", exact=True).click()
    page.page.get_by_label("Variables").fill(f"gate={gate}")
    page.page.get_by_role("button", name="Start", exact=True).click()
    page.page.locator(".run-head .badge.R").wait_for()
    page.ready()


def touch(gate, name):
    with open(os.path.join(gate, name), "w", encoding="utf-8"):
        pass


def run(tests):
    gate = tempfile.mkdtemp(prefix="flowmancer-gate-")
    try:
        with tests.page() as page:
            start(page, gate)
            tests.expect("the run is under way", page.page.locator(".run-head .badge")).to_have_text("► under way")
            page.until(
                "the first task runs",
                "() => document.querySelector('.table .row .cell.state').textContent === 'running'",
            )
            page.row("first").click()
            page.page.get_by_role("tab", name="Log").last.click()
            log = page.page.get_by_role("log")
            tests.expect("its log is there while it runs", log).to_contain_text("waiting for the first file")
            touch(gate, "first")
            tests.expect("the log is followed", log).to_contain_text("the first file is there")
            page.until(
                "changes come by themselves",
                "() => document.querySelector('.table .row .cell.state').textContent === 'completed'",
            )
            tests.expect(
                "the items that are known in the run alone come by themselves", page.row("each").locator(".name .small")
            ).to_have_text("3")
            page.until(
                "the last task runs",
                "() => [...document.querySelectorAll('.table .row:not([hidden])')].at(-1).querySelector('.state').textContent === 'running'",
            )
            page.picture("live")
            page.page.keyboard.press("[")
            page.until(
                "the past can be looked at meanwhile", "() => document.querySelector('.run').classList.contains('past')"
            )
            touch(gate, "last")
            tests.expect("the end comes by itself", page.page.locator(".run-head .badge")).to_have_text("✓ succeeded")
            page.page.keyboard.press(".")
            page.until(
                "all has ended",
                "() => [...document.querySelectorAll('.table .row:not([hidden]) .state')].every((cell) => cell.textContent === 'completed')",
            )

        shutil.rmtree(gate)
        os.mkdir(gate)
        with tests.page() as page:
            start(page, gate)
            page.until(
                "the first task runs",
                "() => document.querySelector('.table .row .cell.state').textContent === 'running'",
            )
            page.page.get_by_role("button", name="Abort", exact=True).click()
            dialog = page.page.get_by_role("dialog", name="Abort this run?")
            tests.expect("an abort is asked for", dialog).to_be_visible()
            dialog.get_by_role("button", name="Cancel").click()
            tests.expect("no is an answer", page.page.locator(".run-head .badge")).to_have_text("► under way")
            page.page.get_by_role("button", name="Abort", exact=True).click()
            dialog.get_by_role("button", name="Abort the run").click()
            tests.expect("the run is aborted", page.page.locator(".run-head .badge")).to_have_text("■ aborted")
            tests.expect(
                "it cannot be aborted twice", page.page.get_by_role("button", name="Abort", exact=True)
            ).to_be_hidden()
            tests.expect("its task is aborted", page.row("first").locator(".state")).to_have_text("aborted")

        with tests.page() as page:
            start(page, gate)
            page.page.context.set_offline(True)
            touch(gate, "first")
            touch(gate, "last")
            page.page.context.set_offline(False)
            tests.expect(
                "after a lost connection the page finds its way", page.page.locator(".run-head .badge")
            ).to_have_text("✓ succeeded")
    finally:
        shutil.rmtree(gate, ignore_errors=True)


main(run)
