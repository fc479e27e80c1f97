// What is typed in a record is sent as it is typed. Until the server has it, this device keeps it:
// over a reload, a lost connection and a sign-in that ended. Without this script the buttons save.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const form = $("form[data-keep]");

  // ---- The clock of the clinic, and the time a cream has been on ----
  const DAY = 86400;
  const began = performance.now();
  const clock = () =>
    Number(document.body.dataset.recordWall) + (performance.now() - began) / 1000;
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const timer = $("[data-timer]");
  const draw = () => {
    if (!timer) return;
    const field = (name) => form?.elements.namedItem(name)?.value || timer.dataset[name] || "";
    const seconds = (time) => {
      const [hours, minutes] = time.split(":").map(Number);
      return hours * 3600 + minutes * 60;
    };
    const applied = field("applied_at");
    const removed = field("removed_at");
    const wait = Number(field("wait_minutes")) || 0;
    timer.hidden = !applied;
    if (!applied) return;
    const until = removed ? seconds(removed) : clock();
    const on = (((until - seconds(applied)) % DAY) + DAY) % DAY;
    $("[data-timer-on]", timer).textContent = `${two(on / 60)}:${two(on % 60)}`;
    $("[data-timer-wait]", timer).textContent = wait;
    const isOver = wait > 0 && on >= wait * 60;
    timer.classList.toggle("is-over", isOver && !removed);
    $("[data-timer-over]", timer).hidden = !isOver || Boolean(removed);
    $("[data-timer-bar]", timer).setAttribute(
      "width",
      `${wait ? Math.min(100, (on / wait / 60) * 100) : 0}%`,
    );
  };
  draw();
  if (timer) setInterval(draw, 1000);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-now]");
    if (!button) return;
    const now = clock();
    const input = form.elements.namedItem(button.dataset.now);
    input.value = `${two((now / 3600) % 24)}:${two((now / 60) % 60)}`;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    draw();
  });

  // ---- The zones of the drawing are pressed like those of the list ----
  const rowOf = ({ dataset }) => $(`[data-zone-row="${CSS.escape(dataset.zone)}"]`);
  const wireMap = () =>
    document.querySelectorAll(".map").forEach((map) => {
      const shapes = [...map.querySelectorAll("[data-zone]")].filter(rowOf);
      if (shapes.length) map.removeAttribute("aria-hidden");
      shapes.forEach((shape) => {
        shape.setAttribute("role", "button");
        shape.setAttribute("tabindex", "0");
        shape.setAttribute("aria-label", rowOf(shape).dataset.zoneName);
        shape.setAttribute("aria-pressed", String(shape.classList.contains("on")));
      });
    });
  wireMap();
  const pickZone = (shape) => rowOf(shape)?.click();
  document.addEventListener("click", ({ target }) => {
    const shape = target.closest?.("[data-zone]");
    if (shape) pickZone(shape);
  });
  document.addEventListener("keydown", (event) => {
    const shape = event.target.closest?.("[data-zone]");
    if (!shape || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    pickZone(shape);
  });

  if (!form) return;

  // ---- What this device keeps ----
  const OLD_MS = 7 * DAY * 1000;
  const PREFIX = "kept-record:";
  const { recordUser, recordSession } = document.body.dataset;
  const key = `${PREFIX}${recordUser}:${recordSession}:${form.dataset.keep}`;
  const version = form.elements.namedItem("version");
  const UNKEPT = ["csrfmiddlewaretoken", "version", "patient", "zone", "scan", "saver"];
  // This tab, over reloads: a save that was under way when the page was loaded again is its own.
  const saver = document.createElement("input");
  saver.type = "hidden";
  saver.name = "saver";
  saver.value = sessionStorage.saver ||= `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  form.append(saver);
  const typed = () => [...new FormData(form)].filter(([name]) => !UNKEPT.includes(name));
  const snapshot = () => JSON.stringify(typed());
  const drop = () => localStorage.removeItem(key);
  const keep = () => {
    const copy = { version: version.value, fields: typed(), at: Date.now() };
    try {
      localStorage.setItem(key, JSON.stringify(copy));
    } catch {
      // A full or forbidden store: the server is still told at every change.
    }
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  Object.keys(localStorage)
    .filter((name) => name.startsWith(PREFIX))
    .forEach((name) => {
      try {
        if (Date.now() - JSON.parse(localStorage[name]).at > OLD_MS) localStorage.removeItem(name);
      } catch {
        localStorage.removeItem(name);
      }
    });

  const show = (state) => {
    document.querySelectorAll("#save-state [data-save]").forEach((line) => {
      line.hidden = line.dataset.save !== state;
    });
  };
  const refuse = (sentences) => {
    const box = $("#refused");
    if (!box) return;
    box.hidden = !sentences.length;
    const list = $("ul", box);
    const said = [...list.children].map((line) => line.textContent);
    // Said again only if it is new: a screen reader reads every change.
    if (JSON.stringify(said) === JSON.stringify(sentences)) return;
    list.replaceChildren(
      ...sentences.map((words) => {
        const line = document.createElement("li");
        line.textContent = words;
        return line;
      }),
    );
  };
  const place = (parts) =>
    Object.entries(parts).forEach(([id, html]) => {
      const old = document.getElementById(id);
      // A part in which somebody is about to press stays until the next time.
      if (old && !old.contains(document.activeElement)) old.outerHTML = html;
      if (id === "zones") wireMap();
    });

  // ---- Sending ----
  const RETRY_MS = 5000;
  let sent = snapshot();
  let isHeld = Boolean($("[data-conflict]"));
  let isFirstAfterReload = false;
  let isLeaving = false;
  addEventListener("beforeunload", () => {
    isLeaving = true;
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
  });
  let timeout = 0;
  let running = Promise.resolve("saved");

  const hold = (told) => {
    isHeld = true;
    $("[data-conflict]")?.remove();
    $("#main").insertAdjacentHTML("afterbegin", told.conflict);
    $("[data-conflict]").focus();
    show("kept");
    return "conflict";
  };
  const take = (told, now) => {
    version.value = told.version;
    document.querySelectorAll("[data-version-too]").forEach((other) => {
      other.value = told.version;
    });
    sent = now;
    // The page that is being loaded may have been read before this save.
    if (snapshot() === now && !isLeaving) drop();
    place(told.parts);
    refuse([]);
    show("saved");
    return "saved";
  };
  const post = async () => {
    const now = snapshot();
    if (isHeld) return "conflict";
    if (now === sent) return "saved";
    let answer;
    let told;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Autosave": "1" },
        signal: AbortSignal.timeout(15000),
      });
      const isJson = (answer.headers.get("content-type") || "").includes("json");
      told = isJson ? await answer.json() : null;
    } catch {
      show("kept");
      later(RETRY_MS);
      return "lost";
    }
    if (told && answer.ok) return take(told, now);
    if (told && answer.status === 409) {
      if (!isFirstAfterReload) return hold(told);
      // The save of the page that was left may not be over yet.
      isFirstAfterReload = false;
      later(400);
      return "lost";
    }
    if (told) {
      refuse(told.refused);
      show("kept");
      return "open";
    }
    if (answer.redirected || answer.status === 403) {
      show("out");
      return "out";
    }
    show("kept");
    if (answer.status >= 500) later(RETRY_MS);
    return answer.status >= 500 ? "lost" : "open";
  };
  const send = () => {
    clearTimeout(timeout);
    running = running.then(post);
    return running;
  };
  const later = (ms) => {
    clearTimeout(timeout);
    timeout = setTimeout(send, ms);
  };

  const changed = (ms) => {
    if (snapshot() === sent) return;
    keep();
    later(ms);
  };
  form.addEventListener("input", () => changed(800));
  form.addEventListener("change", () => changed(60));
  addEventListener("online", send);

  let isLetThrough = false;
  form.addEventListener("submit", (event) => {
    const by = event.submitter;
    if (isLetThrough || isHeld || by?.value === "scan") return;
    event.preventDefault();
    send().then((state) => {
      if (state === "lost" || state === "out") return;
      isLetThrough = true;
      // Not before this event is over: until then the browser takes no other submission.
      setTimeout(() => form.requestSubmit(by));
    });
  });
  // A scanner ends with Enter.
  $("[name=scan]", form)?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit($("[data-scan]"));
  });

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-drop-kept]")) drop();
    const mine = target.closest("[data-keep-mine]");
    if (!mine) return;
    version.value = mine.dataset.keepMine;
    isHeld = false;
    sent = "";
    $("[data-conflict]").remove();
    send();
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.id === "remove") drop();
  });

  // ---- After a reload: put back what the server never got ----
  const putBack = (fields) => {
    const names = new Set(typed().map(([name]) => name).concat(fields.map(([name]) => name)));
    names.forEach((name) => {
      const values = fields.filter(([other]) => other === name).map(([, value]) => value);
      form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((input) => {
        if (/^(radio|checkbox)$/.test(input.type)) input.checked = values.includes(input.value);
        else input.value = values[0] ?? "";
      });
    });
  };
  const copy = kept();
  if (form.dataset.unsaved !== undefined) {
    // The page came back with what was typed and what is wrong with it.
    keep();
    sent = "";
    show("kept");
    if (!isHeld) send();
  } else if (copy && !location.search.includes("copy=")) {
    putBack(copy.fields);
    if (snapshot() === sent) drop();
    else {
      version.value = copy.version;
      isFirstAfterReload = true;
      show("kept");
      send();
    }
  }
})();
