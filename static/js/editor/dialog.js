// A question with labelled fields, which the keyboard can answer; the editor has the cursor again afterwards.
import { crel } from "django-prose-editor/editor"

let dialogs = 0

const input = (field, id) => {
  const { name, value = "", type = "text", options, required, attributes = {} } = field
  if (type === "textarea") return crel("textarea", { id, name, value, rows: field.rows ?? 4, dir: "auto" })
  if (type === "checkbox") return crel("input", { id, name, type, checked: Boolean(value) })
  if (type === "select") {
    const select = crel("select", { id, name }, options.map(([key, words]) => new Option(words, key)))
    select.value = value
    return select
  }
  const element = crel("input", { id, name, type, value, required: Boolean(required), dir: "auto" })
  for (const [key, word] of Object.entries(attributes)) element.setAttribute(key, word)
  return element
}

const row = (field, prefix) => {
  const id = `${prefix}-${field.name}`
  const label = crel("label", { htmlFor: id, textContent: field.label })
  const element = input(field, id)
  const parts = field.type === "checkbox" ? [element, label] : [label, element]
  if (field.help) {
    const help = crel("p", { id: `${id}-help`, className: "editor-help", textContent: field.help })
    element.setAttribute("aria-describedby", help.id)
    parts.push(help)
  }
  field.made?.(element, parts)
  return crel("div", { className: `editor-field${field.type === "checkbox" ? " editor-tick" : ""}` }, parts)
}

/** What was answered, by the fields' names; null if nothing was. `remove` gives a third button: {removed: true}. */
export const ask = (editor, { title, fields, submit, cancel, remove }) =>
  new Promise((resolve) => {
    const prefix = `editor-dialog-${++dialogs}`
    const heading = crel("h2", { id: prefix, textContent: title })
    const ok = crel("button", { type: "submit", className: "default", textContent: submit })
    const no = crel("button", { type: "button", textContent: cancel })
    const gone = remove ? crel("button", { type: "button", className: "editor-remove", textContent: remove }) : null
    const buttons = crel("div", { className: "editor-buttons" }, [ok, no, ...(gone ? [gone] : [])])
    const form = crel("form", { method: "dialog", noValidate: false }, [
      heading,
      ...fields.map((field) => row(field, prefix)),
      buttons,
    ])
    const dialog = crel("dialog", { className: "editor-dialog", "aria-labelledby": prefix }, [form])
    let answer = null

    form.addEventListener("submit", () => {
      answer = Object.fromEntries(
        fields.map(({ name, type }) => {
          const element = form.elements.namedItem(name)
          return [name, type === "checkbox" ? element.checked : element.value.trim()]
        }),
      )
    })
    no.addEventListener("click", () => dialog.close())
    gone?.addEventListener("click", () => {
      answer = { removed: true }
      dialog.close()
    })
    dialog.addEventListener("close", () => {
      dialog.remove()
      editor.commands.focus()
      resolve(answer)
    })
    // Outside of the page's own form, so that its fields are none of the post's.
    document.body.append(dialog)
    dialog.showModal()
  })
