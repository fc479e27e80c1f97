// Runs before the first paint: turns "auto" into the device's own theme, and says that scripts run.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let choice = root.dataset.bsTheme;

  const apply = () => {
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    root.dataset.themeChoice = choice;
  };

  apply();
  root.classList.add("js");
  dark.addEventListener("change", apply);

  // The server reads the cookie, so that the next page comes in the right theme.
  window.setTheme = (wanted) => {
    choice = wanted;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${wanted}; path=/; max-age=31536000; samesite=lax${secure}`;
    apply();
  };
})();
