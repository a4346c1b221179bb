import type { DeviceOs } from '#schemas/types.ts'
import { mix } from '../market/identifiers.ts'
import { type Device, devices } from './payment.ts'

/** Share of iPhones among payers; PhonePe counts 2.9 % of its users of 2022, active payers have more. */
const IOS_SHARE = 0.05
const MAC_SHARE = 0.1
const WORD = 2 ** 32
/** Applications are released every two weeks; people are up to ten releases behind. */
const RELEASE_DAYS = 14
const BEHIND = 10
const PER_MAJOR = 12
const versions = new Map<number, string>()

export function deviceOs(tag: number, device: Device): DeviceOs {
  if (device === devices.COMPUTER) return mix(tag, 901) / WORD < MAC_SHARE ? 'MACOS' : 'WINDOWS'
  return device === devices.PHONE && mix(tag, 900) / WORD < IOS_SHARE ? 'IOS' : 'ANDROID'
}

/** Version of the payment application that a customer has on a day. */
export function appVersion(tag: number, day: number): string {
  const release = Math.floor((day + (tag % RELEASE_DAYS)) / RELEASE_DAYS) - (mix(tag, 902) % BEHIND)
  let version = versions.get(release)
  if (version === undefined) {
    version = `${Math.floor(release / PER_MAJOR) - 100}.${release % PER_MAJOR}.0`
    versions.set(release, version)
  }
  return version
}
