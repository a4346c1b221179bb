type Compute<Given> = (given: Given) => number
type Fill<Given> = (given: Given, values: Float64Array) => void

/** So many go into one piece of text: of many more the engine compiles only the first into their places. */
const AT_A_TIME = 6

/**
 * Makes what fills the places of `values` from `first` on with what the functions give, in their order. Made as text, each
 * has a call of its own: in a loop over all of them the engine cannot know which one it calls, so that none is compiled
 * into its place and most numbers that they return are made objects. It was a twentieth of what the customer fold did.
 */
export function unrolled<Given>(functions: readonly Compute<Given>[], first = 0): Fill<Given> {
  const fills: Fill<Given>[] = []
  for (let from = 0; from < functions.length; from += AT_A_TIME) {
    fills.push(unrolledPiece(functions.slice(from, from + AT_A_TIME), first + from))
  }
  return (given, values) => {
    for (const fill of fills) fill(given, values)
  }
}

function unrolledPiece<Given>(functions: readonly Compute<Given>[], first: number): Fill<Given> {
  const names = functions.map((_, i) => `f${i}`)
  const calls = names.map((name, i) => `values[${first + i}] = ${name}(given)`)
  const made = new Function(...names, `'use strict'\nreturn (given, values) => {\n${calls.join('\n')}\n}`)
  return made(...functions)
}
