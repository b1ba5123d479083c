// Small help for the keyboard; every page works without it.
"use strict";
document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement) return;
  const field = document.getElementById("find");
  if (field) { event.preventDefault(); field.focus(); field.select(); }
});
// An address that points at a reason opens it.
const pointed = location.hash.startsWith("#fact-") && document.getElementById(location.hash.slice(1));
if (pointed instanceof HTMLDetailsElement) pointed.open = true;
// A filter that is changed is applied at once; the button is there for those without this.
document.querySelectorAll("form[data-at-once]").forEach((form) => {
  form.addEventListener("change", () => form.requestSubmit());
  form.classList.add("at-once");
});
