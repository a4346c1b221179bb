import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { toolPath } from './tools.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

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
    return new TestBrowser(
      await chromium.launch({ executablePath: toolPath('chromium')!, headless: true, args: flags }),
    )
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
