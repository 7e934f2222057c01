// The package's toolbar, with names, in one stop of the keyboard's way, and saying what is pressed.

// The package gives several buttons one sign.
const SIGNS = { codeBlock: "data_object", html: "html", heading2: "H2", heading3: "H3", heading4: "H4" }

export const toolbar = (editor, element, texts) => {
  const bar = element.querySelector(".prose-menubar:not(.prose-menubar--floating)")
  const buttons = [...bar.querySelectorAll("button")]
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", texts.toolbar)

  for (const button of buttons) {
    const { name } = button.dataset
    const words = texts.buttonNames[name]
    if (words) {
      button.title = words
      button.setAttribute("aria-label", words)
    }
    if (SIGNS[name]) button.textContent = SIGNS[name]
    button.tabIndex = -1
  }
  buttons[0].tabIndex = 0

  // One stop for Tab; arrows walk inside.
  const go = (to) => {
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1
    to.focus()
  }
  // From the text to the toolbar and back: inside a table or a list, Tab means something else.
  editor.view.dom.addEventListener("keydown", (event) => {
    if (!(event.altKey && event.key === "F10")) return
    event.preventDefault()
    buttons.find((button) => button.tabIndex === 0).focus()
  })
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault()
      event.stopPropagation()
      editor.commands.focus()
      return
    }
    const shown = buttons.filter((button) => !button.classList.contains("hidden"))
    const at = shown.indexOf(document.activeElement)
    const onward = getComputedStyle(bar).direction === "rtl" ? -1 : 1
    const to = {
      ArrowRight: at + onward,
      ArrowLeft: at - onward,
      Home: 0,
      End: shown.length - 1,
    }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    go(shown.at(to % shown.length))
  })

  const tell = () => {
    for (const button of buttons) {
      button.setAttribute("aria-disabled", String(button.classList.contains("disabled")))
      if (button.classList.contains("active")) button.setAttribute("aria-pressed", "true")
      else button.removeAttribute("aria-pressed")
    }
    if (buttons.find((button) => button.tabIndex === 0)?.classList.contains("hidden")) {
      for (const button of buttons) button.tabIndex = button === buttons[0] ? 0 : -1
    }
  }
  editor.on("transaction", tell)
  tell()
}
