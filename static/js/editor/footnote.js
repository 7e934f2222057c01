// A footnote: its words are kept where its mark stands, and are numbered when the page is made.
import { mergeAttributes, Node } from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,

  addOptions() {
    return { texts: {} }
  },

  addAttributes() {
    return { words: { default: "", parseHTML: (element) => element.textContent, renderHTML: () => ({}) } }
  },

  parseHTML() {
    return [{ tag: "small.footnote", priority: 60 }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return ["small", mergeAttributes(HTMLAttributes, { class: "footnote" }), node.attrs.words]
  },

  renderText({ node }) {
    return ` (${node.attrs.words})`
  },

  addNodeView() {
    return ({ node, editor }) => {
      const dom = document.createElement("sup")
      dom.className = "footnote-mark"
      const say = ({ words }) => {
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
          const field = { name: "words", label: texts.footnoteWords, type: "textarea" }
          ask(editor, {
            ...texts.buttons,
            title: texts.footnote,
            fields: [{ ...field, value: isThere ? chosen.attrs.words : "" }],
            remove: isThere && texts.remove,
          }).then((answer) => {
            if (!answer) return
            if (answer.removed || !answer.words) {
              if (isThere) editor.commands.deleteSelection()
            } else if (isThere) editor.commands.updateAttributes(this.name, answer)
            else editor.chain().insertContent({ type: this.name, attrs: answer }).run()
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
