// A browser with one page of the dashboard.

import fs from 'node:fs'
import { createRequire } from 'node:module'

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))(
  'playwright-core',
)

/** The caller closes `browser`. */
export const openDashboard = async url => {
  const executablePath =
    process.env.CHROMIUM ||
    ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(path => fs.existsSync(path))
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  })
  const page = await browser.newPage()
  await page.goto(url)
  return { browser, page }
}
