// How many words there are, and how long they take to read: as blog/render counts them.
import { crel } from "django-prose-editor/editor"

const counter = ({ wide, inside, perMinute }) => {
  const [WIDE, WORD] = [new RegExp(`[${wide}]`, "gu"), new RegExp(`[\\p{L}\\p{N}_][\\p{L}\\p{N}_${inside}]*`, "gu")]
  return (text) => {
    const plain = text.replace(/\p{M}/gu, "")
    const wide = plain.match(WIDE)?.length ?? 0
    const words = plain.replace(WIDE, " ").match(WORD)?.length ?? 0
    return { words: words + wide, minutes: Math.max(1, Math.round((words + wide / 2) / perMinute)) }
  }
}

export const counting = (editor, element, texts) => {
  const dom = crel("p", { className: "editor-count" })
  element.append(dom)
  const counted = counter(texts.counting)
  const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined)
  const say = () => {
    const { words, minutes } = counted(editor.getText({ blockSeparator: "\n" }))
    const said = words === 1 ? texts.oneWord : texts.words.replace("%s", numbers.format(words))
    dom.textContent = words ? `${said} · ${texts.minutes.replace("%s", numbers.format(minutes))}` : texts.noWords
  }
  let timer
  editor.on("update", () => {
    clearTimeout(timer)
    timer = setTimeout(say, 300)
  })
  say()
}
