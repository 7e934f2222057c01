// How many words there are, and how long they take to read: as blog/render counts them.
import { crel } from "django-prose-editor/editor"

const WORDS_PER_MINUTE = 230
const WIDE = /[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]/gu

const counted = (text) => {
  const wide = text.match(WIDE)?.length ?? 0
  const words = text.replace(WIDE, " ").match(/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_\u200c'’]*/gu)?.length ?? 0
  return { words: words + wide, minutes: Math.max(1, Math.round((words + wide / 2) / WORDS_PER_MINUTE)) }
}

export const counting = (editor, element, texts) => {
  const dom = crel("p", { className: "editor-count" })
  element.append(dom)
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
