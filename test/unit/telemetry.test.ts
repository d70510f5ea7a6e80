import { expect, it } from "vitest";
import { isEndpoint } from "../../src/telemetry/endpoint.ts";
import { parseHeaders } from "../../src/telemetry/headerList.ts";

it("Headers are read as OTEL_EXPORTER_OTLP_HEADERS has them, and refused where none could send them", () => {
  expect(parseHeaders("authorization=Bearer%20a=b, x-shop = lamps,")).toEqual({
    ...{ authorization: "Bearer a=b", "x-shop": "lamps" },
  });
  expect(parseHeaders("")).toEqual({});
  for (const text of ["swordfish", "x-key=", "=a", "x key=a", "x-key=a%0D%0Ax-other=b", "x-key=%"])
    expect(parseHeaders(text), text).toBeNull();
});

it("An endpoint is an address of the web", () => {
  expect(["http://localhost:4318", "https://a.b/v1/traces"].every(isEndpoint)).toBe(true);
  expect(["", "nowhere", "localhost:4318", "file:///etc", "http://"].filter(isEndpoint)).toEqual([]);
});
