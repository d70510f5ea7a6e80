const id = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";

/** The id of a checkpoint (UUIDv7). */
export const idShape = new RegExp(`^${id}$`);

/** The name of a checkpoint's file; its group is the id. */
export const fileName = new RegExp(`^(${id})\\.json$`);
