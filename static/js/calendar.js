// The calendar: columns of a day or a week, drawn by EventCalendar from what the server says.
// Times are minutes of a column, never dates of the browser: its time zone has no say here.
(() => {
  const DAY = 24 * 60;
  const MINUTE_MS = 60_000;
  const GRID = 5;
  const CELL = 15;
  const ROW_PX = 23;
  const SHORT = 30;
  const TINY = 20;
  const LONG_PRESS_MS = 400;
  const POLL_MS = 20_000;
  const PATIENCE_MS = 10_000;
  const OLD_MS = 60_000;
  // A mouse that has rested for so long is nobody's hand.
  const RESTED_MS = 15_000;
  const areKeysOff = () => document.documentElement.dataset.keys === "off";
  const WIDEST = { board: "minmax(168px, 1fr)", day: "minmax(168px, 1fr)", week: "minmax(132px, 1fr)" };

  const minutes = (time) => {
    const [hours, rest] = time.slice(-5).split(":").map(Number);
    return hours * 60 + rest;
  };
  const clock = (minute) =>
    [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
  const make = (tag, name, text = "") => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  };
  const bdi = (name, text) => {
    const outer = make("span", name);
    outer.append(make("bdi", "", text));
    return outer;
  };

  const SVG = "http://www.w3.org/2000/svg";
  const drawn = (icon) => {
    const [outer, use] = ["svg", "use"].map((name) => document.createElementNS(SVG, name));
    outer.setAttribute("class", "i");
    outer.setAttribute("aria-hidden", "true");
    use.setAttribute("href", icon);
    outer.append(use);
    return outer;
  };

  class Board {
    constructor(element) {
      this.element = element;
      this.kind = element.dataset.calendar || "day";
      this.source = element.dataset.source;
      this.step = Number(document.body.dataset.offerEvery) || GRID;
      ({ states: this.states, ...this.words } = window.calendarWords);
      this.read(JSON.parse(document.getElementById(this.source).textContent));
      this.held = new Set();
      this.cards = new Map();
      this.pointedAt = -RESTED_MS;
      this.leaving = new AbortController();
      this.loadedAt = performance.now();
      this.live = make("div", "visually-hidden");
      this.live.setAttribute("aria-live", "polite");
      this.tip = make("div", "cal-tip");
      this.tip.hidden = true;
      this.canvas = make("div", "cal-c");
      this.hint = make("div", "", this.words.canMove);
      this.hint.id = `${this.source}-hint`;
      this.hint.hidden = true;
      element.append(this.canvas, this.live, this.tip, this.hint);
      this.calendar = window.EventCalendar.create(this.canvas, this.options());
      this.canvas.addEventListener("keydown", (event) => this.key(event));
      this.canvas.addEventListener("focusout", () => {
        this.clear("cal-cur");
        this.settle();
      });
      this.canvas.addEventListener("focusin", (event) => {
        this.rove(event.target.closest(".ev-a"));
        if (this.cursor && event.target.matches(".ec-main")) this.drawCursor();
      });
      if (this.canBook()) {
        element.dataset.keyHint = "n";
        element.dataset.keyLabel = this.words.bookKey;
        this.canvas.dataset.keyHint = "m";
        this.canvas.dataset.keyLabel = this.words.moveKey;
      }
      this.canvas.addEventListener("click", (event) => this.click(event));
      this.canvas.addEventListener("pointerout", () => this.held.size && this.settle());
      // A long press begins a drag; the menu of the link would end it.
      this.canvas.addEventListener("contextmenu", (event) => {
        if (this.drag || event.pointerType === "touch") event.preventDefault();
      });
      this.hear(document, "pointermove", (event) => this.follow(event));
      this.watchPanel();
      this.ticking = setInterval(() => this.drawNow(), 30_000);
      if (element.dataset.live) this.startAsking();
      requestAnimationFrame(() => this.dress());
    }

    // What is listened to outside of the calendar ends with it.
    hear(target, name, act) {
      target.addEventListener(name, act, { signal: this.leaving.signal });
    }

    watchPanel() {
      const panel = document.getElementById("panel");
      this.panelWatch = new MutationObserver(() => this.settle());
      if (panel) this.panelWatch.observe(panel, { attributeFilter: ["hidden"] });
    }

    leave() {
      this.leaving.abort();
      this.panelWatch.disconnect();
      clearInterval(this.ticking);
      clearInterval(this.asking);
      window.EventCalendar.destroy(this.calendar);
    }

    // ---- What the server says -------------------------------------------------------------
    read(data) {
      this.data = data;
      this.first = minutes(data.from);
      this.last = minutes(data.to);
      const [ids = []] = data.visits;
      this.visits = new Map(
        ids.map((id, n) => [String(id), this.visit(data.visits.map((field) => field[n]))]),
      );
      this.blocks = data.blocks.map(([column, start, end, words]) => ({
        column,
        day: this.dayOf(start),
        start: minutes(start),
        end: minutes(end),
        words,
      }));
    }

    dayOf(time) {
      return time.length > 5 ? this.data.days.indexOf(time.slice(0, 10)) : 0;
    }

    visit([pk, column, start, length, state, who, what, note, canMove]) {
      return {
        id: String(pk),
        column,
        day: this.dayOf(start),
        start: minutes(start),
        end: minutes(start) + length,
        state,
        who,
        what,
        note,
        canMove: Boolean(canMove),
      };
    }

    // What the wall clock shows at a minute of a column: another one where clocks change.
    wall(minute) {
      const [at, shift] = this.data.clock || [];
      const moved = at && minute >= minutes(at) ? minute + shift : minute;
      return clock(moved >= DAY && this.data.clock ? moved - (moved >= DAY ? DAY : 0) : moved % DAY);
    }

    moment(day, minute) {
      const begins = Date.parse(`${this.data.days[day]}T00:00Z`);
      return new Date(begins + minute * MINUTE_MS).toISOString().slice(0, 16).replace("T", " ");
    }

    place(text) {
      const day = this.data.days.indexOf(text.slice(0, 10));
      let minute = minutes(text.slice(11, 16));
      const [at, shift] = this.data.clock || [];
      if (at && minute - shift >= minutes(at)) minute -= shift;
      return { day, minute };
    }

    dayName(day) {
      const [year, month, date] = this.data.days[day].split("-").map(Number);
      return new Intl.DateTimeFormat(document.documentElement.lang, {
        weekday: "short",
        day: "numeric",
        month: "short",
        timeZone: "UTC",
      }).format(new Date(Date.UTC(year, month - 1, date)));
    }

    // ---- How EventCalendar draws it -------------------------------------------------------
    isWeek() {
      return this.data.days.length > 1;
    }

    hidden() {
      const shown = this.data.days.map((day) => new Date(`${day}T00:00Z`).getUTCDay());
      return [0, 1, 2, 3, 4, 5, 6].filter((weekday) => this.isWeek() && !shown.includes(weekday));
    }

    options() {
      return {
        view: this.isWeek() ? "resourceTimeGridWeek" : "resourceTimeGridDay",
        date: this.data.days[0],
        firstDay: new Date(`${this.data.days[0]}T00:00Z`).getUTCDay(),
        hiddenDays: this.hidden(),
        datesAboveResources: this.isWeek(),
        headerToolbar: { start: "", center: "", end: "" },
        allDaySlot: false,
        slotMinTime: this.data.from,
        slotMaxTime: this.data.to,
        slotDuration: { minutes: CELL },
        slotLabelInterval: { minutes: 30 },
        snapDuration: { minutes: this.step },
        slotHeight: ROW_PX,
        height: "auto",
        scrollTime: clock(this.firstSeen()),
        columnWidth: WIDEST[this.kind],
        locale: document.documentElement.lang,
        editable: true,
        eventDurationEditable: false,
        longPressDelay: LONG_PRESS_MS,
        slotEventOverlap: false,
        slotLabelFormat: () => "",
        dayHeaderFormat: { weekday: "short", day: "numeric", month: "short" },
        resources: this.resources(),
        events: [...this.blockEvents(), ...[...this.visits.values()].map((one) => this.card(one))],
        resourceLabelContent: ({ resource, date }) => this.head(resource, date),
        eventContent: () => ({}),
        eventDidMount: ({ el, event }) => this.mounted(el, event),
        eventAllUpdated: () => this.dress(),
        viewDidMount: () => this.dress(),
        dateClick: (info) => this.clickFree(info),
        eventDragStart: ({ event }) => this.startDrag(event.id),
        dragConstraint: (info) => this.judge(info),
        eventDrop: (info) => this.drop(info),
      };
    }

    // The page opens at the present, else where the first of all begins to work.
    firstSeen() {
      const { now, days, columns } = this.data;
      if (now && days.length === 1) return Math.max(this.first, minutes(now) - 60);
      const begins = columns.map(([key]) => {
        const before = this.blocks.filter(
          (one) => one.column === key && one.start === this.first && one.end < this.last,
        );
        return before.length ? Math.min(...before.map((one) => one.end)) : this.last;
      });
      const first = Math.min(...begins, ...[...this.visits.values()].map((one) => one.start));
      return Math.max(this.first, Math.min(first, this.last) - 30);
    }

    resources() {
      return this.data.columns.map(([id, title, place, free]) => ({
        id,
        title,
        extendedProps: { place, free },
      }));
    }

    blockEvents() {
      return this.blocks.map((block, n) => ({
        id: `b${n}`,
        resourceIds: [block.column],
        start: this.moment(block.day, block.start),
        end: this.moment(block.day, block.end),
        display: "background",
        classNames: ["blk"],
        extendedProps: { words: block.words },
      }));
    }

    card(one) {
      const length = one.end - one.start;
      const size = length <= TINY ? ["short", "tiny"] : length <= SHORT ? ["short"] : [];
      return {
        id: one.id,
        resourceIds: [one.column],
        start: this.moment(one.day, one.start),
        end: this.moment(one.day, one.end),
        title: one.who,
        classNames: [`is-${one.state}`, ...size],
        startEditable: one.canMove,
        extendedProps: { visit: one },
      };
    }

    // Cards are drawn here and not by EventCalendar, which would draw all of them again at every
    // change and so take the focus away.
    paint(element, one) {
      const look = JSON.stringify([one, this.data.columns]);
      if (element.dataset.look === look) return;
      element.dataset.look = look;
      const body = element.querySelector(".ec-event-body");
      let link = body.querySelector("a");
      if (!link) {
        link = make("a", "ev-a");
        link.href = `/appointments/${one.id}/`;
        link.draggable = false;
        link.tabIndex = -1;
        link.dataset.id = one.id;
        body.replaceChildren(link);
      }
      if (one.canMove) link.setAttribute("aria-describedby", this.hint.id);
      else link.removeAttribute("aria-describedby");
      link.replaceChildren(...this.lines(one));
    }

    lines(one) {
      const { icon, label } = this.states[one.state];
      const state = one.note || (one.state === "booked" ? "" : label);
      const [, column] = this.data.columns.find(([key]) => key === one.column) || [];
      const unseen = (words) => make("span", "visually-hidden", words);
      const day = this.isWeek() ? [unseen(`${this.dayName(one.day)}, `)] : [];
      const top = make("span", "ev-t");
      top.append(drawn(icon), make("span", "ev-c", this.wall(one.start)));
      const what = make("span", "ev-m");
      const rest = unseen(`, ${state ? "" : `${label}, `}${column}`);
      if (one.end - one.start <= SHORT) {
        top.append(bdi("ev-n", one.who));
        if (state) what.append(make("b", "", `${state}. `));
        what.append(one.what);
        return [...day, top, what, rest];
      }
      // A column of a week is too narrow for both.
      if (state && this.isWeek()) what.append(make("b", "", `${state}. `));
      else if (state) top.append(make("span", "ev-s", state));
      what.append(one.what);
      return [...day, top, bdi("ev-n", one.who), what, rest];
    }

    head(resource, date) {
      const { place, free } = resource.extendedProps;
      const day = date ? this.dayIndex(date) : 0;
      const next = this.isWeek() ? (this.data.free[resource.id] || [])[day] : free;
      const more = make("span", "col-m", place);
      if (next) more.append(make("span", "col-f", this.words.nextFree.replace("#", next)));
      return { domNodes: [make("span", "col-n", resource.title), more] };
    }

    // EventCalendar hands out midnight of the browser's own calendar: its day is the one meant.
    dayIndex(date) {
      const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
      return this.data.days.indexOf(
        parts.map((part, n) => String(part).padStart(n ? 2 : 4, "0")).join("-"),
      );
    }

    mounted(element, event) {
      if (event.display === "background") {
        element.setAttribute("aria-hidden", "true");
        element.textContent = event.extendedProps.words;
        return;
      }
      const { visit } = event.extendedProps;
      if (!visit) return;
      this.paint(element, visit);
      if (event.display === "preview") return;
      element.dataset.id = event.id;
      this.cards.set(event.id, element);
    }

    link(id) {
      return this.cards.get(id)?.querySelector("a");
    }

    // EventCalendar claims to be a table but is none: a group of buttons is what it is.
    dress() {
      const main = this.canvas.querySelector(".ec-main");
      if (!main) return;
      const outer = this.canvas.querySelector(".ec") || this.canvas;
      [this.canvas, outer].forEach((one) => one.removeAttribute("role"));
      outer.setAttribute("role", "group");
      outer.setAttribute("aria-label", this.words.calendar);
      const claims = "rowgroup row cell columnheader rowheader".split(" ");
      claims.forEach((role) =>
        outer.querySelectorAll(`[role=${role}]`).forEach((one) => {
          one.removeAttribute("role");
          [...one.attributes]
            .filter(({ name }) => /^aria-(col|row)/.test(name))
            .forEach(({ name }) => one.removeAttribute(name));
        }),
      );
      // A label of its own is for what has a role of its own.
      outer
        .querySelectorAll(".ec-col-head [aria-label], .ec-col-group [aria-label]")
        .forEach((one) => one.removeAttribute("aria-label"));
      outer.querySelectorAll("aside").forEach((one) => one.setAttribute("role", "presentation"));
      main.setAttribute("role", "group");
      main.tabIndex = 0;
      main.setAttribute("aria-label", this.canBook() ? this.words.grid : this.words.gridRead);
      main.querySelectorAll(".ec-sidebar time").forEach((label) => {
        const minute = this.first + this.slotIndex(label) * 30;
        label.textContent = minute % 60 ? "" : this.wall(minute);
      });
      this.cards.forEach((element, id) => {
        if (!element.isConnected) this.cards.delete(id);
        else if (this.visits.has(id) && !this.held.has(id)) this.paint(element, this.visits.get(id));
      });
      this.headDays();
      this.rove();
      this.drawNow();
    }

    // With one column a day, EventCalendar heads it with the day alone.
    headDays() {
      if (!this.isWeek() || this.data.columns.length !== 1) return;
      const [[key]] = this.data.columns;
      this.canvas.querySelectorAll(".ec-col-head").forEach((head, day) => {
        const next = (this.data.free[key] || [])[day];
        head.querySelector(".col-m")?.remove();
        const words = next ? this.words.nextFree.replace("#", next) : "";
        head.append(make("span", "col-m", words));
      });
    }

    slotIndex(label) {
      const slot = label.closest(".ec-slot");
      return [...slot.parentElement.children].indexOf(slot);
    }

    // One card at a time is on the way of the Tab key; arrow keys go from card to card.
    rove(link = null) {
      const all = [...this.cards.keys()].map((id) => this.link(id)).filter(Boolean);
      const current =
        link || all.find((one) => one === this.roving && one.isConnected) || this.earliest();
      this.roving = current;
      all.forEach((one) => {
        one.tabIndex = one === current ? 0 : -1;
      });
    }

    earliest() {
      const first = [...this.visits.values()].sort((a, b) => a.day - b.day || a.start - b.start)[0];
      return first && this.link(first.id);
    }

    click(event) {
      const link = event.target.closest(".ev-a");
      if (!link) return;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (performance.now() - (this.droppedAt || -1000) < 300) event.preventDefault();
      else if (isPlain && document.getElementById("panel")) {
        event.preventDefault();
        this.open(link.getAttribute("href"), link);
      }
    }

    canBook() {
      return this.element.hasAttribute("data-can-book");
    }

    // ---- What is drawn over the columns ---------------------------------------------------
    index(day, column) {
      const at = this.data.columns.findIndex(([key]) => key === column);
      return day * this.data.columns.length + at;
    }

    overlay(name, { at, span = 1, start, end }) {
      const box = make("div", `cal-o ${name}`);
      box.style.gridColumn = `${at + 2} / span ${span}`;
      this.put(box, start, end);
      this.canvas.querySelector(".ec-main").append(box);
      return box;
    }

    put(box, start, end) {
      const px = (minute) => ((minute - this.first) / CELL) * ROW_PX;
      box.style.insetBlockStart = `${px(start)}px`;
      box.style.blockSize = `${px(end) - px(start)}px`;
    }

    clear(...names) {
      names.forEach((name) =>
        this.canvas.querySelectorAll(`.cal-o.${name}`).forEach((one) => one.remove()),
      );
    }

    drawNow() {
      this.clear("cal-now", "cal-dot");
      const { now, days, columns } = this.data;
      if (!now || !columns.length || !this.canvas.querySelector(".ec-main")) return;
      const gone = Math.floor((performance.now() - this.loadedAt) / MINUTE_MS);
      const minute = minutes(now) + gone;
      if (minute < this.first || minute > this.last) return;
      const day = days.indexOf(now.slice(0, 10));
      this.overlay("cal-now", {
        at: day * columns.length,
        span: columns.length,
        start: minute,
        end: minute,
      }).setAttribute("aria-hidden", "true");
      // Its dot stays in sight beside the hours when the columns are scrolled sideways.
      const dot = this.overlay("cal-dot", { at: -1, start: this.first, end: this.first });
      dot.style.marginBlockStart = `${((minute - this.first) / CELL) * ROW_PX}px`;
    }

    // ---- Changes from the server ----------------------------------------------------------
    update(data) {
      const isOther = String(data.days) !== String(this.data.days);
      this.waiting = this.isBusy() || (isOther && this.isSomethingOpen()) ? data : null;
      if (this.waiting) return;
      if (isOther) {
        location.reload();
        return;
      }
      const before = { data: this.data, visits: this.visits };
      this.loadedAt = performance.now();
      this.read(data);
      this.updateFrame(before.data);
      const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
      new Set([...before.visits.keys(), ...this.visits.keys()]).forEach((id) => {
        if (!same(before.visits.get(id), this.visits.get(id))) this.change(id);
      });
      requestAnimationFrame(() => this.dress());
    }

    isBusy() {
      return Boolean(this.drag || this.moving);
    }

    // What somebody writes there would be lost with the page.
    isSomethingOpen() {
      return Boolean(document.querySelector("#panel:not([hidden]), dialog[open]"));
    }

    updateFrame(before) {
      const changed = (key) => JSON.stringify(before[key]) !== JSON.stringify(this.data[key]);
      if (changed("from")) this.calendar.setOption("slotMinTime", this.data.from);
      if (changed("to")) this.calendar.setOption("slotMaxTime", this.data.to);
      if (changed("columns") || changed("free"))
        this.calendar.setOption("resources", this.resources());
      if (changed("blocks")) {
        before.blocks.forEach((_block, n) => this.calendar.removeEventById(`b${n}`));
        this.blockEvents().forEach((block) => this.calendar.addEvent(block));
      }
    }

    startAsking() {
      this.version = `"${this.element.dataset.version}"`;
      this.updatedAt = Date.now();
      this.asking = setInterval(() => document.hidden || this.ask(), POLL_MS);
      this.hear(document, "visibilitychange", () => document.hidden || this.ask());
      this.hear(window, "online", () => this.ask());
      this.hear(window, "offline", () => this.ask());
      // What was just done here is seen at once.
      this.hear(document, "htmx:afterRequest", ({ detail }) => {
        if (detail.successful && detail.requestConfig?.verb !== "get") this.ask();
      });
    }

    async ask() {
      this.settle();
      let said = "";
      try {
        said = await this.load();
      } catch {
        // No connection: the next question asks again.
        const isOld = Date.now() - this.updatedAt >= OLD_MS || !navigator.onLine;
        said = isOld ? "reconnecting" : null;
      }
      if (said !== null && !this.leaving.signal.aborted) this.sayAge(said);
    }

    async load() {
      const answer = await fetch(this.element.dataset.live, {
        headers: { "If-None-Match": this.version },
        cache: "no-store",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) return "signed-out";
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      const data = answer.ok && (await answer.json());
      this.updatedAt = Date.now();
      if (data && !this.leaving.signal.aborted) {
        this.version = answer.headers.get("ETag");
        this.update(data);
      }
      return "";
    }

    // The line that says how old the page is: "" hides it.
    sayAge(what) {
      const line = document.getElementById("stale");
      line.querySelectorAll("[data-stale]").forEach((words) => {
        words.hidden = words.dataset.stale !== what;
      });
      line.querySelector("[data-updated]").textContent = new Date(
        this.updatedAt,
      ).toLocaleTimeString(document.documentElement.lang, {
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
        timeZone: this.element.dataset.zone,
      });
      line.hidden = !what;
    }

    // A card under the focus or a hand stays as it is until that goes.
    isInUse(id) {
      const card = this.cards.get(id);
      if (!card) return false;
      const isPointedAt =
        card.matches(":hover") && performance.now() - this.pointedAt < RESTED_MS;
      return isPointedAt || card.contains(document.activeElement);
    }

    change(id) {
      this.held.delete(id);
      if (this.isInUse(id)) this.held.add(id);
      else this.show(id);
    }

    show(id) {
      const one = this.visits.get(id);
      if (!one) this.calendar.removeEventById(id);
      else if (this.calendar.getEventById(id)) this.calendar.updateEvent(this.card(one));
      else this.calendar.addEvent(this.card(one));
    }

    settle() {
      setTimeout(() => {
        if (this.leaving.signal.aborted) return;
        [...this.held].forEach((id) => this.change(id));
        if (this.waiting) this.update(this.waiting);
      });
    }

    // ---- Going somewhere ------------------------------------------------------------------
    open(path, from) {
      const panel = document.getElementById("panel");
      if (panel && window.htmx) {
        window.htmx.ajax("GET", path, { source: from, target: "#panel", swap: "innerHTML" });
      } else location.assign(path);
    }

    say(words) {
      this.live.textContent = words;
    }

    // Returns the free stretch of a column around a minute, null if there is none.
    gap(day, column, minute) {
      let [from, to] = [this.first, this.last];
      const taken = [...this.visits.values()].filter(
        (one) => one.state !== "cancelled" && one.state !== "noshow",
      );
      for (const one of [...taken, ...this.blocks]) {
        if (one.day !== day || one.column !== column) continue;
        if (one.start <= minute && minute < one.end) return null;
        if (one.end <= minute) from = Math.max(from, one.end);
        else to = Math.min(to, one.start);
      }
      return [from, to];
    }

    book(day, column, minute, from) {
      if (!this.canBook()) return;
      const gap = this.gap(day, column, minute);
      if (!gap) {
        this.say(`${this.wall(minute)}: ${this.reason(day, column, minute)}`);
        return;
      }
      const start = Math.max(gap[0], Math.floor(minute / CELL) * CELL);
      const asked = new URLSearchParams({
        site: this.element.dataset.site,
        date: this.data.days[day],
        time: this.wall(start),
        [column[0] === "r" ? "room" : "practitioner"]: column.slice(1),
      });
      this.open(`/appointments/new/?${asked}`, from);
    }

    clickFree({ dateStr, resource, dayEl }) {
      if (!resource) return;
      const { day, minute } = this.spot(dateStr, dayEl);
      this.book(day, resource.id, minute, this.canvas.querySelector(".ec-main"));
    }

    // A column may reach past midnight, so its day comes from its place, not from the date.
    spot(dateStr, dayEl) {
      const at = [...dayEl.parentElement.children].indexOf(dayEl);
      const day = Math.floor(at / this.data.columns.length);
      const begins = Date.parse(`${this.data.days[day]}T00:00Z`);
      return { day, minute: (Date.parse(`${dateStr}Z`) - begins) / MINUTE_MS };
    }

    reason(day, column, minute) {
      const inside = (one) =>
        one.day === day && one.column === column && one.start <= minute && minute < one.end;
      const block = this.blocks.find(inside);
      if (block) return block.words || this.words.noHours;
      return [...this.visits.values()].some(inside) ? this.words.taken : this.words.free;
    }

    // ---- Where an appointment may go ------------------------------------------------------
    async loadTargets(id) {
      const [first, last] = [this.data.days[0], this.data.days.at(-1)].map(Date.parse);
      const asked = new URLSearchParams({
        from: this.data.days[0],
        days: 1 + (last - first) / (DAY * MINUTE_MS),
        by: this.data.columns[0][0][0] === "r" ? "room" : "practitioner",
      });
      const answer = await fetch(`/appointments/${id}/targets/?${asked}`, {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      return this.targets(await answer.json(), this.visits.get(id));
    }

    // Starts that are allowed, as minutes of each column of the calendar.
    targets(said, one) {
      const length = one.end - one.start;
      const starts = new Map();
      Object.entries(said.free).forEach(([column, spans]) => {
        spans.forEach(([from, to]) => {
          const begin = this.place(from);
          const last = this.place(to).minute;
          if (begin.day < 0) return;
          const key = `${begin.day} ${column}`;
          if (!starts.has(key)) starts.set(key, []);
          starts.get(key).push([begin.minute, last]);
        });
      });
      return { starts, length, why: said.why || "", window: said.window };
    }

    allows(targets, day, column, minute) {
      if (minute % this.step) return false;
      const spans = targets.starts.get(`${day} ${column}`) || [];
      return spans.some(([from, to]) => from <= minute && minute <= to);
    }

    whyNot(targets, one, day, column, minute) {
      const onDay = this.data.days[day];
      const { window: span } = targets;
      if (span && (onDay < span[0].slice(0, 10) || onDay > span[1].slice(0, 10)))
        return targets.why || this.words.noTime;
      const end = minute + targets.length;
      const meets = (other) =>
        other !== one &&
        other.id !== one.id &&
        other.day === day &&
        other.column === column &&
        other.start < end &&
        minute < other.end;
      const block = this.blocks.find(meets);
      if (block) return block.words || this.words.noHours;
      const taken = [...this.visits.values()].some(
        (other) => meets(other) && !["cancelled", "noshow"].includes(other.state),
      );
      return taken ? this.words.noTime : targets.why || this.words.noTime;
    }

    // The window as a band, and a shade on every start that is not allowed.
    shade(targets) {
      this.clear("cal-no", "cal-yes", "cal-win");
      this.data.days.forEach((onDay, day) => {
        const { window: span } = targets;
        if (span && onDay >= span[0].slice(0, 10) && onDay <= span[1].slice(0, 10)) {
          this.overlay("cal-win", {
            at: day * this.data.columns.length,
            span: this.data.columns.length,
            start: this.first,
            end: this.last,
          }).append(make("span", "", this.words.window));
        }
        this.data.columns.forEach(([column]) => this.shadeColumn(targets, day, column));
      });
    }

    shadeColumn(targets, day, column) {
      const spans = (targets.starts.get(`${day} ${column}`) || [])
        .map(([from, to]) => [from, to + targets.length])
        .sort((a, b) => a[0] - b[0]);
      spans.forEach(([start, end]) =>
        this.overlay("cal-yes", { at: this.index(day, column), start, end }),
      );
      let at = this.first;
      [...spans, [this.last, this.last]].forEach(([from, to]) => {
        if (from > at)
          this.overlay("cal-no", { at: this.index(day, column), start: at, end: from });
        at = Math.max(at, to);
      });
    }

    // ---- Dragging -------------------------------------------------------------------------
    startDrag(id) {
      // A card under a hand may be of a visit that is gone.
      const isOver = !this.visits.has(id);
      const drag = { id, targets: null, target: null, why: "", isOver };
      this.drag = drag;
      this.loadTargets(id)
        .then((targets) => {
          if (this.drag !== drag) return;
          drag.targets = targets;
          this.shade(targets);
        })
        .catch(() => {
          if (this.drag === drag) this.say(this.words.failed);
        });
    }

    judge(info) {
      const { drag } = this;
      if (!drag || drag.isOver) return false;
      const one = this.visits.get(drag.id);
      const gone = info.delta.days * DAY + info.delta.seconds / 60;
      const day = this.isWeek() ? this.dayUnder(info, one) : 0;
      const minute = one.start + (gone - (day - one.day) * DAY);
      const column = info.newResource ? info.newResource.id : one.column;
      const isAllowed = !drag.targets || this.allows(drag.targets, day, column, minute);
      drag.target = isAllowed ? { day, column, minute } : null;
      const shown = this.canvas.querySelector(".ec-preview .ev-c");
      if (shown) shown.textContent = this.wall(isAllowed ? minute : one.start);
      drag.why = isAllowed ? "" : this.whyNot(drag.targets, one, day, column, minute);
      this.showTip(
        drag.why || `${this.isWeek() ? `${this.dayName(day)}, ` : ""}${this.wall(minute)}`,
        Boolean(drag.why),
      );
      return isAllowed;
    }

    dayUnder(info, one) {
      const gone = info.delta.days * DAY + info.delta.seconds / 60 + one.start;
      const begins = Date.parse(`${this.data.days[one.day]}T00:00Z`) + gone * MINUTE_MS;
      const found = this.data.days.indexOf(new Date(begins).toISOString().slice(0, 10));
      return found < 0 ? one.day : found;
    }

    drop(info) {
      info.revert();
      const { drag } = this;
      this.endDrag();
      if (!drag || drag.isOver) return;
      const one = this.visits.get(drag.id);
      const { target } = drag;
      if (!target) {
        this.say(drag.why);
        return;
      }
      const isSame =
        target.day === one.day && target.column === one.column && target.minute === one.start;
      if (!isSame) this.preview(one, target);
    }

    preview(one, { day, column, minute }) {
      const asked = new URLSearchParams({ to: `${this.data.days[day]}T${this.wall(minute)}` });
      asked.set(column[0] === "r" ? "room" : "practitioner", column.slice(1));
      asked.set("next", location.pathname + location.search);
      this.open(`/appointments/${one.id}/move/?${asked}`, this.link(one.id));
    }

    endDrag() {
      this.drag = null;
      this.droppedAt = performance.now();
      this.tip.hidden = true;
      this.clear("cal-no", "cal-yes", "cal-win");
      this.settle();
    }

    showTip(words, isRefusal) {
      if (this.tip.textContent !== words && isRefusal) this.say(words);
      this.tip.textContent = words;
      this.tip.classList.toggle("is-no", isRefusal);
      this.tip.hidden = false;
    }

    follow(event) {
      if (event.pointerType !== "touch") this.pointedAt = performance.now();
      if (!this.drag) return;
      this.tip.style.insetBlockStart = `${event.clientY + 16}px`;
      this.tip.style.left = `${Math.min(event.clientX + 16, innerWidth - 280)}px`;
    }

    // ---- Moving by keyboard ---------------------------------------------------------------
    async startMove(id) {
      const one = this.visits.get(id);
      if (!one?.canMove || this.moving) return;
      const moving = { one, targets: null, at: null };
      this.moving = moving;
      try {
        moving.targets = await this.loadTargets(id);
      } catch {
        this.moving = null;
        this.say(this.words.failed);
        return;
      }
      if (this.moving !== moving) return;
      moving.all = this.starts(moving.targets);
      if (!moving.all.length) {
        this.moving = null;
        this.say(moving.targets.why || this.words.none);
        return;
      }
      this.shade(moving.targets);
      this.ghost(this.nearest(moving, one.day, one.column, one.start));
      this.say(`${this.words.moving} ${this.spoken(moving.at)}`);
    }

    starts(targets) {
      const all = [];
      targets.starts.forEach((spans, key) => {
        const [day, column] = key.split(" ");
        if (!this.data.columns.some(([known]) => known === column)) return;
        spans.forEach(([from, to]) => {
          for (let minute = from; minute <= to; minute += this.step)
            all.push({ day: Number(day), column, minute });
        });
      });
      return all;
    }

    nearest(moving, day, column, minute) {
      const away = (one) =>
        Math.abs(this.index(one.day, one.column) - this.index(day, column)) * 10 * DAY +
        Math.abs(one.minute - minute);
      return moving.all.reduce((best, one) => (away(one) < away(best) ? one : best));
    }

    ghost(at) {
      this.moving.at = at;
      this.clear("cal-ghost");
      const { one, targets } = this.moving;
      const box = this.overlay("cal-ghost", {
        at: this.index(at.day, at.column),
        start: at.minute,
        end: at.minute + targets.length,
      });
      box.append(make("span", "ev-c", this.wall(at.minute)), bdi("ev-n", one.who));
      box.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    spoken({ day, column, minute }) {
      const [, name] = this.data.columns.find(([key]) => key === column);
      return `${this.dayName(day)}, ${this.wall(minute)}, ${name}`;
    }

    stepMove(key) {
      const { moving } = this;
      const { day, column, minute } = moving.at;
      const here = this.index(day, column);
      const along = { ArrowUp: -1, ArrowDown: 1 }[key];
      const across = this.across(key);
      const candidates = moving.all.filter((one) => {
        const away = this.index(one.day, one.column) - here;
        return along ? away === 0 && (one.minute - minute) * along > 0 : away * across > 0;
      });
      if (!candidates.length) return;
      const away = (one) =>
        Math.abs(this.index(one.day, one.column) - here) * 10 * DAY + Math.abs(one.minute - minute);
      this.ghost(candidates.reduce((best, one) => (away(one) < away(best) ? one : best)));
      this.say(this.spoken(moving.at));
    }

    across(key) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key] || 0;
      return document.documentElement.dir === "rtl" ? -step : step;
    }

    endMove(words) {
      this.moving = null;
      this.clear("cal-no", "cal-yes", "cal-win", "cal-ghost");
      if (words) this.say(words);
      this.settle();
    }

    // ---- Keys -----------------------------------------------------------------------------
    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const used = this.moving
        ? this.keyOfMove(event)
        : event.target.closest(".ev-a")
          ? this.keyOfCard(event, event.target.closest(".ev-a"))
          : this.keyOfGrid(event);
      if (used) {
        event.preventDefault();
        event.stopPropagation();
      }
    }

    keyOfMove({ key }) {
      const { moving } = this;
      if (key === "Escape") this.endMove(this.words.ended);
      else if (key === "Tab") {
        this.endMove(this.words.ended);
        return false;
      } else if (!moving.at) return key.startsWith("Arrow") || key === "Enter";
      else if (key === "Enter") {
        const { one, at } = moving;
        this.endMove("");
        this.preview(one, at);
      } else if (key.startsWith("Arrow")) this.stepMove(key);
      else return false;
      return true;
    }

    keyOfCard({ key }, card) {
      const { id } = card.dataset;
      if (key.toLowerCase() === "m" && !areKeysOff()) this.startMove(id);
      else if (key.startsWith("Arrow")) this.toCard(id, key);
      else return false;
      return true;
    }

    toCard(id, key) {
      const one = this.visits.get(id);
      if (!one) return;
      const here = this.index(one.day, one.column);
      const along = { ArrowUp: -1, ArrowDown: 1 }[key];
      const across = this.across(key);
      const away = (other) =>
        Math.abs(this.index(other.day, other.column) - here) * 10 * DAY +
        Math.abs(other.start - one.start);
      const found = [...this.visits.values()]
        .filter((other) => {
          const columns = this.index(other.day, other.column) - here;
          return along
            ? columns === 0 && (other.start - one.start) * along > 0
            : columns * across > 0;
        })
        .sort((a, b) => away(a) - away(b))[0];
      if (found) this.link(found.id)?.focus();
    }

    keyOfGrid({ key }) {
      if (!this.data.columns.length) return false;
      if (key.startsWith("Arrow")) this.stepCursor(key);
      else if (key === "Escape" && this.cursor) {
        this.cursor = null;
        this.clear("cal-cur");
      } else if ((key === "Enter" || key.toLowerCase() === "n") && this.cursor) this.useCursor();
      else return false;
      return true;
    }

    stepCursor(key) {
      const count = this.data.columns.length;
      if (!this.cursor) this.cursor = this.startOfCursor();
      else {
        const { at, minute } = this.cursor;
        const step = { ArrowUp: -CELL, ArrowDown: CELL }[key] || 0;
        this.cursor = {
          at: Math.min(Math.max(at + this.across(key), 0), this.data.days.length * count - 1),
          minute: Math.min(Math.max(minute + step, this.first), this.last - CELL),
        };
      }
      this.drawCursor();
    }

    startOfCursor() {
      const { now, days, columns } = this.data;
      const day = now ? days.indexOf(now.slice(0, 10)) : 0;
      const minute = now ? Math.ceil(minutes(now) / CELL) * CELL : this.first + CELL * 2;
      return {
        at: day * columns.length,
        minute: Math.min(Math.max(minute, this.first), this.last - CELL),
      };
    }

    cursorPlace() {
      const count = this.data.columns.length;
      const { at, minute } = this.cursor;
      return { day: Math.floor(at / count), column: this.data.columns[at % count][0], minute };
    }

    drawCursor() {
      this.clear("cal-cur");
      const { at, minute } = this.cursor;
      this.overlay("cal-cur", { at, start: minute, end: minute + CELL })
        .scrollIntoView({ block: "nearest", inline: "nearest" });
      const place = this.cursorPlace();
      const met = this.under(place);
      const words = met ? `${met.who}, ${met.what}` : this.reason(place.day, place.column, minute);
      this.say(`${this.spoken(place)}: ${words}`);
    }

    under({ day, column, minute }) {
      return [...this.visits.values()].find(
        (one) =>
          one.day === day && one.column === column && one.start <= minute && minute < one.end,
      );
    }

    useCursor() {
      const place = this.cursorPlace();
      const met = this.under(place);
      if (met) this.link(met.id)?.focus();
      else this.book(place.day, place.column, place.minute, this.canvas.querySelector(".ec-main"));
    }
  }

  const boards = new Map();
  const mount = () => {
    boards.forEach((board, element) => {
      if (element.isConnected) return;
      board.leave();
      boards.delete(element);
    });
    // A phone shows the desk without the board, and need not draw it.
    document.querySelectorAll("[data-calendar]").forEach((element) => {
      if (!boards.has(element) && element.checkVisibility())
        boards.set(element, new Board(element));
    });
  };
  mount();
  window.addEventListener("resize", mount);
  document.addEventListener("htmx:afterSettle", mount);
  document.addEventListener("calendar:data", ({ detail }) =>
    boards.forEach((board) => board.source === detail.id && board.update(detail.data)),
  );
  // Escape ends a drag: what is dropped afterwards stays where it was.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    boards.forEach((board) => {
      if (!board.drag) return;
      board.drag.isOver = true;
      board.tip.hidden = true;
      board.clear("cal-no", "cal-yes", "cal-win");
      board.say(board.words.ended);
    });
  });
})();
