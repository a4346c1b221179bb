/** A place on the map, 0 to 100 each way. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The corner of the earth that is shown, degrees: all cities, with room for their names. */
const LON_MIN = 68.5
const LAT_MAX = 32.3
/** In the middle of which a degree of longitude is this much shorter than one of latitude. */
const NARROWING = Math.cos((20.5 * Math.PI) / 180)
/** Units of the map a degree of latitude. */
const SCALE = 4.15

/** Equirectangular: straight meridians and parallels, true to scale along the middle one. */
export const project = (lat: number, lon: number): Point => ({
  x: (lon - LON_MIN) * NARROWING * SCALE,
  y: (LAT_MAX - lat) * SCALE,
})

/** Radius of a disc whose area stands for a count, at the most `radiusMax` for the greatest. */
export const radiusOf = (count: number, greatest: number, radiusMax: number): number =>
  greatest <= 0 ? 0 : radiusMax * Math.sqrt(count / greatest)
