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
    editorProps: {
      attributes,
      transformPastedHTML: pasted,
      handlePaste: () => void leaveImage(editor),
      handleTextInput: (_view, _from, _to, text) => leaveImage(editor) && editor.commands.insertContent(text),
      handleKeyDown: (_view, { key }) => /^(Backspace|Delete)$/.test(key) && deleteFigure(editor),
    },
    extensions: Object.entries(extensions).flatMap(([name, options]) => {
      if (!parts[name]) return []
      return typeof options === "object" ? parts[name].configure(options) : parts[name]
    }),
    onCreate: ({ editor }) => queueMicrotask(() => toolbar(editor, element, texts)),
    onUpdate: ({ editor }) => {
      const html = written(editor)
      if (html === kept) return
      kept = textarea.value = html
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  let kept = written(editor)
  label?.addEventListener("click", () => editor.commands.focus())
}

// What comes from a word processor says bold and italic by style, which the content policy keeps from being read:
// said by elements instead, and the rest of its styles left behind.
const MEANT = [
  [/font-weight:\s*(bold|[6-9]00)/, "strong"],
  [/font-style:\s*italic/, "em"],
  [/text-decoration[^;]*:[^;]*line-through/, "s"],
  [/vertical-align:\s*super/, "sup"],
  [/vertical-align:\s*sub/, "sub"],
]

const pasted = (html) => {
  if (!/\sstyle\s*=/i.test(html) || html.includes("data-pm-slice")) return html
  const renamed = html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, " data-style"))
  const { body } = new DOMParser().parseFromString(renamed, "text/html")
  for (const element of body.querySelectorAll("[data-style]")) {
    const style = element.dataset.style.toLowerCase()
    delete element.dataset.style
    if (/^(b|strong)$/i.test(element.tagName) && /font-weight:\s*(normal|[1-5]00)/.test(style)) {
      element.replaceWith(...element.childNodes)
    } else if (element.tagName === "SPAN") {
      for (const [pattern, tag] of MEANT) {
        if (!pattern.test(style)) continue
        const meant = document.createElement(tag)
        meant.append(...element.childNodes)
        element.append(meant)
      }
    }
  }
  return body.innerHTML
}

// A figure cannot be without its image, so what replaces a selected image would leave an empty one behind:
// words go under the figure, and deleting takes all of it.
const figure = ({ state: { selection } }) => {
  const { $from, node } = selection
  return node?.type.name === "image" && $from.parent.type.name === "figure" ? $from : null
}

const leaveImage = (editor) => {
  const end = figure(editor)?.after()
  if (end === undefined) return false
  return editor.chain().insertContentAt(end, { type: "paragraph" }).setTextSelection(end + 1).run()
}

const deleteFigure = (editor) => {
  const place = figure(editor)
  return Boolean(place) && editor.commands.deleteRange({ from: place.before(), to: place.after() })
}

// Without the empty paragraph that stands at the end for the cursor's sake.
const written = (editor) => editor.getHTML().replace(/(<p><\/p>)+$/, "")

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
