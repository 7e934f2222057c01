// Many files for the library: each is sent by itself, two at a time, so that one that is refused stops no other.
"use strict"

const AT_ONCE = 2

addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".drop")
  if (!form) return
  const texts = JSON.parse(document.querySelector("#drop-texts").textContent)
  const input = form.querySelector("[type=file]")
  const list = form.querySelector(".drop-files")
  const bar = form.querySelector(".drop-all")
  const said = form.querySelector(".drop-said")
  const on = form.querySelector(".drop-on")
  const waiting = []
  const count = { all: 0, sending: 0, done: 0, made: 0, known: 0, refused: 0 }

  const add = (files) => {
    waiting.push(...files)
    count.all += files.length
    form.querySelector(".drop-state").hidden = list.hidden = false
    on.hidden = true
    next()
  }

  const next = () => {
    while (count.sending < AT_ONCE && waiting.length) send(waiting.shift())
    tell()
    if (!count.sending && !waiting.length) end()
  }

  const send = (file) => {
    const row = document.createElement("li")
    const name = document.createElement("bdi")
    name.textContent = file.name
    const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 })
    progress.setAttribute("aria-label", file.name)
    row.append(name, progress)
    list.append(row)
    if (file.size > Number(form.dataset.most)) return finish(row, file, { error: texts.large })

    count.sending += 1
    const data = new FormData()
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
    data.append("upload", file)
    const request = new XMLHttpRequest()
    request.open("POST", form.dataset.upload)
    request.responseType = "json"
    request.upload.onprogress = ({ loaded, total }) => {
      // What has been sent has yet to be looked at: until then the bar only moves.
      if (loaded < total) progress.value = loaded / total
      else progress.removeAttribute("value")
    }
    request.onloadend = () => {
      count.sending -= 1
      const { status, response } = request
      const isOurs = response && (response.error || response.id)
      finish(row, file, isOurs ? response : { error: status ? texts.barred : texts.lost, again: true })
      next()
    }
    request.send(data)
  }

  const finish = (row, file, { error, again, known }) => {
    count.done += 1
    if (!error) {
      count[known ? "known" : "made"] += 1
      return row.remove()
    }
    count.refused += 1
    const why = Object.assign(document.createElement("p"), { className: "why", textContent: error })
    row.querySelector("progress").replaceWith(why)
    if (!again) return
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: texts.again })
    button.addEventListener("click", () => {
      row.remove()
      count.refused -= 1
      count.done -= 1
      count.all -= 1
      input.focus()
      add([file])
    })
    why.append(" ", button)
  }

  const tell = () => {
    bar.max = count.all
    bar.value = count.done
    const results = ["made", "known", "refused"].filter((kind) => count[kind])
    const isEnd = count.done === count.all
    const progress = texts.progress.replace("{done}", count.done).replace("{all}", count.all)
    bar.hidden = isEnd
    said.textContent = isEnd ? results.map((kind) => texts[kind].replace("{count}", count[kind])).join(" ") : progress
  }

  const end = () => {
    list.hidden = !list.children.length
    // Where nothing has to be read first, their words are asked for at once.
    if (count.made && !count.refused) location.assign(form.dataset.words)
    else if (count.made) {
      on.hidden = false
      on.querySelector("a").focus()
    }
  }

  form.querySelector("[type=submit]").hidden = true
  form.addEventListener("submit", (event) => event.preventDefault())
  input.addEventListener("change", () => {
    add([...input.files])
    input.value = ""
  })
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return
    event.preventDefault()
    form.classList.add("over")
  })
  form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || form.classList.remove("over"))
  form.addEventListener("drop", (event) => {
    form.classList.remove("over")
    if (!event.dataTransfer.files.length) return
    event.preventDefault()
    add([...event.dataTransfer.files])
  })
  addEventListener("beforeunload", (event) => {
    if (count.sending || waiting.length) event.preventDefault()
  })
})
