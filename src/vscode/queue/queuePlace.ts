import { UserError } from "../../model/userError.ts";
import { queueAddress, tellsPassword, type QueueAddress } from "../../queue/address.ts";
import { Settings } from "../contributions.ts";

/** As the palette shows it. */
const SET_PASSWORD = "Agents: Set Password of the Queue…";

/** The queue that settings name, without its password. Throws a UserError where they name none, or tell a password. */
export function queuePlace(givenUrl: unknown, givenName: unknown): QueueAddress {
  const url = asText(givenUrl);
  if (url === "")
    throw new UserError(
      `No queue is named: the setting ${Settings.queueUrl} takes its address, such as redis://localhost:6379.`,
    );
  const address = queueAddress(url, asText(givenName));
  if (tellsPassword(url))
    throw new UserError(
      `The address in ${Settings.queueUrl} has a password in it, which others can see: take it out, and give it by “${SET_PASSWORD}”.`,
    );
  return address;
}

export function withPassword(address: QueueAddress, password: string): QueueAddress {
  if (password === "") return address;
  const url = new URL(address.url);
  url.password = encodeURIComponent(password);
  return { ...address, url: url.href };
}

export const PASSWORD_KEYS = "queuePassword|";

/** Whom a password is kept for: nobody else is given it, be it another host, user or kind of connection. */
export const passwordKey = ({ url }: QueueAddress): string => PASSWORD_KEYS + new URL(url).href;

/** What to do where a server lets nobody in, as a further sentence; "" where it is for another reason. */
export const passwordAdvice = (message: string): string =>
  /\b(NOAUTH|WRONGPASS|password|authentication)\b/i.test(message)
    ? ` “${SET_PASSWORD}” takes its password.`
    : "";

const asText = (given: unknown): string => (typeof given === "string" ? given.trim() : JSON.stringify(given));
