/**
 * @typedef {object} Complaint
 * @property {string} customer
 * @property {string} text
 * @property {number} [openForHours]
 */

/** Decides who has to look at a complaint. Written before the TypeScript days. */
export class EscalationAgent {
  /** @param {{ managerAfterHours?: number }} [options] */
  constructor({ managerAfterHours = 24 } = {}) {
    this.managerAfterHours = managerAfterHours
    /** @type {Complaint[]} */
    this.handled = []
  }

  /**
   * @param {Complaint} complaint
   * @returns {Promise<{ level: 'agent' | 'manager' | 'legal', complaint: Complaint }>}
   */
  async handle(complaint) {
    this.handled.push(complaint)
    const { openForHours = 0, text } = complaint
    if (/lawyer|court|sue/i.test(text)) return { level: 'legal', complaint }
    return { level: openForHours >= this.managerAfterHours ? 'manager' : 'agent', complaint }
  }
}
