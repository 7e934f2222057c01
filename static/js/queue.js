// Keys and "select all" for the moderation queue. Everything here can be done without it.
const cases = [...document.querySelectorAll(".case")];
const verbs = { a: "approve", r: "reject", s: "spam", d: "remove", u: "restore" };
const dialog = document.querySelector(".keys");
const useKeys = document.querySelector("[data-keys-on]");
const openKeys = document.querySelector("[data-keys]");

useKeys.checked = localStorage.getItem("queue-keys") !== "off";
showHints();
openKeys.hidden = false;
openKeys.addEventListener("click", () => dialog.showModal());
useKeys.addEventListener("change", () => {
  localStorage.setItem("queue-keys", useKeys.checked ? "on" : "off");
  showHints();
});

// After a decision the address names the next comment: go on from there.
if (location.hash.startsWith("#comment-")) document.getElementById(location.hash.slice(1))?.focus();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open || isField(event.target)) return;
  if (!useKeys.checked) return;
  if (event.key === "?") dialog.showModal();
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x") current()?.querySelector("[name=selected]").click();
  else if (verbs[event.key]) current()?.querySelector(`[data-verb=${verbs[event.key]}]`)?.click();
  else return;
  event.preventDefault();
});

const selectAll = document.querySelector("[data-select-all]");
const boxes = [...document.querySelectorAll("[name=selected]")];
selectAll?.addEventListener("click", (event) => {
  event.preventDefault();
  const ticked = boxes.every((box) => box.checked);
  boxes.forEach((box) => { box.checked = !ticked; });
  nameSelectAll();
});
boxes.forEach((box) => box.addEventListener("change", nameSelectAll));

function nameSelectAll() {
  selectAll.textContent = boxes.every((box) => box.checked) ? selectAll.dataset.none : selectAll.dataset.all;
}

function isField(element) {
  return element.matches("textarea, select, input:not([type=checkbox])") || element.isContentEditable;
}

function current() {
  return document.activeElement.closest(".case");
}

function move(step) {
  const index = cases.indexOf(current());
  const next = cases[index < 0 ? 0 : index + step];
  next?.focus();
}

function showHints() {
  document.querySelectorAll(".case [data-verb] kbd").forEach((hint) => hint.remove());
  if (!useKeys.checked) return;
  for (const [key, verb] of Object.entries(verbs)) {
    for (const button of document.querySelectorAll(`.case [data-verb=${verb}]`)) {
      const hint = document.createElement("kbd");
      hint.textContent = key;
      hint.setAttribute("aria-hidden", "true");
      button.append(hint);
    }
  }
}
