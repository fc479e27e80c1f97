// Two photos side by side or one over the other, and a closer look. Sizes are set through the DOM,
// which the content policy allows. Without this script both stand side by side.
(() => {
  const stage = document.querySelector("[data-compare]");
  if (!stage) return;
  const $ = (selector) => stage.querySelector(selector);
  const panes = [...stage.querySelectorAll(".cmp-pane")];

  const zoom = $("[data-zoom]");
  $("[data-zoom-bar]").hidden = false;
  const closer = () => {
    stage.style.setProperty("--zoom", String(zoom.value / 100));
    zoom.setAttribute("aria-valuetext", `${zoom.value} %`);
  };
  zoom.addEventListener("input", closer);
  closer();

  // Both show the same place.
  panes.forEach((pane) =>
    pane.addEventListener("scroll", () => {
      panes.forEach((other) => {
        if (other.scrollLeft !== pane.scrollLeft) other.scrollLeft = pane.scrollLeft;
        if (other.scrollTop !== pane.scrollTop) other.scrollTop = pane.scrollTop;
      });
    }),
  );

  const split = $("[data-split]");
  if (!split) return;
  const modes = [...stage.querySelectorAll("[data-mode]")];
  const upper = panes[1];
  let isOver = false;
  const draw = () => {
    const share = Number(split.value);
    upper.style.clipPath = isOver ? `inset(0 0 0 ${share}%)` : "";
    split.setAttribute("aria-valuetext", stage.dataset.words.replace("#", String(share)));
  };
  const choose = (button) => {
    isOver = button.dataset.mode === "over";
    stage.classList.toggle("is-over", isOver);
    $("[data-split-bar]").hidden = !isOver;
    upper.tabIndex = isOver ? -1 : 0;
    modes.forEach((mode) => mode.setAttribute("aria-pressed", String(mode === button)));
    draw();
  };
  $("[data-modes]").hidden = false;
  modes.forEach((mode) => mode.addEventListener("click", () => choose(mode)));
  split.addEventListener("input", draw);
  draw();
})();
