import { readAdapterMapping, StoreError, type AdapterMapping } from "../runtime/index.ts";
import { UserError } from "../model/userError.ts";

/** What `adapters.json` says of the classes; `folder` is the `.proj-intel` that it stands in. */
export function adapterMapping(folder: string): AdapterMapping {
  try {
    return readAdapterMapping(folder);
  } catch (error) {
    throw error instanceof StoreError ? new UserError(error.message) : error;
  }
}
