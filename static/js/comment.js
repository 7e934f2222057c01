// The comment form: answers in place, a name that this browser remembers, and a token of one's own.
(() => {
  const form = document.getElementById("post-a-comment");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);

  // A page with this form may be shared by many readers, so it cannot carry a token of one's own. When somebody begins
  // to write, one is fetched; whoever has no script gets it with the preview instead.
  let asked = form.dataset.fresh === "yes";
  form.addEventListener("focusin", async () => {
    if (asked) return;
    asked = true;
    try {
      const answer = await fetch(form.action, { credentials: "same-origin" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const name of ["token", "csrfmiddlewaretoken"]) {
        const there = fresh.querySelector(`#post-a-comment [name=${name}]`);
        if (there && field(name)) field(name).value = there.value;
      }
    } catch {
      asked = false; // offline: the preview will bring a token
    }
  });

  // “Reply” brings the form under its comment. Without a script it leads to the form's own page, as it does with one
  // in another tab.
  const section = form.closest(".comments");
  const heading = document.getElementById("reply");
  const cancel = document.getElementById("comment-cancel");
  const home = document.createComment("the form");
  const title = heading.textContent;
  let link = null;

  function answer(parent) {
    field("parent").value = parent;
    history.replaceState({ ...history.state, parent }, ""); // a browser brings back what was typed, and not this
  }

  function bring(to) {
    const own = to.closest(".own");
    const words = to.getAttribute("aria-label");
    const name = own.querySelector("header bdi").textContent;
    if (!home.isConnected) form.before(home);
    own.after(form);
    answer(new URL(to.href).searchParams.get("parent"));
    const isolated = document.createElement("bdi");
    isolated.append(name);
    const at = words.lastIndexOf(name);
    heading.replaceChildren(...(at < 0 ? [words] : [words.slice(0, at), isolated, words.slice(at + name.length)]));
    cancel.hidden = false;
    link = to;
  }

  section.addEventListener("click", (event) => {
    const to = event.target.closest('.does a[href*="/comment/?parent="]');
    if (!to || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    bring(to);
    document.getElementById("comments-said").textContent = heading.textContent;
    const empty = ["name", "email"].map(field).find((input) => input && !input.value) ?? field("text");
    empty.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  });

  cancel.addEventListener("click", () => {
    home.replaceWith(form);
    answer("");
    heading.textContent = title;
    document.getElementById("comments-said").textContent = "";
    cancel.hidden = true;
    link.focus();
    link = null;
  });

  // Who comes back to the page by the browser's button finds the words, and what they answer, as they were left.
  addEventListener("pageshow", () => {
    const parent = history.state?.parent;
    const to = parent && !link && section.querySelector(`.does a[href$="/comment/?parent=${CSS.escape(parent)}"]`);
    if (to) bring(to);
  });

  // The name is remembered by this browser alone, and only if it is asked to.
  const KEPT = "marginalia-commenter";
  const NAMES = ["name", "email", "url"];
  const box = document.getElementById("comment-remember");
  if (!box) return;

  function keep() {
    try {
      if (!box.checked) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, field(name).value]))));
    } catch {
      // a browser that keeps nothing: the box does as much
    }
  }

  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    box.checked = Boolean(kept);
    for (const name of NAMES) if (kept && !field(name).value) field(name).value = kept[name] ?? "";
    box.closest("label").hidden = false;
  } catch {
    return;
  }
  box.addEventListener("change", keep);
  form.addEventListener("submit", keep);
})();
