import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { follow } from '#infra/cli/topic-access.ts'
import type { Control } from '#schemas/types.ts'
import { Child, connectedTo, PATIENCE } from '../helpers/child.ts'
import { LivePage } from '../helpers/live-page.ts'
import { sharedStack, uniquePrefix } from '../helpers/stack.ts'
import { describeOnStackWith } from '../helpers/tools.ts'

/** Where to put a picture of the page, if one is asked for: then the world is that of a default run. */
const picture = process.env.PAGE_PICTURE

const folder = mkdtempSync(join(tmpdir(), 'rupeestream-page-'))
const topicPrefix = uniquePrefix()
const scenarioFile = join(folder, 'scenario.yaml')
/** No takeovers but those that are asked for. */
const small = {
  population: { customers: 300 },
  clock: { history: '4d' },
  pace: { speed: 1_200 },
  fraud: { rate: 0.05, mix: { VELOCITY_ABUSE: 1, CARD_TESTING: 1 } },
}
writeFileSync(scenarioFile, stringify({ topicPrefix, ...(picture === undefined ? small : {}) }))

let run: Child
let live: LivePage
let page: Page
const commands: Control[] = []
const stopFollowing = new AbortController()

const text = (selector: string): Promise<string> => live.text(selector)
const shows = (selector: string, expected: RegExp): Promise<void> => live.shows(selector, expected)

async function set(field: string, value: string): Promise<void> {
  await page.locator(`#${field}`).fill(value)
  await page.locator(`#${field}`).press('Enter')
}

/** Waits for the answer to the last button, and for its record on `control`. */
async function commanded(words: RegExp, record: Partial<Control>): Promise<void> {
  await shows('.answer', words)
  await expect.poll(() => commands.at(-1), PATIENCE).toMatchObject(record)
}

