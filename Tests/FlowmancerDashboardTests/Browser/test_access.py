"""Names, roles and contrasts: a page for everybody."""

from support import main

# Elements that one can use, without a name.
NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea, [tabindex="0"], [role="slider"]')]
  .filter((element) => element.checkVisibility())
  .filter((element) => {
    const label = element.labels?.[0]?.textContent ?? '';
    const named = (element.getAttribute('aria-labelledby') ?? '').split(' ').map(
      (id) => document.getElementById(id)?.textContent ?? ''
    ).join('');
    const text = element.matches('input, select, textarea') ? '' : element.textContent;
    return `${element.getAttribute('aria-label') ?? ''}${named}${label}${text}`.trim() === '';
  }).map((element) => element.outerHTML.slice(0, 120))"""

# Texts whose colour is too near to that of their ground: 4.5 to 1 is asked for, 3 to 1 for large ones.
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const read = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const over = (top, ground) => top.rgb.map((value, index) => value * top.alpha + ground[index] * (1 - top.alpha));
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((value) => value / 255).map(
      (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.unshift(at);
    return chain.reduce((below, at) => over(read(getComputedStyle(at).backgroundColor), below), [255, 255, 255]);
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    if (
      !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      || element.closest('[aria-hidden="true"], :disabled, .unseen')
    ) {
      continue;
    }
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim();
    if (text === '') continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const [a, b] = [light(over(read(style.color), below)), light(below)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (isLarge ? 3 : 4.5)) {
      found.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)} (${element.className})`);
    }
  }
  return found;
}"""

DOUBLE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}"""

LOST = """() => [...document.querySelectorAll('[aria-controls], [aria-labelledby], [aria-activedescendant]')].flatMap((element) =>
  [
    'aria-controls', 'aria-labelledby', 'aria-activedescendant',
  ].map((name) => element.getAttribute(name)).filter(Boolean))
  .filter((id) => document.getElementById(id) === null)"""


def check_page(tests, page, name):
    page.frame()
    tests.equal(f"{name}: all that can be used has a name", page.page.evaluate(NAMELESS), [])
    tests.equal(f"{name}: all text can be read", page.page.evaluate(FAINT), [])
    tests.equal(f"{name}: no id is used twice", page.page.evaluate(DOUBLE), [])
    tests.equal(f"{name}: what is referred to is there", page.page.evaluate(LOST), [])


def run(tests):
    for scheme in ("light", "dark"):
        with tests.page(scheme=scheme) as page:
            page.page.locator(".run-row").first.wait_for()
            check_page(tests, page, f"list, {scheme}")
            page.page.get_by_role("button", name="Start mixed", exact=True).click()
            check_page(tests, page, f"dialog that starts, {scheme}")
            page.page.keyboard.press("Escape")
            page.open_run("mixed")
            check_page(tests, page, f"run, {scheme}")
            page.row("load").click()
            page.page.locator(".facts-view .attempt").first.wait_for()
            check_page(tests, page, f"facts, {scheme}")
            page.page.get_by_role("tab", name="Log").last.click()
            page.page.locator(".logline:not([hidden])").first.wait_for()
            check_page(tests, page, f"log, {scheme}")
            page.open_run("logs", "?task=colours&view=log")
            page.page.locator(".logline:not([hidden])").first.wait_for()
            check_page(tests, page, f"colours of a log, {scheme}")
            page.page.keyboard.press("?")
            check_page(tests, page, f"keys, {scheme}")

    with tests.page() as page:
        page.open_run("mixed")
        tests.equal("the page has one main part", page.page.get_by_role("main").count(), 1)
        tests.equal("and one heading of the first rank", page.page.locator("h1:visible").count(), 1)
        tests.equal("it says its language", page.page.evaluate("() => document.documentElement.lang"), "en")
        tests.check(
            "the picture of the graph points to the table",
            "The table has the same tasks" in page.page.locator("div.graph .stage").get_attribute("aria-label"),
        )
        tests.equal(
            "pictures are left out for those who listen", page.page.locator("canvas:not([aria-hidden])").count(), 0
        )
        tests.equal(
            "the table says how many rows it has", page.page.get_by_role("treegrid").get_attribute("aria-rowcount"), "8"
        )
        page.page.keyboard.press("Tab")
        tests.expect(
            "the first key leads past the head", page.page.get_by_role("link", name="Skip to the content")
        ).to_be_focused()
        for _ in range(25):
            page.page.keyboard.press("Tab")
            outline = page.page.evaluate(
                """() => {
                const element = document.activeElement;
                if (element === document.body) return 'none at all';
                const style = getComputedStyle(element);
                return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
                  ? ''
                  : element.outerHTML.slice(0, 100); }"""
            )
            tests.check("what has the focus shows it", outline in ("", "none at all"), outline)


main(run)
