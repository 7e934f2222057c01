// Keys, "select all" and the progress of large decisions on the moderation queue. Everything here can be done without it.
const cases = [...document.querySelectorAll(".case")];
const verbs = { a: "approve", s: "spam", d: "remove" };
const panels = { e: "reply", r: "reject", d: "remove" };
const dialog = document.querySelector(".keys");
const useKeys = document.querySelector("[data-keys-on]");
const openKeys = document.querySelector("[data-keys]");
// The button that takes the last decision back; the log on a comment's page has others.
const lastUndo = ":is(.toast, .last) [data-undo]";
let sent = false;

if (dialog) {
  useKeys.checked = localStorage.getItem("queue-keys") !== "off";
  showHints();
  openKeys.hidden = false;
  openKeys.addEventListener("click", () => dialog.showModal());
  useKeys.addEventListener("change", () => {
    localStorage.setItem("queue-keys", useKeys.checked ? "on" : "off");
    showHints();
  });
  document.addEventListener("keydown", press);
}

// After a decision the address names the next comment: go on from there. The one named may stand on another page.
if (location.hash.startsWith("#comment-")) (document.getElementById(location.hash.slice(1)) ?? cases[0])?.focus();

// What was there when the page came is not read out; what is put in afterwards is.
setTimeout(() => document.querySelectorAll(".toasts > .toast").forEach((toast) => toast.prepend(toast.firstElementChild)), 300);

// A second press before the page has gone would be a second decision, refused as too late.
document.addEventListener("submit", (event) => {
  if (event.submitter?.formMethod === "dialog") return;
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => { sent = false; });

// Nor does the second click of a double click count: by then another comment may stand under the pointer.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest("a, button")) event.preventDefault();
});

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
  if (event.key === "Escape") return close(event.target.closest("details.panel[open]"));
  if (!useKeys.checked || isField(event.target)) return;
  const panel = current()?.querySelector(`details[data-panel="${panels[event.key]}"]`);
  if (event.key === "?") dialog.showModal();
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "u") takeBack();
  else if (!current() && (event.key === "x" || verbs[event.key] || panels[event.key])) cases[0]?.focus();
  else if (event.key === "x") current().querySelector("[name=selected]")?.click();
  else if (panel) open(panel);
  else if (verbs[event.key]) current().querySelector(`[data-verb=${verbs[event.key]}]`)?.click();
  else return;
  event.preventDefault();
}

function open(panel) {
  panel.open = true;
  panel.querySelector("textarea, input[type=text], button").focus();
}

// However a panel was opened, the next thing to do is to type; one that was open when the page came is left alone.
const openAtFirst = new Set(document.querySelectorAll("details.panel[open]"));
document.querySelectorAll("details.panel").forEach((panel) => panel.addEventListener("toggle", () => {
  if (!panel.open) openAtFirst.delete(panel);
  else if (!openAtFirst.has(panel) && !isField(document.activeElement)) panel.querySelector("textarea, input[type=text]")?.focus();
}));

function takeBack() {
  const undo = document.querySelector(lastUndo);
  if (undo) return undo.click();
  const told = document.querySelector("[data-nothing-left]");
  told.textContent = "";
  setTimeout(() => { told.textContent = told.dataset.nothingLeft; }, 100); // a second time it is read out, too
}

function close(panel) {
  if (!panel) return;
  panel.open = false;
  (panel.closest(".case") ?? panel.querySelector("summary")).focus();
}

function isField(element) {
  return element.matches("textarea, select, input:not([type=checkbox])") || element.isContentEditable;
}

// The page of one comment leaves no doubt which is meant; in the queue a case has to be chosen.
function current() {
  return document.activeElement.closest(".case") ?? (document.getElementById("bulk") ? null : cases[0]);
}

function move(step) {
  const index = cases.indexOf(document.activeElement.closest(".case"));
  const next = cases[index < 0 ? 0 : index + step];
  next?.focus();
}

function showHints() {
  document.querySelectorAll(".hint").forEach((hint) => hint.remove());
  if (!useKeys.checked) return;
  for (const [key, verb] of Object.entries(verbs)) showHint(`.case [data-verb=${verb}]`, key);
  for (const [key, panel] of Object.entries(panels)) showHint(`.case [data-panel=${panel}] > summary`, key);
  showHint(lastUndo, "u");
}

function showHint(selector, key) {
  for (const button of document.querySelectorAll(selector)) {
    const hint = document.createElement("kbd");
    hint.className = "hint";
    hint.textContent = key;
    hint.setAttribute("aria-hidden", "true");
    button.append(hint);
  }
}

// On a phone the tabs are wider than the screen: the current one is brought into sight.
document.querySelectorAll(".tabs [aria-current]").forEach((link) => {
  link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - 16;
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

// Enter in the reason for the ticked ones presses the button beside it.
document.querySelectorAll("[data-enter]").forEach((button) => {
  button.parentElement.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    button.click();
  });
});

const progress = document.getElementById("progress");
if (progress?.matches("[data-wait]")) setTimeout(look, 1000);

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("progress");
    if (!now) return location.reload();
    progress.replaceChildren(...now.childNodes);
    if (now.matches("[data-wait]")) setTimeout(look, 1000);
  } catch {
    setTimeout(look, 5000); // the server is away: it may come back
  }
}
