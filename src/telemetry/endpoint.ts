/** Whether spans can be sent to such an address. */
export const isEndpoint = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** @param where it was given, such as "--otlp" */
export const noEndpoint = (where: string, text: string): string =>
  `${where} takes the address of an endpoint, such as http://localhost:4318, and not ${text}.`;
