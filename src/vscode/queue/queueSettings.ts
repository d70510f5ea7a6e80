import { USUAL_QUEUE, type QueueAddress } from "../../queue/address.ts";
import { Settings } from "../contributions.ts";
import { ofUser } from "../ofUser.ts";
import { queuePlace } from "./queuePlace.ts";

/** Whether runs execute where the workers of a queue are. */
export const isQueueUsed = (): boolean => ofUser<unknown>(Settings.engine, "local") === "queue";

/** The queue that the user named, without its password. Throws a UserError where that is none. */
export const namedQueue = (): QueueAddress =>
  queuePlace(ofUser<unknown>(Settings.queueUrl, ""), ofUser<unknown>(Settings.queueName, USUAL_QUEUE));
