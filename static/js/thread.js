// What is new to a reader since the last visit. Which comments they have seen is known to their browser alone.
(() => {
  const KEPT = "marginalia-seen";
  const POSTS = 200; // the last ones that were read
  const COMMENTS = 2000; // the last ones of each
  const news = document.getElementById("news"); // not there while there are no comments

  // An address within a thread that was folded opens it, where the browser does not by itself.
  function unfold() {
    const place = document.getElementById(location.hash.slice(1));
    const folded = place?.closest("details.replies:not([open])");
    if (!folded) return;
    folded.open = true;
    place.scrollIntoView();
  }
  addEventListener("hashchange", unfold);

  function link(words, article) {
    const made = document.createElement("a");
    made.href = `#${article.id}`;
    made.textContent = words;
    return made;
  }

  function mark(article, before, after) {
    const badge = document.createElement("span");
    badge.className = "badge new";
    badge.textContent = news.dataset.new;
    article.querySelector(".own > header").append(badge);
    const does = article.querySelector(".own > .does");
    if (before) does.append(link(news.dataset.previous, before));
    if (after) does.append(link(news.dataset.next, after));
  }

  const code = (article) => Number(article.id.slice("comment-".length)).toString(36);
  const shown = [...document.querySelectorAll(".comments .comment:not(.gone)")];
  let known, seen;
  try {
    const posts = new Map(JSON.parse(localStorage.getItem(KEPT) ?? "[]"));
    known = posts.get(location.pathname);
    seen = new Set(known?.split("."));
    posts.delete(location.pathname);
    posts.set(location.pathname, [...new Set([...seen, ...shown.map(code)])].slice(-COMMENTS).join("."));
    localStorage.setItem(KEPT, JSON.stringify([...posts].slice(-POSTS)));
  } catch {
    return; // nothing is kept, or it is not ours
  }
  const fresh = shown.filter((article) => !seen.has(code(article)));
  // All of it: this page was never read, unless there were no comments yet when it was.
  if (!fresh.length || (fresh.length === shown.length && known !== "")) return;
  news.querySelector("b").textContent = fresh.length.toLocaleString(document.documentElement.lang);
  news.querySelector("a").href = `#${fresh[0].id}`;
  news.hidden = false;
  fresh.forEach((article, at) => mark(article, fresh[at - 1], fresh[at + 1]));
})();
