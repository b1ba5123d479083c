// <omtanke-quote key="…" country="SE">1–2 working days</omtanke-quote>: the day as the door says it. While no day is said, what the page wrote stands.
(() => {
  const door = new URL(document.currentScript.src).origin
  const KEPT = 'omtanke-quote', EVERY = 60_000
  const SAID = ['service', 'origin', 'language', 'timezone']

  class Quote extends HTMLElement {
    static observedAttributes = ['key', 'items', 'country', 'region', 'postal-code', ...SAID]

    // quote_id for the order: of the day shown last in this tab; '' when none can still be taken.
    static quoteId() {
      try {
        const { id, until } = JSON.parse(sessionStorage.getItem(KEPT))
        return until > Date.now() ? id : ''
      } catch { return '' }
    }

    connectedCallback() {
      document.addEventListener('visibilitychange', this)
      this.soon()
    }

    disconnectedCallback() {
      document.removeEventListener('visibilitychange', this)
      clearTimeout(this.next)
      this.asking?.abort()
    }

    attributeChangedCallback() { if (this.isConnected) this.soon() }

    handleEvent() { if (!document.hidden) this.soon() }

    // Once for all that changes at once.
    soon(after = 0) {
      clearTimeout(this.next)
      this.next = setTimeout(() => document.hidden || this.ask(), after)
    }

    async ask() {
      this.asking?.abort()
      const { signal } = this.asking = new AbortController()
      let said = null
      try {
        const headers = { authorization: 'Basic ' + btoa(this.getAttribute('key') + ':') }
        const answer = await fetch(door + '/api/quotes', { method: 'POST', headers, body: JSON.stringify(this.asked()), signal })
        if (answer.ok) said = await answer.json()
      } catch { /* the door cannot be reached */ }
      if (signal.aborted) return
      this.show(said)
      this.soon(EVERY)
    }

    asked() {
      const get = name => this.getAttribute(name) ?? undefined
      const body = { destination: { country: get('country'), region: get('region'), postal_code: get('postal-code') } }
      for (const name of SAID) body[name] = get(name)
      try { body.items = JSON.parse(get('items') ?? 'null') } catch { body.items = get('items') }
      return body
    }

    show(said) {
      if (!said?.id && (!this.quote || said === null && Date.parse(this.quote.valid_until) > Date.now())) return
      this.wrote ??= { words: this.textContent, lang: this.lang }
      this.quote = said?.id ? said : null
      const words = this.quote?.words ?? this.wrote.words
      if (this.textContent !== words) this.textContent = words
      this.lang = this.quote?.language ?? this.wrote.lang
      try {
        if (this.quote) sessionStorage.setItem(KEPT, JSON.stringify({ id: said.id, until: Date.parse(said.valid_until) }))
        else sessionStorage.removeItem(KEPT)
      } catch { /* the page may keep nothing */ }
      this.dispatchEvent(new CustomEvent(KEPT, { bubbles: true, detail: this.quote }))
    }
  }

  customElements.get(KEPT) ?? customElements.define(KEPT, Quote)
})()
