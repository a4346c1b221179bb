import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { type TopicName, topicNames } from '#schemas/topics.ts'
import { closest } from '#services/spelling.ts'

/** Parsers of option values. Each throws commander's error with what was expected; commander adds the option's name. */
export function parseNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.')
  return value
}

export function parseWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

export function parsePositive(text: string): number {
  const value = parseWhole(text)
  if (value === 0) throw new InvalidArgumentError('Expected 1 or more.')
  return value
}

export function parsePort(text: string): number {
  const port = parseWhole(text)
  if (port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.')
  return port
}

/** A file to be written at the end of something long: what would then go wrong is said before. */
export function parseOutputFile(path: string): string {
  const existing = statSync(path, { throwIfNoEntry: false })
  if (existing?.isDirectory()) throw new InvalidArgumentError('Expected a file, came a folder.')
  const touched = existing === undefined ? dirname(path) : path
  try {
    accessSync(touched, constants.W_OK)
  } catch (error) {
    throw new InvalidArgumentError(`Expected a file that can be written: ${(error as Error).message}.`)
  }
  return path
}

/** As in a scenario, whose schema knows which shapes there are. */
export interface RateShape {
  readonly shape: string
  readonly low: number
  readonly high: number
  readonly period: string
}

/** '500', or a course such as 'wave:100..1000/60s'. */
export function parseRate(text: string): number | RateShape {
  if (/^-?[\d.]+$/.test(text)) return parseNumber(text)
  const parts = /^([a-z]+):(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)\/(\w[\w.]*)$/.exec(text)
  if (parts === null) {
    throw new InvalidArgumentError(
      'Expected a number, or SHAPE:LOW..HIGH/PERIOD such as wave:100..1000/60s (shapes: ramp, steps, spike, wave, day).',
    )
  }
  const [, shape, low, high, period] = parts as unknown as [string, string, string, string, string]
  return { shape, low: Number(low), high: Number(high), period }
}

/** A share, or the name of a preset, which the scenario's schema knows. */
export const parseFraudRate = (text: string): number | string => (/^[\d.]/.test(text) ? parseNumber(text) : text)

export function parseTopic(text: string): TopicName {
  const topic = topicNames.find((name) => name === text)
  if (topic !== undefined) return topic
  const meant = closest(text, topicNames)
  throw new InvalidArgumentError(
    `There is no topic ${text}.${meant ? ` Did you mean ${meant}?` : ''} Topics: ${topicNames.join(', ')}.`,
  )
}

/** Makes commander's error of a parser that throws plain ones. */
export const orInvalid =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text)
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message}.`)
    }
  }
