import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { describe } from 'vitest'
import { describeOnStack } from './stack.ts'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

/** Chromium where distributions put it, or where CHROMIUM says; undefined for none. */
const executable = [process.env.CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path))

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `describe` for tests that need the broker and Chromium: skipped, with the reason in their name, where one is missing. */
export function describeInBrowser(name: string, body: () => void): void {
  if (executable !== undefined) {
    describeOnStack(name, body)
    return
  }
  const reason = 'no Chromium was found; install one or name it in CHROMIUM'
  if (process.env.REQUIRE_BROWSER === '1') throw new Error(reason)
  process.stderr.write(`\nTESTS IN A BROWSER ARE SKIPPED: ${reason}. REQUIRE_BROWSER=1 makes this a failure.\n\n`)
  describe.skip(`${name} (skipped: ${reason})`, body)
}

/** A real browser with a fresh profile, which remembers what its pages asked for and complained of. */
export class TestBrowser {
  readonly #browser: Browser
  /** Hosts that anything was asked of. */
  readonly hosts = new Set<string>()
  readonly complaints: string[] = []

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async start(): Promise<TestBrowser> {
    return new TestBrowser(await chromium.launch({ executablePath: executable!, headless: true, args: flags }))
  }

  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext(options)
    context.on('request', (request) => this.hosts.add(new URL(request.url()).host))
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text())
    })
    context.on('weberror', (error) => this.complaints.push(error.error().message))
    return context
  }

  close(): Promise<void> {
    return this.#browser.close()
  }
}
