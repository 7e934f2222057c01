// On a phone the bar of places is wider than the screen: the current one is brought into sight.
document.querySelectorAll(".places [aria-current]").forEach((link) => {
  const [place, bar] = [link.getBoundingClientRect(), link.parentElement.getBoundingClientRect()];
  if (place.left < bar.left || place.right > bar.right) {
    link.parentElement.scrollLeft += (place.left + place.right - bar.left - bar.right) / 2;
  }
});
