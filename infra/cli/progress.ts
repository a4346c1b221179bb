/** On a terminal how many days are lived; elsewhere nothing, for the result follows within minutes. */
export function dayProgress(day: number, days: number): void {
  if (process.stderr.isTTY) process.stderr.write(day === days ? '\r\x1b[K' : `\rday ${day} of ${days}`)
}
