// The panel at the side of the day and the calendar: opens what htmx puts into it, closes on
// Escape, and gives the focus back to what opened it. Without it every link leads to a whole page.
(() => {
  const panel = document.getElementById("panel");
  if (!panel) return;
  let opener = null;

  const isInside = (element) => element && panel.contains(element);

  const giveBack = () => {
    const again = opener?.isConnected
      ? opener
      : (opener?.id && document.getElementById(opener.id)) ||
        (opener?.href && document.querySelector(`a[href="${CSS.escape(opener.href)}"]`));
    (again || document.getElementById("main"))?.focus();
    opener = null;
  };

  const close = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    panel.replaceChildren();
    giveBack();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-panel-close]")) {
      close();
      return;
    }
    const link = event.target.closest("a[data-panel]");
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.button || event.defaultPrevented) return;
    event.preventDefault();
    window.htmx.ajax("GET", link.getAttribute("href"), {
      source: link,
      target: "#panel",
      swap: "innerHTML",
    });
  });

  // Before anybody else hears of it: a menu or a dialog that is open closes first.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || panel.hidden) return;
      if (document.querySelector("dialog[open]") || panel.querySelector("details.more[open]"))
        return;
      event.preventDefault();
      close();
    },
    true,
  );

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel) return;
    const asked = event.detail.requestConfig?.elt;
    if (!isInside(asked)) opener = asked && asked !== panel ? asked : document.activeElement;
    panel.hidden = false;
    panel.scrollTop = 0;
  });
})();
