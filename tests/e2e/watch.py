"""Listens to every page of a journey: nothing may go wrong behind what is seen."""

import json
from pathlib import Path

from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

# A browser notes every answer of 400 and more. These are said to the person in words, on the page.
TOLD_ON_THE_PAGE = (403, 409, 422)

HARMLESS = (
    # What the server answered is judged by its status.
    "Failed to load resource: the server responded",
    # A journey cut the connection to see what the page does.
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    # Somebody left the page before its newest part came. `sendError` goes with a real failure.
    "htmx:sendAbort",
    "htmx:afterRequest",
)

REPORT_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Watch:
    """Errors of scripts, of the security policy and of the server, on any page that is opened."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_POLICY)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(HARMLESS):
            self.problems.append(f"{message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in TOLD_ON_THE_PAGE:
            self.problems.append(f"{response.status}: {response.request.method} {response.url}")


def axe_findings(page: Page, rule: str = "") -> list[str]:
    """Return what axe finds that is serious or critical, a line each; by one rule if named."""
    # Evaluated, not added as a script: the page's security policy stays as strict as it is.
    source = Path(settings.NODE_MODULES, "axe-core", "axe.min.js").read_text()
    page.evaluate(f"() => {{ if (!window.axe) {{ {source} }} }}")
    # Colours that are on their way from one to another are nobody's to read.
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    result = page.evaluate(
        f"async () => (await axe.run(document, {{runOnly: {json.dumps([rule] if rule else AXE_RULES)},"
        " resultTypes: ['violations'], preload: false})).violations"
    )
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['failureSummary']}"
        for each in result
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]
