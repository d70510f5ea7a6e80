'use strict'

const { randomUUID } = require('node:crypto')

/** @typedef {{ order: string, amount: number, reason?: string }} RefundRequest */

/** Approves small refunds by itself. The accounting service still loads this with require(). */
class RefundAgent {
  /** @param {number} [limit] in euros */
  constructor(limit = 100) {
    this.limit = limit
    /** @type {Map<string, RefundRequest>} */
    this.waiting = new Map()
  }

  /** @param {RefundRequest} request */
  process(request) {
    if (!(request.amount > 0)) throw new TypeError('A refund needs a positive amount')
    const id = randomUUID()
    const approved = request.amount <= this.limit
    if (!approved) this.waiting.set(id, request)
    return { id, approved, amount: request.amount }
  }
}

module.exports = { RefundAgent }
