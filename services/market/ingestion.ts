import type { Random } from '../random.ts'

const FIRST_MS = 40
const MEAN_BEYOND_MS = 60

/** Milliseconds from a payment to the moment the payment system has seen it. Takes one draw. */
export const ingestDelayMs = (random: Random): number => FIRST_MS + Math.floor(MEAN_BEYOND_MS * random.exponential())
