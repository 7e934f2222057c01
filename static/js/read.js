// Tells the site, once, that this page has been before somebody's eyes for five seconds (blog/reads.py). Nothing is kept
// in the browser, and whoever asks not to be followed is not counted.
(() => {
  const { read } = document.currentScript.dataset;
  if (navigator.doNotTrack === "1" || navigator.globalPrivacyControl || navigator.webdriver) return;
  const [, from = ""] = document.referrer.match(/^https?:\/\/([^/:]+)/) ?? [];
  let timer;
  // A page that is made ready before it is asked for is hidden, too.
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(tell, 5000);
  };
  const tell = () => {
    document.removeEventListener("visibilitychange", look);
    navigator.sendBeacon(read, from === location.hostname ? "" : from);
  };
  document.addEventListener("visibilitychange", look);
  look();
})();
