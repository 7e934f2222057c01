// A page with this form may be shared by many readers, so it cannot carry a token of one's own. When somebody begins to
// write, one is fetched; whoever has no script gets it with the preview instead.
(() => {
  const form = document.getElementById("post-a-comment");
  if (!form || form.dataset.fresh === "yes") return;
  let asked = false;
  form.addEventListener("focusin", async () => {
    if (asked) return;
    asked = true;
    try {
      const answer = await fetch(form.action, { credentials: "same-origin" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const name of ["token", "csrfmiddlewaretoken"]) {
        const there = fresh.querySelector(`#post-a-comment [name=${name}]`);
        const here = form.querySelector(`[name=${name}]`);
        if (there && here) here.value = there.value;
      }
    } catch {
      asked = false; // offline: the preview will bring a token
    }
  });
})();