describeOnStackWith('the live page', ['chromium'], () => {
  beforeAll(async () => {
    const { connection } = sharedStack()
    const own = ['--scenario', scenarioFile, '--data-dir', join(folder, 'data'), '--json']
    run = new Child('infra/cli/main.ts', ['start', ...own], connectedTo(connection))
    live = await LivePage.open(run)
    page = live.page
    const records = await follow(connection, { topicPrefix }, 'control', true, stopFollowing.signal)
    void (async () => {
      for await (const { value } of records) if (value) commands.push(value as Control)
    })()
  })
  afterAll(async () => {
    stopFollowing.abort()
    await live?.close()
    await Child.endAll()
    rmSync(folder, { recursive: true, force: true })
  })

  test('shows payments as they flow, and the simulated clock', async () => {
    await shows('#state', /^live$/)
    const before = await text('#clock')
    expect(before).toMatch(/^\w{3},? \d+ Oct 2025, \d\d:\d\d IST$/)
    await expect.poll(() => text('#clock'), PATIENCE).not.toBe(before)
    expect(await text('#pace')).toMatch(/^x\d+$/)
    await shows('#stream', /₹[\d,.]+/)
    const [first] = await page.locator('#stream tr').allTextContents()
    await expect.poll(() => page.locator('#stream tr').first().textContent(), PATIENCE).not.toBe(first)
    await expect.poll(() => text('.tile:first-child dd:not(.note)'), PATIENCE).toMatch(/^[1-9]/)
    const radius = (city: string) => page.locator(`[data-city="${city}"] .dot`).getAttribute('r')
    await expect.poll(async () => Number(await radius('Delhi')), PATIENCE).toBeGreaterThan(1)
    expect(await page.locator('#waves canvas').count()).toBe(3)
  })

  test('tells of the newest alert who, what and why, and whether the truth agrees', async () => {
    await page.locator('article.card').waitFor()
    const card = page.locator('article.card')
    expect(await card.locator('h3').textContent()).toMatch(/^[A-Z].{10}/)
    expect(await card.locator('.who').textContent()).toMatch(/^CUST\d{7} · ₹[\d,.]+ by .+ in \w+$/)
    expect(await card.locator('.reasons li').count()).toBeGreaterThan(0)
    await shows('.verdict', /The truth (agrees|disagrees): /)
    expect(await text('#spoken')).toMatch(/^Alert, /)
    await shows('#campaigns', /alert at once|no alert yet|alert after/i)
  })

  test('changes speed and rate, pauses and goes on', async () => {
    await set('speed', '3000')
    await commanded(/producer: speed 3000/, { target: 'PRODUCER', command: 'SPEED', number: 3_000 })
    await shows('#pace', /^x3000$/)
    await set('speed', '0')
    await shows('.answer', /✕ speed: expected 1 or more, came 0/)
    await page.locator('#pause').click()
    await commanded(/producer: pause/, { command: 'PAUSE', text: 'SPEED', number: 3_000 })
    await shows('#state', /^paused$/)
    await shows('#pause', /^Resume$/)
    await page.locator('#pause').click()
    await commanded(/producer: resume speed 3000/, { command: 'RESUME', text: 'SPEED', number: 3_000 })
    await shows('#state', /^live$/)
    await set('rate', '40')
    await commanded(/producer: rate 40/, { command: 'RATE', number: 40 })
    await shows('#pace', /^40\/s$/)
  })

  test('starts a SIM swap by keyboard, which is seen in the truth', async () => {
    await page.locator('#sim-swap').focus()
    await page.keyboard.press('Enter')
    const record = { target: 'FRAUD_INJECTOR', command: 'START_CAMPAIGN', text: 'ACCOUNT_TAKEOVER/SIM_SWAP' } as const
    await commanded(/fraud: ACCOUNT_TAKEOVER\/SIM_SWAP with the next payment/, record)
    await set('speed', '3000')
    await shows('#campaigns', /account takeover \(SIM swap\)/)
  })

  test('turns the fraud rate, and takes all back', async () => {
    await set('fraud-rate', '200')
    await shows('.answer', /✕ rate: /)
    await set('fraud-rate', '20')
    await commanded(/fraud: \{"rate":0.2\}/, { command: 'SETTINGS', text: '{"rate":0.2}' })
    await shows('#tiles', /asked for: 20 %/)
    await page.locator('#clear').click()
    await shows('.answer', /producer: clear; fraud: as the scenario has it/)
    await shows('#pace', picture === undefined ? /^x1200$/ : /^x600$/)
  })

  test('can only be looked at without the token, which is kept out of sight', async () => {
    const { browser, base } = live
    expect(page.url()).toBe(base)
    const guest = await (
      await browser.context({ colorScheme: 'dark', viewport: { width: 390, height: 844 } })
    ).newPage()
    await guest.goto(base)
    await guest.locator('.read-only').waitFor()
    expect(await guest.locator('button').count()).toBe(0)
    expect(await guest.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await guest.locator('article.card').waitFor()
    const given = commands.length
    const post = (headers: Record<string, string>) => fetch(`${base}api/control/pause`, { method: 'POST', headers })
    expect((await post({})).status).toBe(401)
    expect((await post({ authorization: 'Bearer none-of-your-business' })).status).toBe(401)
    expect(commands).toHaveLength(given)
  })

  test.runIf(picture !== undefined)('has its picture taken', { timeout: 600_000 }, async () => {
    await delay(45_000)
    await set('fraud-rate', '12')
    await delay(20_000)
    await page.locator('#clear').click()
    await delay(45_000)
    await page.screenshot({ path: picture! })
  })

  test('asks nobody else for anything, and complains of nothing', async () => {
    const { browser, base } = live
    expect([...browser.hosts]).toEqual([new URL(base).host])
    // Chromium complains of the two commands above that were wrong.
    const refused = expect.stringContaining('status of 400')
    expect(browser.complaints).toEqual([refused, refused])
    expect(run.errors.filter((line) => line.startsWith('Live page'))).toHaveLength(1)
    expect(await text('.answer')).not.toContain('✕')
  })
})
