// Keeps the day up to date while it is looked at: asks every 20 seconds whether anything changed,
// and swaps only what did. Nothing moves under a pointer or a focused control.
(() => {
  const EVERY = 20_000;
  const AGAIN = 5_000;
  const PATIENCE = 10_000;
  // A mouse that has rested for so long is nobody's hand.
  const RESTED = 15_000;
  const OLD = 60_000;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const day = () => $("#day[data-live]");
  if (!day()) return;

  let updated = Date.now();
  let held = null;
  let timer;
  let pointer = null;
  let pointedAt = 0;
  let round = 0;

  // ---- What the pointer or the focus is on ----
  document.addEventListener("pointermove", (event) => {
    pointer = event.pointerType === "touch" ? null : event.target;
    pointedAt = Date.now();
  });
  document.addEventListener("pointerleave", () => {
    pointer = null;
  });
  const rowOf = (element) => element?.closest?.("#day [data-row]");
  const anchor = () => {
    const focused = document.activeElement;
    if (focused && focused !== document.body && day().contains(focused))
      return rowOf(focused) ?? focused;
    const isInUse = pointer?.isConnected && Date.now() - pointedAt < RESTED;
    return isInUse ? rowOf(pointer) : null;
  };
  const isBusy = () => Boolean($("#day details.more[open], #day .ec-dragging, dialog[open]"));

  // ---- The swap ----
  // The calendar draws itself, what came free is asked for by itself, and the line of `say` is not
  // the server's.
  const isSwapped = (old) =>
    !(old.nodeType === 1 && old.matches("[data-calendar], #stale, #came-free"));
  window.Idiomorph.defaults.callbacks.beforeNodeMorphed = isSwapped;

  const tellCalendar = () => {
    const id = $("[data-calendar]")?.dataset.source;
    const script = id && document.getElementById(id);
    if (!script) return;
    const data = JSON.parse(script.textContent);
    document.dispatchEvent(new CustomEvent("calendar:data", { detail: { id, data } }));
  };
  // A click of one's own was answered with the whole day.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "day") return;
    round += 1;
    held = null;
    say("");
    tellCalendar();
    window.htmx.trigger(document.body, "day:changed");
  });

  // Every answer has its own token against forged requests, and htmx marks what it has read.
  const looks = (row) =>
    row.innerHTML.replace(/ value="[^"]*"| class="htmx-[^"]*"/g, "").replace(/\s+/g, " ");
  const same = (one, other) => other && looks(one) === looks(other);

  const morph = (fresh) => {
    const kept = anchor();
    window.Idiomorph.morph(day(), fresh, {
      morphStyle: "outerHTML",
      callbacks: { beforeNodeMorphed: (old) => isSwapped(old) && old !== kept },
    });
    window.htmx.process(day());
    tellCalendar();
  };

  // Shows `fresh`. What somebody is about to use is left as it is, and held until they let go.
  const show = (fresh, isAsked) => {
    if (!isAsked && isBusy()) {
      held = fresh;
      say("held");
      return;
    }
    const kept = anchor();
    const counterpart = kept?.id && $(`#${CSS.escape(kept.id)}`, fresh);
    const isTouched = kept?.matches("[data-row]") && !same(kept, counterpart);
    held = isTouched && !isAsked ? fresh.cloneNode(true) : null;
    const before = kept?.getBoundingClientRect().top;
    // A row that goes elsewhere would take the hand along.
    if (!held || counterpart) morph(fresh);
    if (kept?.isConnected) steady(kept, before);
    say(held ? "held" : "");
  };

  // Keeps `row` where it was on the screen: by scrolling, and by room where there is none to scroll.
  const steady = (row, before) => {
    const off = () => row.getBoundingClientRect().top - before;
    if (off() > 0) day().style.paddingBottom = `${off()}px`;
    scrollBy({ top: off(), behavior: "instant" });
    const list = row.closest(".desk, .leaving") || day();
    if (off() < 0) list.style.paddingTop = `${-off() + parseFloat(getComputedStyle(list).paddingTop)}px`;
  };
  const settle = () => {
    if (anchor()) return;
    [day(), ...$$("#day .desk, #day .leaving")].forEach((box) => {
      box.style.padding = "";
    });
  };

  const release = () => {
    settle();
    if (!held || isBusy()) return;
    const kept = anchor();
    const counterpart = kept?.id && $(`#${CSS.escape(kept.id)}`, held);
    if (!kept?.matches("[data-row]") || same(kept, counterpart)) show(held, true);
  };
  // What came free comes in on top of everything.
  let above;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const kept = event.detail.target.id === "came-free" && anchor();
    above = kept && [kept, kept.getBoundingClientRect().top];
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (above?.[0]?.isConnected) steady(...above);
    above = null;
  });

  document.addEventListener("pointermove", release);
  document.addEventListener("focusout", () => setTimeout(release));
  document.addEventListener("toggle", release, true);

  // ---- The line that says how old the page is ----
  const clock = (moment) =>
    new Date(moment).toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: day().dataset.zone,
    });
  const say = (what) => {
    const line = $("#stale");
    $$("[data-stale]", line).forEach((words) => {
      words.hidden = words.dataset.stale !== what;
    });
    $("[data-updated]", line).textContent = clock(updated);
    line.hidden = !what;
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-show-held]") && held) {
      show(held, true);
      $("#main").focus({ preventScroll: true });
    }
  });

  // ---- Asking ----
  const open = () =>
    $$("#day details.desk-more[open]").map((group) => ["open", group.id.replace("group-", "")]);

  const address = () => {
    const url = new URL(day().dataset.address, location.href);
    url.searchParams.delete("open");
    open().forEach(([name, value]) => url.searchParams.append(name, value));
    return url;
  };

  const get = (url, headers) =>
    fetch(url, {
      headers,
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });

  const load = async () => {
    const begun = round;
    const { tag } = day().dataset;
    const answer = await get(address(), { "HX-Request": "true", "If-None-Match": `"${tag}"` });
    if (answer.status !== 304 && !answer.ok) throw new Error(answer.status);
    const fresh =
      answer.ok && $("#day", new DOMParser().parseFromString(await answer.text(), "text/html"));
    // Somebody clicked meanwhile, and what came with the answer to that is newer.
    if (begun !== round) return;
    if (fresh) show(fresh, false);
    else day().dataset.version = answer.headers.get("X-Version");
    window.htmx.trigger(document.body, "day:changed");
  };

  const ask = async () => {
    const answer = await get(day().dataset.live, {
      "If-None-Match": `"${(held || day()).dataset.version}"`,
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) return "signed-out";
    if (answer.status !== 304 && !answer.ok) throw new Error(answer.status);
    if (answer.status !== 304) await load();
    updated = Date.now();
    return held ? "held" : "";
  };

  const poll = async () => {
    clearTimeout(timer);
    let next = EVERY;
    release();
    try {
      say(await ask());
    } catch {
      next = AGAIN;
      if (Date.now() - updated > OLD || !navigator.onLine) say("reconnecting");
    }
    timer = setTimeout(poll, document.hidden ? EVERY * 3 : next);
  };

  // What was done beside the day, in its panel, shows in the day at once.
  document.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig, elt } = event.detail;
    if (requestConfig?.verb !== "get" && !day().contains(elt)) poll();
  });
  document.addEventListener("visibilitychange", () => document.hidden || poll());
  addEventListener("online", poll);
  addEventListener("offline", poll);
  timer = setTimeout(poll, EVERY);

  // ---- The clock beside the day ----
  setInterval(() => {
    const shown = $("[data-clock]");
    if (shown) shown.textContent = clock(Date.now());
  }, 10_000);
})();
