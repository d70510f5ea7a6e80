import { WorkflowAgent } from "../core/workflowAgent";

export interface OrderLine {
  article: string;
  quantity: number;
  unitPrice: number;
}

export interface InvoiceTask {
  order: string;
  lines: OrderLine[];
}

export interface Invoice {
  number: string;
  currency: string;
  net: number;
  tax: number;
  gross: number;
}

const cents = (amount: number) => Math.round(amount * 100) / 100;

/** Turns an order into an invoice. Needs to know the tax rate and the currency of the shop. */
export class InvoiceAgent extends WorkflowAgent<InvoiceTask, Invoice> {
  private issued = 0;

  constructor(
    private readonly taxRate: number,
    private readonly currency: "EUR" | "USD" | "GBP" = "EUR",
  ) {
    super();
    if (!(taxRate >= 0 && taxRate < 1))
      throw new RangeError(`taxRate must lie between 0 and 1, not ${taxRate}`);
  }

  protected validate(task: InvoiceTask): string | undefined {
    if (task.lines.length === 0) return "an invoice needs at least one line";
    return task.lines.some((line) => line.quantity <= 0) ? "every quantity must be positive" : undefined;
  }

  protected perform(task: InvoiceTask): Invoice {
    const net = cents(task.lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0));
    const tax = cents(net * this.taxRate);
    this.issued += 1;
    return {
      number: `${task.order}-${String(this.issued).padStart(3, "0")}`,
      currency: this.currency,
      net,
      tax,
      gross: cents(net + tax),
    };
  }
}
