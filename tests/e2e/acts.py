"""What somebody's hands do on a page, counted by the page itself: nothing is done past it."""

from dataclasses import dataclass

from playwright.sync_api import Page

# Kept over the pages of a journey. A field that is typed in counts once, however many letters.
COUNT = """(() => {
  const add = (what) => {
    sessionStorage[what] = Number(sessionStorage[what] || 0) + 1;
  };
  let field = null;
  const isField = (target) => target.matches("input, textarea, select");
  addEventListener("pointerdown", (event) => event.isTrusted && add("presses"), true);
  addEventListener("keydown", ({ key, target, isTrusted }) => {
    const acts = key === "Enter" || (!isField(target) && !["Tab", "Shift"].includes(key));
    if (isTrusted && acts) add("keys");
  }, true);
  addEventListener("input", ({ target }) => {
    if (target === field || !target.matches("[type=search], [type=text], textarea")) return;
    field = target;
    add("fields");
  }, true);
})()"""


@dataclass(frozen=True, slots=True)
class Acts:
    """Presses of a mouse or finger, keys that act, and fields typed in, on one page and the next."""

    presses: int
    keys: int
    fields: int

    @property
    def total(self) -> int:
        return self.presses + self.keys + self.fields


def count_acts(page: Page) -> None:
    """Count from here on."""
    page.add_init_script(COUNT)
    page.evaluate(COUNT)
    page.evaluate("sessionStorage.clear()")


def acts(page: Page) -> Acts:
    """Return what was done since `count_acts`."""
    return Acts(
        *page.evaluate(
            "['presses', 'keys', 'fields'].map((what) => Number(sessionStorage[what] || 0))"
        )
    )
