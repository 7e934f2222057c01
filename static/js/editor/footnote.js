// A footnote: its words are kept where its mark stands, and are numbered when the page is made.
import { crel, mergeAttributes, Node } from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"
import { tidied } from "marginalia/kept"

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,

  addOptions() {
    return { texts: {}, attributes: {}, blocks: [], classes: {}, renamed: {} }
  },

  addAttributes() {
    const parseHTML = (element) => tidied(element.innerHTML, this.options).innerHTML.trim()
    return { html: { default: "", parseHTML, rendered: false } }
  },

  parseHTML() {
    const blocks = this.options.blocks.join()
    return [{ tag: "small.footnote", priority: 60, getAttrs: (element) => !element.querySelector(blocks) && null }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const dom = crel("small", mergeAttributes(HTMLAttributes, { className: "footnote" }))
    dom.append(...parsed(node.attrs.html).childNodes)
    return dom
  },

  renderText({ node }) {
    return ` (${parsed(node.attrs.html).textContent})`
  },

  addNodeView() {
    return ({ node, editor }) => {
      const dom = document.createElement("sup")
      dom.className = "footnote-mark"
      const say = ({ html }) => {
        const words = parsed(html).textContent
        dom.title = words
        dom.setAttribute("aria-label", `${this.options.texts.footnote}: ${words}`)
        dom.setAttribute("role", "img")
      }
      say(node.attrs)
      dom.addEventListener("dblclick", () => editor.commands.editFootnote())
      return { dom, update: (other) => other.type === node.type && (say(other.attrs), true) }
    }
  },

  addCommands() {
    return {
      editFootnote:
        () =>
        ({ editor }) => {
          const { texts } = this.options
          const chosen = editor.state.selection.node
          const isThere = chosen?.type.name === this.name
          const html = isThere ? chosen.attrs.html : ""
          const isMarkedUp = parsed(html).childElementCount > 0
          const field = { name: "words", label: texts.footnoteWords, type: "textarea" }
          const value = isMarkedUp ? html : parsed(html).textContent
          ask(editor, {
            ...texts.buttons,
            title: texts.footnote,
            fields: [{ ...field, value, help: isMarkedUp ? texts.footnoteMarkup : texts.footnoteHelp }],
            remove: isThere && texts.remove,
          }).then((answer) => {
            if (!answer) return
            const attrs = { html: isMarkedUp ? answer.words : crel("p", { textContent: answer.words }).innerHTML }
            if (answer.removed || !answer.words) {
              if (isThere) editor.commands.deleteSelection()
            } else if (isThere) editor.commands.updateAttributes(this.name, attrs)
            else editor.chain().insertContent({ type: this.name, attrs }).run()
          })
          return true
        },
    }
  },

  addKeyboardShortcuts() {
    const isChosen = () => this.editor.state.selection.node?.type.name === this.name
    return {
      "Mod-Alt-f": () => this.editor.commands.editFootnote(),
      Enter: () => isChosen() && this.editor.commands.editFootnote(),
    }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "footnote",
      groups: "inserts",
      button: buttons.text("a¹", "Footnote"),
      active: (editor) => editor.isActive("footnote"),
      command: (editor) => editor.commands.editFootnote(),
    })
  },
})
