// The editor of posts and pages: the package's parts, with a name, a toolbar that keyboards can walk through,
// and without the style sheet that the editor would write into the page (ours is static/css/admin.css).
import * as parts from "django-prose-editor/editor"

const ATTRIBUTE = "data-django-prose-editor-marginalia"

// The package gives several buttons one sign.
const SIGNS = { codeBlock: "data_object", html: "html", heading2: "H2", heading3: "H3", heading4: "H4" }

const open = (textarea) => {
  const { extensions } = JSON.parse(textarea.getAttribute(ATTRIBUTE))
  const texts = JSON.parse(textarea.dataset.texts)
  const element = parts.crel("div", { className: "prose-editor" })
  textarea.before(element)
  element.append(textarea)

  const label = document.querySelector(`label[for="${textarea.id}"]`)
  if (label) label.id = `${textarea.id}_label`
  const attributes = { role: "textbox", "aria-multiline": "true", dir: "auto", class: "prose", translate: "no" }
  if (label) attributes["aria-labelledby"] = label.id
  if (textarea.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true"

  const editor = new parts.Editor({
    element,
    injectCSS: false,
    editable: !textarea.disabled,
    content: textarea.value,
    editorProps: { attributes },
    extensions: Object.entries(extensions).flatMap(([name, options]) => {
      if (!parts[name]) return []
      return typeof options === "object" ? parts[name].configure(options) : parts[name]
    }),
    onCreate: ({ editor }) => queueMicrotask(() => toolbar(editor, element, texts)),
    onUpdate: ({ editor }) => {
      textarea.value = editor.isEmpty ? "" : editor.getHTML()
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  label?.addEventListener("click", () => editor.commands.focus())
}

const toolbar = (editor, element, texts) => {
  const bar = element.querySelector(".prose-menubar:not(.prose-menubar--floating)")
  const buttons = [...bar.querySelectorAll("button")]
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", texts.toolbar)

  for (const button of buttons) {
    const { name } = button.dataset
    const words = texts.buttons[name]
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
  bar.addEventListener("keydown", (event) => {
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

for (const textarea of document.querySelectorAll(`[${ATTRIBUTE}]`)) open(textarea)
