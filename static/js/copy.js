// A press on a link to a heading or a comment copies its address, and so does “Copy the link”. Without this they are
// links; the button is not there. What happened is said to those who do not see it, too.
(() => {
  if (!navigator.clipboard) return;
  const { done } = document.currentScript.dataset;
  const said = document.createElement("p");
  said.className = "said small";
  said.setAttribute("role", "status");
  document.body.append(said);
  for (const button of document.querySelectorAll("button[data-address]")) button.hidden = false;
  let timer;
  document.addEventListener("click", async (event) => {
    const pressed = event.target.closest("a.anchor, a.when, button[data-address]");
    if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (pressed.matches(".when")) { // its address leads here by way of the server
      event.preventDefault();
      location.hash = pressed.closest(".comment").id;
    }
    try {
      await navigator.clipboard.writeText(pressed.href ?? pressed.dataset.address);
    } catch {
      return; // not allowed: the link leads there all the same
    }
    clearTimeout(timer);
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = done; });
    timer = setTimeout(() => { said.textContent = ""; }, 4000);
  });
})();
