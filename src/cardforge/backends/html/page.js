/* cardforge: the practice page. One listener a kind of event; nothing is done for each card when the page opens. */
(() => {
  "use strict";
  const root = document.currentScript.parentElement;
  const words = JSON.parse(root.dataset.words);
  const whole = root === document.body;
  const all = (selector, from = root) => [...from.querySelectorAll(selector)];
  const one = (selector, from = root) => from.querySelector(selector);
  const say = (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, n) => values[n]);
  root.classList.add("cf-js");

  /* ---- what the reader did, by GUID; in memory only where storage is not to be had */
  const KEY = "cardforge:";
  const memory = new Map();
  function stored(key) {
    try {
      return localStorage.getItem(key) ?? memory.get(key) ?? null;
    } catch {
      return memory.get(key) ?? null;
    }
  }
  function store(key, value) {
    if (value === null) memory.delete(key);
    else memory.set(key, value);
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      /* full, or forbidden */
    }
  }
  function keys() {
    try {
      return [...new Set([...Object.keys(localStorage), ...memory.keys()])];
    } catch {
      return [...memory.keys()];
    }
  }
  const guidOf = (card) => card.id.slice(5);
  function recordOf(guid) {
    try {
      const record = JSON.parse(stored(KEY + guid));
      return record && typeof record === "object" ? record : {};
    } catch {
      return {};
    }
  }
  function change(card, facts) {
    const record = { ...recordOf(guidOf(card)), ...facts };
    for (const name of Object.keys(record)) if (record[name] === undefined) delete record[name];
    store(KEY + guidOf(card), Object.keys(record).length ? JSON.stringify(record) : null);
  }
  function cardOf(guid) {
    const card = document.getElementById(`card-${guid}`);
    return card && root.contains(card) ? card : null;
  }
  const mine = () => keys().filter((key) => key.startsWith(KEY) && cardOf(key.slice(KEY.length)));

  /* ---- cards in the page */
  const isOpen = (card) => card.classList.contains("cf-open");
  function flip(card, open = !isOpen(card), turn = true) {
    card.classList.toggle("cf-open", open);
    one(".cf-reveal", card).setAttribute("aria-expanded", String(open));
    if (!turn) return;
    card.classList.remove("cf-turning");
    requestAnimationFrame(() => card.classList.add("cf-turning"));
  }
  function openGap(gap, focus) {
    const scope = gap.closest(".cf-front");
    for (const twin of all(`.cf-gap[data-gap="${gap.dataset.gap}"]`, scope)) twin.classList.add("cf-open");
    if (focus) one(".cf-filled", gap).focus();
    const card = scope.closest(".cf-cloze");
    if (card && !one(".cf-gap:not(.cf-open)", card)) card.classList.add("cf-open");
  }
  function openGaps(card, open = true) {
    for (const gap of all(".cf-gap", card)) gap.classList.toggle("cf-open", open);
    card.classList.toggle("cf-open", open);
  }
  function openAll(open) {
    for (const card of all(".cf-flashcard")) if (isOpen(card) !== open) flip(card, open, false);
    for (const card of all(".cf-cloze")) openGaps(card, open);
    for (const details of all(".cf-answer, .cf-hint")) details.open = open;
  }
  function commit(card, record, focus) {
    card.classList.add("cf-committed");
    one(".cf-answer", card).open = true;
    one(".cf-said", card).textContent = say("said", record.words || record.verdict || "");
    one('[data-cf="agree"]', card).setAttribute("aria-pressed", String(record.agrees === true));
    one('[data-cf="differ"]', card).setAttribute("aria-pressed", String(record.agrees === false));
    if (focus) enter(one(".cf-back", card));
  }
  function judge(card, record, focus) {
    const form = one(".cf-choosing", card);
    const items = all(".cf-option", form);
    let right = true;
    for (const item of items) {
      const input = one("input", item);
      const picked = record.picked.includes(input.value);
      const true_ = "right" in item.dataset;
      input.checked = picked;
      input.disabled = true;
      if (picked !== true_) right = false;
      if (!picked && !true_) continue;
      const mark = document.createElement("span");
      mark.className = "cf-mark";
      mark.textContent = true_ ? `✓ ${say(picked ? "right" : "missed")}` : `✗ ${say("wrong")}`;
      item.classList.add(true_ ? "cf-is-right" : "cf-is-wrong");
      item.append(mark);
    }
    form.classList.add("cf-checked");
    one('[type="submit"]', form).hidden = true;
    one('[data-cf="retry"]', form).hidden = false;
    one(".cf-result", form).textContent = right ? `✓ ${say("right")}` : `✗ ${say("wrong")}`;
    card.classList.add("cf-committed");
    one(".cf-answer", card).open = true;
    if (focus) one('[data-cf="retry"]', form).focus();
    return right;
  }
  function renew(card) {
    card.classList.remove("cf-committed");
    one(".cf-answer", card).open = false;
    one("form", card).reset();
    for (const mark of all(".cf-mark", card)) mark.remove();
    for (const item of all(".cf-option", card)) item.classList.remove("cf-is-right", "cf-is-wrong");
    const form = one(".cf-choosing", card);
    if (!form) return;
    form.classList.remove("cf-checked");
    for (const input of all("input", form)) input.disabled = false;
    one('[type="submit"]', form).hidden = false;
    one('[data-cf="retry"]', form).hidden = true;
    one(".cf-result", form).textContent = "";
  }
  function score(card) {
    const section = card.closest(".cf-section");
    const cards = all(".cf-scenario, .cf-choice", section);
    const told = cards.map((each) => recordOf(guidOf(each)).agrees);
    const left = told.filter((each) => each === undefined).length;
    const right = told.filter((each) => each === true).length;
    one(".cf-score", section).textContent =
      say("score", right, cards.length) + (left ? ` · ${say("open", left)}` : "");
  }
  function restore(guid) {
    const card = cardOf(guid);
    const record = recordOf(guid);
    if (card.matches(".cf-scenario") && record.committed) commit(card, record, false);
    else if (card.matches(".cf-choice") && Array.isArray(record.picked)) judge(card, record, false);
    else return;
    score(card);
  }
  function enter(element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
  function countKnown() {
    const known = mine().filter((key) => recordOf(key.slice(KEY.length)).known).length;
    one(".cf-known").textContent = known ? say("known", known) : "";
  }

  /* ---- search: the index is made when it is first asked for */
  const query = () => one(".cf-query");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let index = null;
  function search() {
    const terms = fold(query().value).split(/\s+/).filter(Boolean);
    index ??= all(".cf-card").map((card) => [
      card,
      fold(all(".cf-label, .cf-front, .cf-back, .cf-option-text, .cf-tags", card).map((e) => e.textContent).join(" ")),
    ]);
    let found = 0;
    for (const [card, text] of index) {
      const hit = terms.every((term) => text.includes(term));
      if (card.hidden === hit) card.hidden = !hit;
      if (hit) found += 1;
    }
    for (const part of all(".cf-group, .cf-section, .cf-deck"))
      part.hidden = terms.length > 0 && !one(".cf-card:not([hidden])", part);
    one(".cf-found").textContent = terms.length ? say("found", found, index.length) : "";
  }

  /* ---- study: what is not known yet, one at a time */
  let queue = [];
  let size = 0;
  let scope = root;
  let before = null;
  const dialog = () => one(".cf-study");
  const studied = (from) => all(".cf-flashcard, .cf-self-check, .cf-cloze", from);
  function study(from) {
    scope = from;
    const cards = studied(from);
    size = cards.length;
    queue = cards.filter((card) => !recordOf(guidOf(card)).known);
    before = document.activeElement;
    if (!dialog().open) dialog().showModal();
    ask();
  }
  function ask() {
    const [card] = queue;
    const box = one(".cf-study-card");
    const copy = (part) => one(part, card)?.cloneNode(true);
    box.scrollTop = 0;
    if (card) {
      const front = copy(".cf-front");
      const hint = copy(".cf-hint");
      if (hint) hint.open = false;
      for (const gap of all(".cf-gap", front)) gap.classList.remove("cf-open");
      const label = copy(".cf-label");
      box.replaceChildren(label, front, ...(hint ? [hint] : []));
    } else {
      const done = document.createElement("p");
      done.textContent = say("done");
      box.replaceChildren(done);
    }
    one(".cf-left").textContent = `${say("left", queue.length)} · ${say("known", size - queue.length)}`;
    one(".cf-bar").value = size ? (size - queue.length) / size : 0;
    actionsOf(card ? ["show"] : ["restart"]);
  }
  function actionsOf(names) {
    for (const button of all(".cf-study-actions > button")) button.hidden = !names.includes(button.dataset.cf);
    one(`.cf-study-actions > [data-cf="${names.at(-1)}"]`).focus();
  }
  function show() {
    const box = one(".cf-study-card");
    for (const gap of all(".cf-gap", box)) gap.classList.add("cf-open");
    const back = one(".cf-back", queue[0])?.cloneNode(true);
    if (back) box.append(back);
    actionsOf(["again", "good"]);
  }
  const asked = () => dialog().open && queue.length > 0 && !one('[data-cf="show"]').hidden;
  const answered = () => dialog().open && queue.length > 0 && !one('[data-cf="good"]').hidden;
  function grade(known) {
    const card = queue.shift();
    if (!known) queue.splice(Math.min(3, queue.length), 0, card);
    change(card, { known: known || undefined, again: known ? undefined : (recordOf(guidOf(card)).again ?? 0) + 1 });
    ask();
  }
  function shuffle() {
    for (let i = queue.length - 1; i > 0; i -= 1) {
      const j = Math.floor(Math.random() * (i + 1));
      [queue[i], queue[j]] = [queue[j], queue[i]];
    }
    ask();
  }

  /* ---- print */
  function print(kind) {
    root.classList.add("cf-print", `cf-print-${kind}`);
    for (let part = root; part !== document.body; part = part.parentElement) {
      for (const other of part.parentElement.children) if (other !== part) other.classList.add("cf-aside");
      if (part !== root) part.classList.add("cf-around");
    }
    all(".cf-card:not([hidden])").find((card) => kind === "all" || card.matches(".cf-flashcard"))?.classList.add("cf-first");
    window.print();
  }
  window.addEventListener("beforeprint", () => {
    for (const details of all("details:not([open])")) {
      details.open = true;
      details.dataset.cfClosed = "";
    }
  });
  window.addEventListener("afterprint", () => {
    root.classList.remove("cf-print", "cf-print-all", "cf-print-cards");
    for (const part of all(".cf-aside, .cf-around, .cf-first", document))
      part.classList.remove("cf-aside", "cf-around", "cf-first");
    for (const details of all("[data-cf-closed]")) {
      details.open = false;
      delete details.dataset.cfClosed;
    }
  });

  /* ---- colours and keys */
  const page = document.documentElement;
  const THEME = "cardforge-theme";
  const SLASH = "cardforge-slash";
  const isDark = () =>
    page.dataset.cfTheme ? page.dataset.cfTheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  if (whole && /^(light|dark)$/.test(stored(THEME) ?? "")) page.dataset.cfTheme = stored(THEME);

  /* ---- progress */
  let forgotten = null;
  function forget() {
    forgotten = mine().map((key) => [key, stored(key)]);
    for (const [key] of forgotten) store(key, null);
    for (const card of all(".cf-committed")) {
      renew(card);
      score(card);
    }
    countKnown();
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "cf-plain";
    undo.dataset.cf = "undo";
    undo.textContent = say("undo");
    one(".cf-said-progress").replaceChildren(`${say("forgotten")} `, undo);
  }
  function save() {
    const cards = Object.fromEntries(mine().map((key) => [key.slice(KEY.length), recordOf(key.slice(KEY.length))]));
    const data = { format: "cardforge-progress", version: 1, title: document.title, saved: new Date().toISOString(), cards };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }));
    link.download = "cardforge-progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const actions = {
    flip: (button) => flip(button.closest(".cf-card")),
    gap: (button) => openGap(button.parentElement, true),
    gaps: (button) => {
      const card = button.closest(".cf-card");
      openGaps(card);
      enter(one(".cf-front", card));
    },
    agree: (button) => settle(button, true),
    differ: (button) => settle(button, false),
    retry: (button) => {
      const card = button.closest(".cf-card");
      change(card, { committed: undefined, verdict: undefined, words: undefined, agrees: undefined, picked: undefined });
      renew(card);
      score(card);
      one("form input, form textarea", card).focus();
    },
    "open-all": () => openAll(true),
    "close-all": () => openAll(false),
    study: (button) => study(button.closest(".cf-section") ?? root),
    show,
    again: () => grade(false),
    good: () => grade(true),
    shuffle,
    close: () => dialog().close(),
    restart: () => {
      for (const card of studied(scope)) change(card, { known: undefined, again: undefined });
      study(scope);
    },
    "print-cards": () => print("cards"),
    "print-all": () => print("all"),
    theme: (button) => {
      page.dataset.cfTheme = isDark() ? "light" : "dark";
      store(THEME, page.dataset.cfTheme);
      button.setAttribute("aria-pressed", String(isDark()));
    },
    save,
    forget,
    undo: () => {
      for (const [key, value] of forgotten ?? []) store(key, value);
      for (const [key] of forgotten ?? []) restore(key.slice(KEY.length));
      one(".cf-said-progress").textContent = "";
      one('[data-cf="forget"]').focus();
      countKnown();
    },
  };
  function settle(button, agrees) {
    const card = button.closest(".cf-card");
    change(card, { agrees });
    for (const each of all("[aria-pressed]", card)) each.setAttribute("aria-pressed", String(each === button));
    score(card);
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cf]");
    if (button) return actions[button.dataset.cf](button);
    if (event.target.closest("a, button, input, textarea, label, summary, dialog") || String(getSelection())) return;
    const option = event.target.closest(".cf-choosing:not(.cf-checked) .cf-option");
    if (option) return one("input", option).click();
    const card = event.target.closest(".cf-flashcard");
    if (card && !event.target.closest('[role="region"]')) flip(card);
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const card = form.closest(".cf-card");
    if (form.matches(".cf-commit")) {
      const verdict = one(":checked", form)?.value ?? "";
      const record = { committed: true, verdict: verdict || undefined, words: one(".cf-own", form).value.trim() || undefined };
      change(card, record);
      commit(card, record, true);
    } else {
      const picked = all(":checked", form).map((input) => input.value);
      if (!picked.length) return one("input", form).focus();
      change(card, { picked, agrees: judge(card, { picked }, true) });
    }
    score(card);
  });
  root.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches(".cf-query")) search();
    const form = field.closest(".cf-commit");
    if (!form) return;
    const own = one(".cf-own", form);
    const pick = one('input[value=""]', form);
    if (pick && field === own && own.value) pick.checked = true;
    if (pick) own.required = pick.checked;
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches(".cf-keys")) store(SLASH, event.target.checked ? null : "off");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !root.isConnected) return;
    const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
    if (dialog()?.open) {
      const forward = getComputedStyle(root).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      if (typing || event.target.closest?.('[role="region"]') || !/^Arrow(Left|Right)$/.test(event.key)) return;
      if (event.key === forward && asked()) show();
      else if (answered()) grade(event.key === forward);
      event.preventDefault();
    } else if (event.key === "/" && !typing && stored(SLASH) !== "off") {
      event.preventDefault();
      query().focus();
    }
  });

  /* ---- arriving: a link to a card, and what was there last time */
  function arrive() {
    let id = "";
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const card = id.startsWith("card-") ? cardOf(id.slice(5)) : null;
    if (!card) return;
    if (card.hidden) {
      query().value = "";
      search();
    }
    card.scrollIntoView();
    card.setAttribute("aria-label", one(".cf-label", card).textContent);
    enter(card);
    requestAnimationFrame(() => card.scrollIntoView());
  }
  function start() {
    const toc = one(".cf-toc");
    if (toc && !matchMedia("(min-width: 70rem)").matches) toc.open = false;
    toc?.classList.add("cf-ready");
    one(".cf-theme")?.setAttribute("aria-pressed", String(isDark()));
    one(".cf-keys").checked = stored(SLASH) !== "off";
    dialog().addEventListener("close", () => {
      countKnown();
      before?.focus();
    });
    for (const key of mine()) restore(key.slice(KEY.length));
    countKnown();
    arrive();
  }
  window.addEventListener("hashchange", arrive);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
