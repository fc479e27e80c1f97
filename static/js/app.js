// Small helps on top of pages that work without them: keys, menus, steppers, toasts, htmx care.
(() => {
  Object.assign(window.htmx?.config ?? {}, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      // A form that comes back with what is wrong, or with what somebody else has changed.
      { code: "409", swap: true, error: false },
      { code: "422", swap: true, error: false },
      { code: "[45]..", swap: false, error: true },
    ],
  });

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- Keys (WCAG 2.1.4): single keys work outside fields only, and can be switched off. ----
  // `data-key="c"` is pressed by C; inside a `data-row` only while that row has the focus.
  // `data-key-go="t"` is pressed by G and then T. J and K walk from `data-row` to `data-row` and
  // focus its `data-row-open`, so that Enter opens it. `data-key-label` is said in the list of keys,
  // `data-key-hint` puts a key there that another script handles. The arrows are named "previous"
  // and "next", since they go with the line of reading.
  const root = document.documentElement;
  const isOff = () => /(?:^|; )shortcuts=off/.test(document.cookie);
  const markKeys = () => {
    root.dataset.keys = isOff() ? "off" : "on";
  };
  markKeys();

  const isShown = (element) => element.checkVisibility();
  // A field of a dialog that was just closed has the focus until the next frame: nobody types there.
  const isTyping = (target) =>
    isShown(target) &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  const rowOf = (element) => element?.closest("[data-row]");
  const openerOf = (row) =>
    row.matches("[data-row-open]")
      ? row
      : $("[data-row-open], [data-key='Enter']", row) || $("a[href], button", row);

  const rowsAround = (row) =>
    $$("[data-row]", row?.closest("[data-rows]") || $("main")).filter(isShown);

  const walk = (by) => {
    const row = rowOf(document.activeElement);
    const rows = rowsAround(row);
    const next = rows[row ? rows.indexOf(row) + by : 0];
    if (!next) return false;
    openerOf(next)?.focus();
    return true;
  };

  const press = (element) => {
    if (element.matches("input, select, textarea")) element.focus();
    else element.click();
  };

  const pressKey = (key, within) => {
    const named = $$(`[data-key="${CSS.escape(key)}" i]`, within).filter(isShown);
    const row = rowOf(document.activeElement);
    const found = named.find((each) => row?.contains(each)) || named.find((each) => !rowOf(each));
    if (found) press(found);
    // It is a key of the rows, and none is chosen yet.
    else if (!row && named.length) walk(1);
    return named.length > 0;
  };

  const keyOf = ({ key }) => {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return key.toLowerCase();
    return (key === "ArrowRight") === (root.dir !== "rtl") ? "next" : "previous";
  };

  let goingUntil = 0;
  const handle = (key, within) => {
    const goes = Date.now() < goingUntil && $(`[data-key-go="${CSS.escape(key)}"]`);
    goingUntil = key === "g" ? Date.now() + 1500 : 0;
    if (goes) return press(goes) ?? true;
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
    if (key === "/" && $("#q")) return press($("#q")) ?? true;
    if (key === "?") return showDialog("keys") && true;
    return pressKey(key, within);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.isComposing || isTyping(event.target) || isOff()) return;
    // What has the focus is opened by the browser.
    if (event.key === "Enter") return;
    const key = keyOf(event);
    const isLetter = /^[a-z0-9]$/.test(key);
    if ((event.shiftKey && isLetter) || (event.repeat && key !== "j" && key !== "k")) return;
    const isArrow = key === "next" || key === "previous";
    if (isArrow && event.target.closest("[data-scroll], .tbl-w, .board, [role]:not(main)")) return;
    // An open dialog has keys of its own at most.
    const dialog = $$("dialog[open]").at(-1);
    if (dialog ? pressKey(key, dialog) : handle(key, document)) event.preventDefault();
  });

  // ---- The list of keys: those of this page are read from it when it opens ----
  const SIGNS = { previous: ["←", "→"], next: ["→", "←"], enter: ["Enter", "Enter"] };
  const signOf = (key) => SIGNS[key]?.[root.dir === "rtl" ? 1 : 0] || key.toUpperCase();

  const keysHere = () => {
    const known = new Map();
    $$("[data-key], [data-key-hint]").filter(isShown).forEach((element) => {
      const { key, keyHint, keyLabel } = element.dataset;
      const words = keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
      const name = (key || keyHint).toLowerCase();
      if (!known.has(name)) known.set(name, words);
    });
    return known;
  };

  const listKeys = (dialog) => {
    const known = keysHere();
    const list = $("[data-keys-here]", dialog);
    const pairs = [...known].map(([key, words]) => {
      const pair = document.createElement("div");
      const [term, sign] = ["dt", "dd"].map((name) => document.createElement(name));
      const kbd = document.createElement("kbd");
      term.textContent = words;
      kbd.textContent = signOf(key);
      sign.append(kbd);
      pair.append(term, sign);
      return pair;
    });
    list.replaceChildren(...pairs);
    const hasRows = $$("main [data-row]").some(isShown);
    $$("[data-keys-rows]", dialog).forEach((pair) => {
      pair.hidden = !hasRows;
    });
    $("[data-keys-page]", dialog).hidden = !hasRows && !known.size;
  };

  // ---- Dialogs that every page can open: the browser has kept them after the first page ----
  let coming = null;
  const fetchDialogs = async () => {
    const answer = await fetch(document.body.dataset.dialogs);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    $("[data-keys-switch]", part.content).checked = !isOff();
    document.body.append(part.content);
  };
  window.sharedDialog = async (id) => {
    if (!coming && document.body.dataset.dialogs)
      coming = fetchDialogs().catch((error) => {
        coming = null;
        throw error;
      });
    await coming;
    return document.getElementById(id);
  };
  // Asked for at once, so that they are there when somebody wants them.
  window.sharedDialog("keys").catch(() => {});

  const showDialog = async (id) => {
    const dialog = document.getElementById(id) || (await window.sharedDialog(id).catch(() => null));
    if (id === "keys" && dialog) listKeys(dialog);
    dialog?.showModal();
  };

  document.addEventListener("change", (event) => {
    const keysSwitch = event.target.closest("[data-keys-switch]");
    if (!keysSwitch) return;
    const secure = location.protocol === "https:" ? "; secure" : "";
    const value = keysSwitch.checked ? "on" : "off";
    document.cookie = `shortcuts=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
    markKeys();
  });

  // ---- Search results under the search field ----
  const find = $("[data-find]");
  if (find) {
    const results = $("#search-results");
    const input = $("#q");
    // An answer that comes after the list was closed stays away.
    let isWanted = false;
    const close = () => {
      isWanted = false;
      results.replaceChildren();
    };
    results.addEventListener("htmx:beforeSwap", (event) => {
      if (!isWanted) event.detail.shouldSwap = false;
    });
    input.addEventListener("input", () => {
      isWanted = true;
    });
    input.addEventListener("focus", () => {
      input.select();
      // Back in the field by Escape or from a dialog, nothing opens by itself.
      const isBack = find.contains(cameFrom) || isCovered;
      isCovered = false;
      if (isBack) return;
      isWanted = true;
      window.htmx.trigger(input, "opened");
    });
    let cameFrom = null;
    let isCovered = false;
    const escape = () => {
      const isOpen = results.childElementCount > 0;
      cameFrom = results;
      close();
      if (isOpen) input.focus();
      else input.blur();
      cameFrom = null;
    };
    find.addEventListener("keydown", (event) => {
      const row = rowOf(document.activeElement);
      if (event.key === "Escape") {
        event.preventDefault();
        escape();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const stops = [input, ...$$("[data-row]", results).map(openerOf)];
        const from = row ? openerOf(row) : input;
        event.preventDefault();
        cameFrom = from;
        stops[stops.indexOf(from) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
        cameFrom = null;
      }
    });
    // Enter opens the one who was found. If there are more, or the answer is not there yet, the
    // page of results tells.
    $("form", find).addEventListener("submit", (event) => {
      const typed = input.value.trim().replace(/\s+/g, " ");
      const hits = $$(".hit", results);
      if (hits.length !== 1 || $("[data-typed]", results)?.dataset.typed !== typed) return;
      event.preventDefault();
      openerOf(hits[0]).click();
    });
    document.addEventListener("click", (event) => find.contains(event.target) || close());
    find.addEventListener("focusout", (event) => {
      isCovered = event.target === input && $("dialog[open]") !== null;
      if (isCovered || (event.relatedTarget && !find.contains(event.relatedTarget))) close();
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
    else if (on("[data-open]")) showDialog(on("[data-open]").dataset.open);
    else if (on("[data-close]")) on("[data-toast]").remove();
    else if (on("[data-step]")) step(on("[data-step]"));
    else if (on("[data-theme-set]")) {
      window.setTheme(on("[data-theme-set]").dataset.themeSet);
      markTheme();
    }
  });

  // A form whose `hx-post` names no address is posted to its own `action`.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches('form[hx-post=""]'))
      event.detail.path = event.target.getAttribute("action");
  });

  // What this device kept of records goes with the person who signs out.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out-form]")) return;
    Object.keys(localStorage)
      .filter((name) => name.startsWith("kept-record:"))
      .forEach((name) => localStorage.removeItem(name));
  });

  // A choice that is sent as it is made; without scripts a button beside it sends it. By keyboard
  // the arrows only run through the choices: Enter sends the one that is shown.
  let isKeyed = false;
  document.addEventListener("pointerdown", () => {
    isKeyed = false;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]") && !isKeyed) event.target.form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    isKeyed = true;
    if (event.key !== "Enter" || !event.target.matches("[data-submit]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.reset();
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

  // ---- A button that says what the ticked boxes of its form come to ----
  const tally = (button) => {
    const boxes = $$("[data-count]:checked", button.form);
    const count = boxes.reduce((sum, box) => sum + Number(box.dataset.count), 0);
    const { tally: many, tallyOne, tallyNone } = button.dataset;
    button.textContent = ([tallyNone, tallyOne][count] ?? many).replace("#", count);
  };
  document.addEventListener("change", (event) => {
    const button = event.target.matches("[data-count]") && $("[data-tally]", event.target.form);
    if (!button) return;
    tally(button);
    say(button.textContent);
  });
  // Again when the browser brings the page back with the ticks that were there.
  const tallyAll = () => $$("[data-tally]").forEach(tally);
  tallyAll();
  addEventListener("pageshow", tallyAll);

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
  let wasSave = false;

  const showNetbar = (detail, words) => {
    if (!netbar) return;
    failed = detail.elt;
    wasSave = kind(detail) === "save";
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
    // What was not saved is not saved by a part of the page that comes by itself.
    const isMended = event.detail.successful && (!wasSave || kind(event.detail) === "save");
    if (isMended && netbar) netbar.hidden = true;
  });

  netbar?.addEventListener("click", (event) => {
    if (!event.target.closest("[data-retry]")) return;
    if (!failed?.isConnected) location.reload();
    else if (failed.tagName === "FORM") failed.requestSubmit();
    else window.htmx.trigger(failed, failed.matches("input, select, textarea") ? "input" : "click");
  });
})();
