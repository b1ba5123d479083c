// Small help for the keyboard; every page works without it.
"use strict";
// What Enter does when nothing has the focus: the first in line, the nearest to what helps.
const FIRST = ["#first-act", "main .list a.button", "main .list a.main", "main a.button.first", "main a.main"];
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey && event.key === "Enter") return;
  const at = event.target;
  const isWriting = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement;
  const field = document.getElementById("find");
  if (event.key === "/" && !isWriting && field) { event.preventDefault(); field.focus(); field.select(); }
  // A form that has just been opened is not the page's own first action.
  if (event.key === "Enter" && !event.repeat && !document.querySelector("[data-keep]") && (at === document.body || at === document.documentElement)) {
    const first = FIRST.map((one) => document.querySelector(one)).find((one) => one);
    if (first) { event.preventDefault(); first.click(); }
  }
});
// An address that points at a reason opens it.
const pointed = location.hash.startsWith("#fact-") && document.getElementById(location.hash.slice(1));
if (pointed instanceof HTMLDetailsElement) pointed.open = true;
// A filter that is changed is applied at once; the button is there for those without this.
document.querySelectorAll("form[data-at-once]").forEach((form) => {
  form.addEventListener("change", () => form.requestSubmit());
  form.classList.add("at-once");
});
