// Something that plays elsewhere: kept as a link in a box of its own. The page shows a card that asks first.
import { mergeAttributes, Node } from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"

const address = (text) => {
  try {
    const url = new URL(text)
    return /^https?:$/.test(url.protocol) ? url : null
  } catch {
    return null
  }
}

/** The address that a text consists of, if it is one of a known player's. */
export const player = (text, hosts) => {
  const url = /^\S+$/.test(text) && address(text)
  return url && hosts.includes(url.hostname.replace(/^(www|m)\./, "")) ? url.href : null
}

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,

  addOptions() {
    return { texts: {} }
  },

  addAttributes() {
    const from = (read) => ({ default: "", parseHTML: (element) => read(element.querySelector("a")), renderHTML: () => ({}) })
    return { href: from((link) => link?.getAttribute("href") ?? ""), words: from((link) => link?.textContent ?? "") }
  },

  parseHTML() {
    return [{ tag: "div.embed", priority: 60 }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const { href, words } = node.attrs
    return ["div", mergeAttributes(HTMLAttributes, { class: "embed" }), ["a", { href }, words || href]]
  },

  renderText({ node }) {
    return node.attrs.words || node.attrs.href
  },

  addNodeView() {
    return ({ node, editor }) => {
      const dom = document.createElement("div")
      dom.className = "embed-card"
      const say = ({ href, words }) => {
        const host = address(href)?.hostname ?? ""
        dom.replaceChildren(Object.assign(document.createElement("b"), { textContent: words || href, dir: "auto" }), ` ${host}`)
      }
      say(node.attrs)
      dom.addEventListener("dblclick", () => editor.commands.editEmbed())
      return { dom, update: (other) => other.type === node.type && (say(other.attrs), true) }
    }
  },

  addCommands() {
    return {
      editEmbed:
        () =>
        ({ editor }) => {
          const { texts } = this.options
          const chosen = editor.state.selection.node
          const isThere = chosen?.type.name === this.name
          const { href = "", words = "" } = isThere ? chosen.attrs : {}
          ask(editor, {
            ...texts.buttons,
            title: texts.embed,
            fields: [
              { name: "href", label: texts.address, type: "url", value: href, required: true, help: texts.embedHelp },
              { name: "words", label: texts.embedWords, value: words },
            ],
            remove: isThere && texts.remove,
          }).then((answer) => {
            if (!answer) return
            if (answer.removed) editor.commands.deleteSelection()
            else if (isThere) editor.commands.updateAttributes(this.name, answer)
            else editor.chain().insertContent({ type: this.name, attrs: answer }).run()
          })
          return true
        },
    }
  },

  addKeyboardShortcuts() {
    const isChosen = () => this.editor.state.selection.node?.type.name === this.name
    return { Enter: () => isChosen() && this.editor.commands.editEmbed() }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "embed",
      groups: "inserts",
      button: buttons.material("play_circle", "Player"),
      active: (editor) => editor.isActive("embed"),
      command: (editor) => editor.commands.editEmbed(),
    })
  },
})
