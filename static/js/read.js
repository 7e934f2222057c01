// Tells the site, once, that this page was before somebody's eyes for five seconds (blog/reads.py). Who asks not to be
// followed is not counted.
(() => {
  const { read } = document.currentScript.dataset;
  if (navigator.doNotTrack === "1" || navigator.globalPrivacyControl || navigator.webdriver) return;
  const [, from = ""] = document.referrer.match(/^https?:\/\/([^/:]+)/) ?? [];
  let timer;
  let told = false;
  // A page that is made ready before it is asked for is hidden, too.
  const look = () => {
    clearTimeout(timer);
    if (!told && document.visibilityState === "visible") timer = setTimeout(tell, 5000);
  };
  const tell = () => {
    told = true;
    navigator.sendBeacon(read, from === location.hostname ? "" : from);
  };
  document.addEventListener("visibilitychange", look);
  // Brought back as it was left, it is read again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) told = false;
    look();
  });
  look();
})();
