import { UserError } from "../../model/userError.ts";
import { isEndpoint, noEndpoint } from "../../telemetry/endpoint.ts";
import { Settings } from "../contributions.ts";
import { ofUser } from "../ofUser.ts";

/** Where the user wants spans to go; null for nowhere. Throws a UserError where that is no address. */
export function telemetryEndpoint(): string | null {
  const given = ofUser<unknown>(Settings.telemetryEndpoint, "");
  const endpoint = typeof given === "string" ? given.trim() : JSON.stringify(given);
  if (endpoint === "") return null;
  if (!isEndpoint(endpoint)) throw new UserError(noEndpoint(Settings.telemetryEndpoint, endpoint));
  return endpoint;
}

export const tellsContent = (): boolean => ofUser(Settings.telemetryContent, false);
