import * as z from "zod";

/** Of what waits, the greater goes first. */
export const mostPriority = 1000;
export const Priority = z.int().min(-1000).max(mostPriority);
export const usualPriority = 0;

/** A run does not begin before so many milliseconds have passed. */
export const DelayMs = z.int().min(0);

/** Continues "The priority x …". */
export const priorityRule = "is no whole number from -1000 to 1000";
/** Continues "The delay x …". */
export const delayRule = "is no whole number of milliseconds from 0";
