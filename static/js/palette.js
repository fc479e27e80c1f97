// The palette (Ctrl K): a combobox over pages and actions, which the server lists for the person
// who is signed in, and over patients, from the same search as everywhere.
(() => {
  const mount = (dialog) => {
    const $ = (selector, root = dialog) => root.querySelector(selector);
    const $$ = (selector, root = dialog) => [...root.querySelectorAll(selector)];
    const input = $("input");
    const list = $("[role=listbox]");
    const LAST = "commands-used-last";
    const MOST_LAST = 5;
    const SHORTEST_NAME = 2;
    const WAIT_MS = 150;

    let groups = null; // [{ label, options }] in the order of the server
    let people = [];
    let active = null;
    // An option somebody went to stays marked when patients come in later.
    let isHeld = false;

    // ---- What was used last, on this device: names of commands, never of patients ----
    const usedLast = () => {
      try {
        return JSON.parse(localStorage.getItem(LAST)) || [];
      } catch {
        return [];
      }
    };
    const remember = (command) => {
      const others = usedLast().filter((known) => known !== command);
      localStorage.setItem(LAST, JSON.stringify([command, ...others].slice(0, MOST_LAST)));
    };

    // ---- Likeness: every word typed must fit a word of the option ----
    const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const wordsOf = (text) => fold(text).split(/[\s,.:/-]+/).filter(Boolean);

    const isInOrder = (letters, word) => {
      let at = -1;
      return [...letters].every((letter) => (at = word.indexOf(letter, at + 1)) >= 0);
    };
    const likeness = (typed, word) => {
      if (word.startsWith(typed)) return 3;
      return word.includes(typed) ? 2 : 0;
    };
    // Letters left out count only where nothing else is like what was typed.
    const loosely = (typed, word) => (word[0] === typed[0] && isInOrder(typed, word) ? 1 : 0);
    const score = (typed, option, like) => {
      const own = wordsOf($(".pal-t", option).textContent);
      const other = like === loosely ? [] : wordsOf(option.dataset.words || "");
      const best = typed.map((word) =>
        Math.max(0, ...own.map((each) => 2 * like(word, each)), ...other.map((each) => like(word, each))),
      );
      return best.every(Boolean) ? best.reduce((sum, each) => sum + each, 0) : 0;
    };

    // ---- What is shown ----
    const options = () => $$("[role=option]", list);

    const mark = (option) => {
      active?.setAttribute("aria-selected", "false");
      active = option || null;
      active?.setAttribute("aria-selected", "true");
      active?.scrollIntoView({ block: "nearest" });
      if (active) input.setAttribute("aria-activedescendant", active.id);
      else input.removeAttribute("aria-activedescendant");
    };

    const draw = (label, members) => {
      if (!members.length) return null;
      const group = document.createElement("div");
      const heading = document.createElement("p");
      heading.className = "pop-h";
      heading.textContent = label;
      heading.setAttribute("aria-hidden", "true");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", label);
      group.append(heading, ...members);
      return group;
    };

    const withNothingTyped = (all) => {
      const last = usedLast()
        .map((command) => all.find((option) => option.dataset.command === command))
        .filter(Boolean);
      return [
        draw(dialog.dataset.last, last),
        draw(dialog.dataset.opened, people),
        ...groups.map(({ label, options: own }) =>
          draw(label, own.filter((option) => all.includes(option) && !last.includes(option))),
        ),
      ];
    };

    const ranked = (typed, all, like) => {
      const last = usedLast();
      return all
        .map((option) => [score(typed, option, like), option])
        .filter(([points]) => points)
        .map(([points, option]) => [points + last.includes(option.dataset.command) / 2, option])
        .sort(([one], [other]) => other - one)
        .map(([, option]) => option);
    };

    const withTyped = (typed, all) => {
      const alike = ranked(typed, all, likeness);
      const found = alike.length ? alike : ranked(typed, all, loosely);
      return [draw(dialog.dataset.found, found), draw(dialog.dataset.people, people)];
    };

    const show = () => {
      if (!groups) return;
      const typed = wordsOf(input.value);
      const all = groups
        .flatMap((group) => group.options)
        .filter(({ dataset }) => !dataset.press || document.querySelector(dataset.press));
      const drawn = (typed.length ? withTyped(typed, all) : withNothingTyped(all)).filter(Boolean);
      const kept = active;
      list.replaceChildren(...drawn);
      list.hidden = !drawn.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      $("[data-pal-none]").hidden = !list.hidden;
      mark(isHeld && list.contains(kept) ? kept : options()[0]);
      const told = typed.length ? dialog.dataset.told.replace("#", options().length) : "";
      if ($("[data-pal-told]").textContent !== told) $("[data-pal-told]").textContent = told;
    };
    // ---- What the server lists ----
    const fetchPart = async (url, signal) => {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
      // The sign-in has ended: the page leads to the login.
      if (answer.redirected) location.reload();
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const part = document.createElement("template");
      part.innerHTML = await answer.text();
      return part.content;
    };

    const load = async () => {
      try {
        const part = await fetchPart(dialog.dataset.commands);
        groups = $$("[data-group]", part).map((group) => ({
          label: group.dataset.group,
          options: $$("[role=option]", group),
        }));
        $("[data-pal-failed]").hidden = true;
      } catch {
        $("[data-pal-failed]").hidden = false;
      }
      show();
    };

    let asked = null;
    let waiting = 0;
    const findPeople = async () => {
      asked?.abort();
      asked = new AbortController();
      const { signal } = asked;
      const typed = input.value.trim();
      if (typed.length < SHORTEST_NAME && typed) return;
      const query = new URLSearchParams({ q: typed, for: "palette" });
      try {
        const part = await fetchPart(`${dialog.dataset.patients}?${query}`, signal);
        if (signal.aborted) return;
        people = $$("[role=option]", part);
        show();
      } catch {
        // Pages and actions are there all the same; the next letter asks again.
      }
    };
    const findPeopleSoon = (wait) => {
      clearTimeout(waiting);
      if (dialog.dataset.patients) waiting = setTimeout(findPeople, wait);
    };

    // ---- Open, choose, close ----
    const open = () => {
      if (dialog.open || document.querySelector("dialog[open]")) return;
      input.value = "";
      people = [];
      isHeld = false;
      dialog.showModal();
      input.focus();
      if (groups) show();
      else load();
      findPeopleSoon(0);
    };

    const run = (option) => {
      if (!option) return;
      const { command, href, press } = option.dataset;
      if (command) remember(command);
      dialog.close();
      if (href) location.assign(href);
      else document.querySelector(press)?.click();
    };

    input.addEventListener("input", () => {
      isHeld = false;
      // Nobody who fitted other letters is opened by an early Enter.
      people = [];
      show();
      findPeopleSoon(WAIT_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") {
        event.preventDefault();
        run(active);
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const all = options();
        const at = all.indexOf(active) + (event.key === "ArrowDown" ? 1 : -1);
        isHeld = true;
        mark(all.at(at % all.length));
      }
    });
    list.addEventListener("click", (event) => run(event.target.closest("[role=option]")));
    list.addEventListener("pointermove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option && option !== active) {
        isHeld = true;
        mark(option);
      }
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

    return { toggle: () => (dialog.open ? dialog.close() : open()) };
  };

  let palette = null;
  const toggle = async (without) => {
    try {
      const dialog = await window.sharedDialog("palette");
      if (dialog) palette ??= mount(dialog);
      palette?.toggle();
    } catch {
      without?.();
    }
  };

  document.addEventListener("keydown", (event) => {
    const isPalette = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isPalette || event.key.toLowerCase() !== "k") return;
    if (document.documentElement.dataset.keys === "off") return;
    event.preventDefault();
    toggle();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette-open]");
    if (!opener || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const menu = opener.closest("details");
    if (menu) menu.open = false;
    toggle(() => opener.href && location.assign(opener.href));
  });
  if (/Mac|iPhone|iPad/.test(navigator.platform))
    document.querySelectorAll("[data-palette-open] kbd").forEach((kbd) => {
      kbd.textContent = "⌘ K";
    });
})();
