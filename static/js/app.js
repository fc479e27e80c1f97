// Small helps on top of pages that work without them: keys, menus, steppers, toasts, htmx care.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- Keys. Single keys work outside fields only and can be switched off (WCAG 2.1.4). ----
  const KEYS_OFF = "shortcuts-off";
  const places = {
    t: ["/today/"],
    c: ["/calendar/", "/courses/"],
    p: ["/patients/"],
    f: ["/follow-ups/"],
  };
  let goingUntil = 0;

  const typing = (target) =>
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  const go = (key) => {
    const link = (places[key] || [])
      .map((path) => $(`.nav-i[href^="${path}"]`))
      .find((found) => found);
    if (link) location.assign(link.href);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (localStorage.getItem(KEYS_OFF) || $("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (Date.now() < goingUntil && places[key]) {
      goingUntil = 0;
      go(key);
    } else if (key === "g") {
      goingUntil = Date.now() + 1500;
    } else if (key === "/" && $("#q")) {
      event.preventDefault();
      $("#q").focus();
      $("#q").select();
    } else if (event.key === "?") {
      $("#keys")?.showModal();
    }
  });

  const keysSwitch = $("[data-keys-switch]");
  if (keysSwitch) {
    keysSwitch.checked = !localStorage.getItem(KEYS_OFF);
    keysSwitch.addEventListener("change", () => {
      if (keysSwitch.checked) localStorage.removeItem(KEYS_OFF);
      else localStorage.setItem(KEYS_OFF, "1");
    });
  }

  // ---- Search results under the search field ----
  const find = $("[data-find]");
  if (find) {
    const results = $("#search-results");
    const input = $("#q");
    const empty = () => results.replaceChildren();
    input.addEventListener("input", () => input.value.trim() || empty());
    find.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        empty();
        input.focus();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const stops = [input, ...$$("a, button", results)];
        const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
        if (stops[at]) {
          event.preventDefault();
          stops[at].focus();
        }
      }
    });
    document.addEventListener("click", (event) => find.contains(event.target) || empty());
    find.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !find.contains(event.relatedTarget)) empty();
    });
  }

  // ---- Clicks: menus, dialog, theme, print, toasts, steppers ----
  const markTheme = () => {
    const choice = document.documentElement.dataset.themeChoice;
    $$("[data-theme-set]").forEach((button) =>
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice)),
    );
  };
  markTheme();

  const step = (button) => {
    const input = $("input", button.closest(".stepper"));
    if (Number(button.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    $$("details.me[open], details.more[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (on("[data-print]")) window.print();
    else if (on("[data-open]")) document.getElementById(on("[data-open]").dataset.open).showModal();
    else if (on("[data-close]")) on("[data-toast]").remove();
    else if (on("[data-step]")) step(on("[data-step]"));
    else if (on("[data-theme-set]")) {
      window.setTheme(on("[data-theme-set]").dataset.themeSet);
      markTheme();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    $$("details.me[open], details.more[open]").forEach((menu) => {
      menu.open = false;
      $("summary", menu).focus();
    });
  });

  // ---- Toasts go after 8 seconds, or after their own `data-seconds`, but not while somebody
  // reads or reaches for them. ----
  const TOAST_MS = 8000;
  const startToast = (toast) => {
    if (toast.dataset.started || toast.classList.contains("is-error")) return;
    toast.dataset.started = "1";
    let timer;
    const wait = () => {
      timer = setTimeout(() => toast.remove(), toast.dataset.seconds * 1000 || TOAST_MS);
    };
    const hold = () => clearTimeout(timer);
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusout", wait);
    wait();
  };
  const startToasts = () => $$("[data-toast]").forEach(startToast);
  startToasts();

  // ---- What scrolls sideways can be reached and scrolled with the keyboard ----
  const reach = () =>
    $$("[data-scroll], .tbl-w, .board").forEach((box) => {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  reach();
  addEventListener("resize", reach);

  // ---- Focus and announcements, on load and after each htmx swap ----
  const say = (words) => {
    const announcer = $("#announcer");
    if (announcer) announcer.textContent = words;
  };

  const attend = (root) => {
    const summary = $(".errsum", root);
    const target = summary || $("[data-focus]", root) || (root.matches?.("[data-focus]") && root);
    if (target) {
      if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
      target.focus();
    }
    const told = $("[data-announce]", root);
    if (told) say(told.dataset.announce);
  };

  const markTitle = () => {
    const word = $(".errsum")?.dataset.title;
    if (word && !document.title.startsWith(`${word}:`))
      document.title = `${word}: ${document.title}`;
  };

  if ($(".errsum")) attend(document);
  markTitle();

  // What was unfolded stays unfolded when htmx draws it again, and so does the focus inside.
  let kept = { open: [], focus: "" };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const open = $$("details[id][open]", event.detail.target).map((each) => each.id);
    kept = { open, focus: document.activeElement?.id };
  });
  document.addEventListener("htmx:afterSwap", () => {
    kept.open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (document.activeElement === document.body) document.getElementById(kept.focus)?.focus();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    attend(event.detail.elt);
    markTitle();
    startToasts();
    reach();
  });

  // ---- The connection is gone or the server failed: say so, keep what was typed ----
  const netbar = $("#netbar");
  let failed = null;

  const showNetbar = (detail, words) => {
    if (!netbar) return;
    failed = detail.elt;
    $$("[data-on]", netbar).forEach((text) => {
      text.hidden = text.dataset.on !== words;
    });
    netbar.hidden = false;
  };

  const kind = (detail) => (detail.requestConfig?.verb === "get" ? "load" : "save");
  ["htmx:sendError", "htmx:timeout"].forEach((name) =>
    document.addEventListener(name, (event) => showNetbar(event.detail, kind(event.detail))),
  );
  document.addEventListener("htmx:responseError", (event) => {
    const refused = event.detail.xhr.status < 500 && kind(event.detail) === "save";
    showNetbar(event.detail, refused ? "refused" : kind(event.detail));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && netbar) netbar.hidden = true;
  });

  netbar?.addEventListener("click", (event) => {
    if (!event.target.closest("[data-retry]")) return;
    if (!failed?.isConnected) location.reload();
    else if (failed.tagName === "FORM") failed.requestSubmit();
    else window.htmx.trigger(failed, failed.matches("input, select, textarea") ? "input" : "click");
  });
})();
