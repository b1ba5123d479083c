// Pages that renew themselves, and forms that open where they are needed. Every page works without it.
"use strict";
(() => {
  const main = document.getElementById("main"), told = document.getElementById("told");
  if (!main || !told) return;
  document.documentElement.classList.add("scripted");
  let lost = 0, isActing = false, timer = 0, silence = 0;

  // What is said: read aloud politely, gone after a while.
  const say = (text) => { clearTimeout(silence); told.textContent = text; silence = setTimeout(() => { told.textContent = ""; }, 7000); };
  if ("said" in told.dataset) {
    const address = new URL(location.href);
    address.searchParams.delete("saved");
    history.replaceState(null, "", address);
    say(told.textContent);
  }

  // One tree is brought to look like another; what is the same stays: focus, open details, scroll, forms under way ([data-keep]).
  const isKept = (node) => node.nodeType === 1 && (node.matches("[data-keep]") || node.querySelector("[data-keep]") !== null);
  const renew = (old, fresh) => {
    for (const { name, value } of fresh.attributes) if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
    const named = new Map([...old.children].filter((one) => one.id).map((one) => [one.id, one]));
    let at = old.firstChild;
    for (const one of [...fresh.childNodes]) {
      let match = null;
      if (one.id) match = named.get(one.id) || null;
      else if (at && at.nodeName === one.nodeName && !at.id && !(at.nodeType === 1 && at.matches("[data-keep]"))) match = at;
      if (match === null) {
        const added = document.importNode(one, true);
        if (added.nodeName === "LI") added.classList.add("came");
        old.insertBefore(added, at);
        continue;
      }
      if (match === at) at = at.nextSibling; else old.insertBefore(match, at);
      if (!match.isEqualNode(one)) { if (one.nodeType === 1) renew(match, one); else match.nodeValue = one.nodeValue; }
    }
    while (at) { const next = at.nextSibling; if (!isKept(at)) at.remove(); at = next; }
  };
  const announced = () => { const one = main.querySelector("[data-announce]"); return one ? one.textContent.trim() : ""; };
  const show = (page) => {
    const fresh = page.getElementById("main");
    if (!fresh) return;
    const focused = document.activeElement, row = focused.closest && focused.closest(".row");
    const place = row ? [...main.querySelectorAll(".row")].indexOf(row) : -1, before = announced();
    renew(main, fresh);
    if (focused.isConnected) { if (document.activeElement !== focused) focused.focus({ preventScroll: true }); }
    else if (place >= 0) step(place);
    document.title = page.title;
    if (announced() !== before) say(announced());
  };
  // To the action of the row that stands there now.
  const step = (place) => {
    const rows = [...main.querySelectorAll(".row")], action = rows.length && rows[Math.min(place, rows.length - 1)].querySelector(".button");
    if (action) action.focus({ preventScroll: true });
  };

  // Now and then: has anything changed?
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  const wait = () => { clearTimeout(timer); timer = setTimeout(look, Number(main.dataset.every) * Math.min(2 ** lost, 20)); };
  const look = async () => {
    if (document.hidden || !main.dataset.seen) return;
    if (!isActing) {
      try {
        const answer = await fetch(location.href, { headers: { "X-Seen": main.dataset.seen }, signal: AbortSignal.timeout(15000) });
        if (answer.redirected) { if (answer.url.includes("/sign-in/")) return; location.replace(answer.url); return; }
        if (answer.status === 200) { const page = parse(await answer.text()); if (!isActing) show(page); }
        if (answer.status >= 500) throw new Error("refused");
        lost = 0;
      } catch { lost += 1; if (lost === 3) say(told.dataset.lost); }
    }
    wait();
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); look(); } });
  if (main.dataset.seen) wait();

  // A form opens in its row.
  const close = (slot) => { const back = slot.opener; slot.remove(); if (back && back.isConnected) back.focus({ preventScroll: true }); };
  const aim = (form) => {
    const first = form.querySelector("[role=alert], input:checked, textarea, select, button");
    if (first) first.focus();
  };
  const open = async (link) => {
    const host = link.closest(".row, [data-acts]"), known = host.querySelector(":scope > [data-keep]");
    if (known) { const was = known.opener; known.remove(); if (was === link) return; }
    const answer = await fetch(link.href).catch(() => null);
    const form = answer && answer.ok && parse(await answer.text()).querySelector("form.act");
    if (!form) { location.href = link.href; return; }
    const slot = document.createElement("div");
    slot.className = "inline";
    slot.dataset.keep = "";
    slot.opener = link;
    slot.append(document.importNode(form, true));
    host.append(slot);
    aim(slot);
    slot.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-act]"), cancel = event.target.closest("[data-keep] a[data-close]");
    if (link && link.closest(".row, [data-acts]")) { event.preventDefault(); open(link); }
    if (cancel) { event.preventDefault(); close(cancel.closest("[data-keep]")); }
  });
  document.addEventListener("keydown", (event) => {
    const slot = event.key === "Escape" && event.target.closest && event.target.closest("[data-keep]");
    if (slot) close(slot);
  });

  // What is sent comes back as the page, saved; or as the form, with what was wrong.
  const fault = (slot, text) => {
    if (!slot) { say(text); return; }
    let line = slot.querySelector("p.fault");
    if (!line) { line = document.createElement("p"); line.className = "fault"; line.tabIndex = -1; line.setAttribute("role", "alert"); slot.querySelector("form").prepend(line); }
    line.textContent = text;
    line.focus();
  };
  const saved = (page, slot) => {
    const rows = [...main.querySelectorAll(".row")], row = (slot || document.activeElement).closest(".row"), place = rows.indexOf(row);
    if (slot) slot.remove();
    show(page);
    if (place >= 0) step(place);
    say(page.getElementById("told").textContent);
  };
  const send = async (form, submitter) => {
    const slot = form.closest("[data-keep]"), data = new FormData(form, submitter);
    isActing = true;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(submitter && submitter.hasAttribute("formaction") ? submitter.formAction : form.action, { method: "POST", body: data });
      const page = parse(await answer.text()), again = page.querySelector("form.act");
      if (answer.ok && answer.redirected && !answer.url.includes("/sign-in/")) {
        saved(page, slot);
        if (!slot) form.elements.key.value = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
      } else if (slot && again) { form.replaceWith(document.importNode(again, true)); aim(slot); }
      else { const said = page.querySelector("[role=alert]"); fault(slot, said ? said.textContent : told.dataset.unsaved); }
    } catch { fault(slot, told.dataset.unsaved); }
    isActing = false;
    form.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form.id === "at-once" || form.matches("[data-keep] form.act"))) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") send(form, event.submitter);
  });

  // What the customer will read follows what is chosen; words that somebody has changed are left as they are.
  let asked = 0;
  const preview = async (form) => {
    const data = new FormData(form);
    data.set("preview", "1");
    const turn = asked += 1, answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    if (!answer || !answer.ok || turn !== asked) return;
    const fresh = parse(await answer.text()).querySelector("form.act");
    if (!fresh || turn !== asked || !form.isConnected) return;
    form.querySelector(".preview").replaceChildren(...[...fresh.querySelector(".preview").childNodes].map((one) => document.importNode(one, true)));
    const words = form.elements.words, were = form.elements.words_were;
    if (words.value.trim() === were.value.trim()) { words.value = fresh.elements.words.value; were.value = fresh.elements.words_were.value; }
  };
  let soon = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-preview]");
    if (!form) return;
    if (["day", "start", "end"].includes(event.target.name)) form.querySelector("[name=when][value=other]").checked = true;
    if (event.target.name === "when" && event.target.value !== "other") for (const name of ["day", "start", "end"]) form.elements[name].value = "";
    clearTimeout(soon);
    soon = setTimeout(() => preview(form), 200);
  });
})();
