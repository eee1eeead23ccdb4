"""What the tests of the dashboard's page share.

They drive a real browser against a real server. Each file is a program of its own: it prints a line for every check
and exits with 1 at the first one that fails. It needs Playwright (`pip install playwright`) and Chromium; nothing else
is fetched.

    python3 test_list.py '{"address": "http://127.0.0.1:8421/?token=…", "runs": {"mixed": "01a2…", …}}'

The facts may also stand in the environment variable FLOWMANCER_BROWSER_FACTS:

    address             The printed link, with its token. The server was started with `--jobs` and a copy of the
                        folder `Jobs`.
    read_only_address   A link whose token may only read; without it, test_read_only.py has nothing to check.
    runs                The ids of ended runs by the names of their jobs. `mixed`, `groups`, `logs` and the one named
                        `"><img src=x onerror=alert(1)>` (hostile.yaml) were run with `flowmancer run`; all of
                        them take two seconds together. `large` is optional: 10,000 tasks and 20,000 dependencies, in any shape.
    chromium            The browser's program; /usr/bin/chromium if it is left out.
    pictures            A directory for pictures of what the tests see; none are taken if it is left out.

`live.yaml` and `broken.yaml` are not run before: the tests start `live`, and look at the problem of `broken`.
"""

import json
import os
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Error, expect, sync_playwright

# Only loopback, no services of the browser's maker, and no display.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--metrics-recording-only",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PATIENCE = 20
HOSTILE = '"><img src=x onerror=alert(1)>'

expect.set_options(timeout=PATIENCE * 1000)


class Failed(Exception):
    """A check that failed."""


class Page:
    """A page of the dashboard, and what went wrong in it."""

    def __init__(self, tests, page):
        self.tests = tests
        self.page = page
        self.troubles = []
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: self._note(message))

    def _note(self, message):
        # The browser reports each answer of 4xx; the page shows those in its own words.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")

    def open(self, path):
        self.page.goto(self.tests.origin + path, wait_until="commit")

    def open_run(self, job, query="", is_ready=True):
        self.open(f"/runs/{self.tests.run(job)}{query}")
        if is_ready:
            self.ready()

    def ready(self):
        """Waits until the graph is drawn: then all else is there."""
        self.page.locator('.stage[aria-label^="Graph of"], .note.over:not([hidden])').first.wait_for(state="attached")
        self.page.locator(".run-head h1").wait_for()
        self.frame()

    def frame(self):
        """Waits until what was asked for is on the screen."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def until(self, what, script, argument=None):
        """Waits until the script returns something that is true. (The page's policy forbids Playwright's own way.)"""
        end = time.monotonic() + PATIENCE
        while True:
            value = self.page.evaluate(script, argument)
            if value:
                print(f"ok: {what}", flush=True)
                return value
            if time.monotonic() > end:
                raise Failed(f"{what}: it did not become true within {PATIENCE} s")
            self.frame()

    def row(self, name):
        """The row of the table with a task, by its full name as it is shown."""
        return self.page.locator(".table .row:not([hidden])").filter(
            has=self.page.locator(f'.cell.name[title="{css(name)}"]')
        )

    def states(self):
        """The states of the rows that are seen, by name."""
        return dict(self.page.evaluate("""() => [...document.querySelectorAll('.table .row:not([hidden])')].map((row) =>
            [row.querySelector('.cell.name').title, row.querySelector('.cell.state').textContent])"""))

    def counts(self):
        """The counts in the head of the run, by state."""
        return dict(
            self.page.evaluate("""() => [...document.querySelectorAll('.run-head .chip:not([hidden])')].map((chip) =>
            [chip.lastChild.textContent.trim(), Number(chip.querySelector('b').textContent.replaceAll(',', ''))])""")
        )

    def selected(self):
        return self.page.evaluate("() => new URL(location).searchParams.get('task')")

    def picture(self, name):
        if self.tests.pictures:
            self.page.screenshot(path=os.path.join(self.tests.pictures, f"{name}.png"))


class Tests:
    """The checks of one file."""

    def __init__(self, facts, browser):
        self.facts = facts
        self.browser = browser
        self.pictures = facts.get("pictures")
        self.address = facts["address"]

    @property
    def origin(self):
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def run(self, job):
        try:
            return self.facts["runs"][job]
        except KeyError:
            raise Failed(f"the facts name no run of the job {job!r}") from None

    def has_run(self, job):
        return job in self.facts["runs"]

    @contextmanager
    def page(self, width=1440, height=900, scheme="light", **options):
        context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        page = Page(self, context.new_page())
        page.page.goto(self.address)
        try:
            yield page
            self.check("nothing went wrong in the page", not page.troubles, "; ".join(page.troubles))
        finally:
            context.close()

    def check(self, name, holds, detail=""):
        if not holds:
            raise Failed(f"{name}{f': {detail}' if detail else ''}")
        print(f"ok: {name}", flush=True)

    def equal(self, name, found, wanted):
        self.check(name, found == wanted, f"expected {wanted!r}, found {found!r}")

    def expect(self, name, locator, timeout=PATIENCE):
        """Waits for the assertion of a locator: `tests.expect("…", locator).to_have_text("…")`."""
        return Expectation(self, name, expect(locator))


class Expectation:
    def __init__(self, tests, name, inner):
        self.tests, self.name, self.inner = tests, name, inner

    def __getattr__(self, assertion):
        def call(*values, **options):
            try:
                getattr(self.inner, assertion)(*values, **options)
            except AssertionError as error:
                raise Failed(f"{self.name}: {error}") from None
            print(f"ok: {self.name}", flush=True)

        return call


def css(text):
    """The text within a quoted value of a selector."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def main(run):
    """Runs the checks of a file. `run` is given the tests."""
    text = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("FLOWMANCER_BROWSER_FACTS")
    if not text:
        sys.exit("give the facts as JSON; see support.py")
    facts = json.loads(text)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=facts.get("chromium", "/usr/bin/chromium"), args=OPTIONS)
        try:
            run(Tests(facts, browser))
        except Failed as failure:
            print(f"FAILED: {failure}", flush=True)
            sys.exit(1)
        except Error as error:
            print(f"FAILED: {error}", flush=True)
            sys.exit(1)
        finally:
            browser.close()
