// What the editor has no part for is shown as it is, and stays as it is: it can be chosen, deleted, and its HTML changed.
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"
import { renamed, unread } from "marginalia/paste"
import { captionsOutside } from "marginalia/table"

const SIGN = "data-kept"
const SIGNED = new RegExp(`(<[a-z][a-z0-9]*(?: [^"<>]*="[^"]*")*) ${SIGN}=""`, "g")
const UNSEEN = "script, style, template, title, iframe, noembed, noframes, svg, math"
// They cannot stand alone.
const PARTS = "li, dt, dd, caption, thead, tbody, tfoot, tr, th, td, figcaption, summary"

export const Kept = parts.Node.create({
  name: "kept",
  group: "block",
  atom: true,
  draggable: true,

  addOptions() {
    return { texts: {}, attributes: {}, classes: {}, renamed: {}, blocks: [] }
  },

  addStorage() {
    return { rules: this.options }
  },

  onBeforeCreate() {
    this.editor.options.content = opened(this.editor, this.editor.options.content)
  },

  addAttributes() {
    const parseHTML = (element) => {
      const { firstElementChild: kept } = tidied(element.outerHTML, this.options)
      kept.removeAttribute(SIGN)
      return kept.outerHTML
    }
    return { html: { default: "", parseHTML, rendered: false } }
  },

  parseHTML() {
    return [{ tag: `:is(${Object.keys(this.options.attributes)}):not(${PARTS})[${SIGN}]`, priority: 100 }]
  },

  renderHTML({ node }) {
    const [dom] = elements(node.attrs.html)
    dom.setAttribute(SIGN, "")
    return dom
  },

  renderText({ node }) {
    const [dom] = elements(node.attrs.html)
    for (const block of dom.querySelectorAll(this.options.blocks.join())) block.append("\n")
    return dom.textContent
  },

  addNodeView() {
    return ({ node, editor }) => {
      const dom = parts.crel("div", { className: "kept", title: this.options.texts.kept }, elements(node.attrs.html))
      for (const details of dom.querySelectorAll("details")) details.open = true
      dom.addEventListener("dblclick", () => editor.commands.editKept())
      return { dom }
    }
  },

  addCommands() {
    return {
      editKept:
        () =>
        ({ editor }) => {
          const { texts } = this.options
          const { node, from, to } = editor.state.selection
          ask(editor, {
            ...texts.buttons,
            title: texts.keptHtml,
            fields: [{ name: "html", label: texts.keptHtml, type: "textarea", rows: 12, value: node.attrs.html }],
            remove: texts.remove,
          }).then((answer) => {
            if (answer?.removed || answer?.html === "") editor.commands.deleteRange({ from, to })
            else if (answer) editor.commands.insertContentAt({ from, to }, opened(editor, answer.html))
          })
          return true
        },
    }
  },

  addKeyboardShortcuts() {
    const isChosen = () => this.editor.state.selection.node?.type.name === this.name
    return { Enter: () => isChosen() && this.editor.commands.editKept() }
  },
})

const elements = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes]

/** The HTML of the text, without the empty paragraph that stands at its end for the cursor's sake. */
export const written = (editor) => editor.getHTML().replace(SIGNED, "$1").replace(/(<p><\/p>)+$/, "")

/** HTML for the editor, in which each block that it would not give back as it was is to be kept. */
export const opened = (editor, html) => {
  const { rules } = editor.storage.kept
  const body = tidied(captionsOutside(unread(html)), rules)
  const survives = (element) => {
    const doc = parts.createNodeFromContent(element.outerHTML, editor.schema, { slice: false })
    const given = tidied(parts.getHTMLFromFragment(doc.content, editor.schema), rules)
    return outline(given, rules) === outline(tidied(element.outerHTML, rules), rules)
  }
  const blocks = rules.blocks.join()
  const settle = (element) => {
    const isWhole = !element.matches(PARTS) && (element.matches(blocks) || element.querySelector(blocks))
    if (isWhole && survives(element)) return
    for (const child of element.children) settle(child)
    if (isWhole && !survives(element)) element.setAttribute(SIGN, "")
  }
  for (const child of body.children) settle(child)
  return body.innerHTML
}

/** Only what the site takes (blog/sanitize.py has the last word), and a space for each line end that is none. */
export const tidied = (html, rules) => {
  const { body } = new DOMParser().parseFromString(html, "text/html")
  for (const element of body.querySelectorAll(UNSEEN)) element.remove()
  for (const found of body.querySelectorAll("*")) {
    const other = rules.renamed[found.localName]
    const element = other ? renamed(found, other) : found
    const isTaken = taker(rules, element.localName)
    if (!isTaken) element.replaceWith(...element.childNodes)
    else if (element.matches("pre br")) element.replaceWith("\n")
    else {
      for (const attribute of [...element.attributes]) if (!isTaken(attribute)) element.removeAttributeNode(attribute)
      if (signature(element) === "span") element.replaceWith(...element.childNodes)
    }
  }
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { currentNode: text } = texts
    if (!text.parentElement.closest("pre")) text.data = text.data.replace(/[ \t\n]+/g, " ")
  }
  return body
}

const taker = ({ attributes, classes }, tag) =>
  attributes[tag] &&
  (({ name, value }) => {
    if (name === "class") return Boolean(classes[tag]) && new RegExp(`^(${classes[tag]})$`).test(value)
    return attributes[tag].includes(name) || name === SIGN
  })

/** What stands in some HTML, line by line, each part with the elements around it; but for those that add nothing. */
const outline = (root, { blocks }) => {
  const said = []
  let last = {}
  const say = (words, line, path) => {
    if (line !== last.line) said.push("\n")
    if (line !== last.line || path !== last.path) said.push(`{${path}}`)
    said.push(words)
    last = { line, path }
  }
  const walk = (parent, line, outer, inner) => {
    const path = `${outer.join(" > ")} | ${inner.toSorted().join(" ")}`
    for (const child of parent.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const words = line.closest("pre") ? child.data : child.data.replace(/\s+/g, "")
        if (words) say(words, line, path)
      } else if (child.matches("br, img, hr")) say(signature(child), child.matches("hr") ? child : line, path)
      else if (!blocks.includes(child.localName)) walk(child, line, outer, [...inner, signature(child)])
      else {
        const path = addsNothing(child) ? outer : [...outer, signature(child)]
        if (isEmpty(child)) say("", child, path.join(" > "))
        else walk(child, child, path, inner)
      }
    }
  }
  walk(root, root, [], [])
  return said.join("")
}

const signature = ({ localName, attributes }) => {
  const given = [...attributes].filter(({ name, value }) => !(name === SIGN || (/^(start|colspan|rowspan)$/.test(name) && value === "1")))
  return `${localName}${given.map(({ name, value }) => ` ${name}=${value}`).sort().join("")}`
}

// The page makes a table's head of a first row of headings.
const addsNothing = (element) =>
  signature(element) === element.localName &&
  (element.matches("p, tbody") || (element.matches("thead:first-child") && element.rows.length === 1 && !element.querySelector("td")))

const isEmpty = (element) => element.matches("td, th, figcaption") && !element.textContent.trim() && !element.querySelector("img, hr, br")
