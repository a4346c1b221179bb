import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { TestBrowser } from './browser.ts'
import { type Child, PATIENCE } from './child.ts'

/** The live page of a run, as somebody sees it who was given the address with the token. */
export class LivePage {
  readonly browser: TestBrowser
  readonly page: Page
  /** The address without the token. */
  readonly base: string

  private constructor(browser: TestBrowser, page: Page, base: string) {
    this.browser = browser
    this.page = page
    this.base = base
  }

  /** Opens the address that the run prints. */
  static async open(run: Child): Promise<LivePage> {
    const line = () => run.errors.find((one) => one.startsWith('Live page'))
    await run.until('the page is served', () => line() !== undefined)
    const address = /http:\S+/.exec(line()!)![0]
    const browser = await TestBrowser.start()
    const page = await (await browser.context({ viewport: { width: 1280, height: 800 } })).newPage()
    await page.goto(address)
    return new LivePage(browser, page, address.replace(/#.*/, ''))
  }

  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).textContent()) ?? ''
  }

  /** Waits until something on the page has the text. */
  async shows(selector: string, expected: RegExp): Promise<void> {
    await expect.poll(() => this.text(selector), PATIENCE).toMatch(expected)
  }

  /** Presses a button with the mouse; what the monitor answers to it. */
  async press(button: string): Promise<unknown> {
    const answer = this.page.waitForResponse((response) => response.url().startsWith(`${this.base}api/control/`))
    await this.page.locator(button).click()
    return (await answer).json()
  }

  async close(): Promise<void> {
    await this.browser.close()
  }
}
